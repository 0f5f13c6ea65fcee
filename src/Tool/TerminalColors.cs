using System.Runtime.InteropServices;

namespace AgentAuth.Tool;

/// <summary>Whether the terminal of this process shows colours.</summary>
internal static class TerminalColors
{
    private const int StandardOutput = -11;
    private const uint VirtualTerminal = 0x0004;

    /// <summary>True when nobody said no (https://no-color.org) and the terminal understands escape sequences.</summary>
    public static bool AreWelcome() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && (!OperatingSystem.IsWindows() || TurnOn());

    // A Windows console prints escape sequences as text until it is asked not to. Output and error share the console, and its mode.
    private static bool TurnOn()
    {
        var console = GetStdHandle(StandardOutput);
        return GetConsoleMode(console, out var mode) && SetConsoleMode(console, mode | VirtualTerminal);
    }

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetStdHandle(int standardHandle);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleMode(nint console, out uint mode);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleMode(nint console, uint mode);
}
