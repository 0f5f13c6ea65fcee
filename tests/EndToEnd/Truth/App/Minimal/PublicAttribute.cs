namespace Truth.App.Minimal;

/// <summary>An app's own way of saying that everybody may come in.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PublicAttribute : Attribute, IAllowAnonymous;

/// <summary>The same by inheritance.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OpenDoorAttribute : AllowAnonymousAttribute;
