using System.Buffers;
using System.ComponentModel;
using System.Text;
using System.Text.Encodings.Web;

namespace AgentAuth.Manifest;

/// <summary>Writes a discovery document: literals from auth.md, cut where a deployment's identifiers go.</summary>
/// <param name="writer">Where to write.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void DocumentTemplate(DocumentWriter writer);

/// <summary>A place in a discovery document that the deployment fills. None of them depends on the request.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum DocumentSlot
{
    /// <summary>The issuer, byte for byte.</summary>
    Issuer,

    /// <summary>The resource, byte for byte.</summary>
    Resource,

    /// <summary>The issuer without a trailing slash: what endpoint paths are appended to.</summary>
    IssuerBase,

    /// <summary>The absolute URL of the published auth.md.</summary>
    AuthMdUrl,

    /// <summary>The absolute URL of the protected-resource metadata (RFC 9728 §3.1).</summary>
    ProtectedResourceMetadataUrl,

    /// <summary>The absolute URL of the authorization-server metadata (RFC 8414 §3.1).</summary>
    AuthorizationServerMetadataUrl,
}

/// <summary>What a <see cref="DocumentTemplate"/> writes to.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DocumentWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Func<DocumentSlot, string> _slots;
    private readonly bool _json;

    internal DocumentWriter(Func<DocumentSlot, string> slots, bool json)
    {
        _slots = slots;
        _json = json;
    }

    /// <summary>Writes UTF-8 text as it is.</summary>
    /// <param name="utf8">The text.</param>
    public void Write(ReadOnlySpan<byte> utf8) => _output.Write(utf8);

    /// <summary>Writes a deployment's value: inside a JSON document escaped for a JSON string, otherwise as it is.</summary>
    /// <param name="slot">Which value.</param>
    public void Write(DocumentSlot slot)
    {
        var value = _slots(slot);
        _output.Write(Encoding.UTF8.GetBytes(_json ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value) : value));
    }

    internal byte[] ToArray() => _output.WrittenSpan.ToArray();
}
