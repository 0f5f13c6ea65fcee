using Mono.Cecil;

// Renames an assembly: the file to read, the file to write, whose name becomes the assembly's.
// Nothing else changes, so the version goes on to say what is in it.
if (args is not [var source, var target])
{
    Console.Error.WriteLine("Two arguments are needed: the assembly to read, and the file to write.");
    return 1;
}

using var assembly = AssemblyDefinition.ReadAssembly(source, new ReaderParameters { InMemory = true });
var name = Path.GetFileNameWithoutExtension(target);
assembly.Name.Name = name;
assembly.MainModule.Name = name + ".dll";

// A signature would not hold for what is written here, and friends were those of the old name.
assembly.Name.PublicKey = [];
assembly.MainModule.Attributes &= ~ModuleAttributes.StrongNameSigned;
foreach (var friend in assembly.CustomAttributes.Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute").ToList())
{
    assembly.CustomAttributes.Remove(friend);
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
assembly.Write(target, new WriterParameters { DeterministicMvid = true });
return 0;
