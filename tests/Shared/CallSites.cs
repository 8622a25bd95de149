using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace StickyPi.Tests;

/// <summary>
/// Who calls what in a built assembly: a rule that only one place may do something is tested over all of the code, whatever it looks like.
/// </summary>
public static partial class CallSites
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The calls of a method, property or constructor of another assembly.</summary>
    /// <param name="assembly">The assembly that calls.</param>
    /// <param name="types">The names of the types that declare it, without namespace.</param>
    /// <param name="names">The names of the methods: <c>get_X</c> of a property, <c>.ctor</c> of a constructor.</param>
    /// <returns>Who calls: type and method of the source; a lambda or an async method counts as the method that it stands in.</returns>
    public static IReadOnlyList<string> Of(Assembly assembly, string[] types, params string[] names)
    {
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        HashSet<int> wanted =
        [
            .. metadata.MemberReferences
                .Where(handle => metadata.GetMemberReference(handle) is var member
                    && names.Contains(metadata.GetString(member.Name))
                    && types.Contains(TypeOf(metadata, member.Parent)))
                .Select(handle => MetadataTokens(handle)),
        ];
        return
        [
            .. metadata.MethodDefinitions
                .Where(handle => metadata.GetMethodDefinition(handle).RelativeVirtualAddress != 0)
                .Where(handle => Tokens(file, metadata.GetMethodDefinition(handle)).Any(wanted.Contains))
                .Select(handle => NameOf(metadata, metadata.GetMethodDefinition(handle)))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private static int MetadataTokens(MemberReferenceHandle handle) => System.Reflection.Metadata.Ecma335.MetadataTokens.GetToken(handle);

    private static string? TypeOf(MetadataReader metadata, EntityHandle parent) =>
        parent.Kind == HandleKind.TypeReference ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) : null;

    // The operands of call, callvirt, newobj and ldftn.
    private static IEnumerable<int> Tokens(PEReader file, MethodDefinition method)
    {
        ImmutableArray<byte> il = file.GetMethodBody(method.RelativeVirtualAddress).GetILContent();
        for (int at = 0; at < il.Length;)
        {
            OpCode code = il[at] == 0xFE ? Codes[unchecked((short)(0xFE00 | il[at + 1]))] : Codes[il[at]];
            at += code.Size;
            if (code.OperandType == OperandType.InlineMethod)
            {
                yield return BitConverter.ToInt32(il.AsSpan().Slice(at, sizeof(int)));
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il.AsSpan().Slice(at, sizeof(int)))),
                _ => 4,
            };
        }
    }

    // The compiler names a state machine <Method>d__1, and a lambda <Method>b__1 in a class <>c.
    private static string NameOf(MetadataReader metadata, MethodDefinition method)
    {
        string name = metadata.GetString(method.Name);
        TypeDefinition type = metadata.GetTypeDefinition(method.GetDeclaringType());
        while (metadata.GetString(type.Name) is ['<', ..] made && !type.GetDeclaringType().IsNil)
        {
            name = Origin().Match(made) is { Success: true } machine ? machine.Groups[1].Value : name;
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        string simple = Origin().Match(name) is { Success: true } lambda ? lambda.Groups[1].Value : name;
        return $"{metadata.GetString(type.Name).Split('`')[0]}.{simple}";
    }

    [GeneratedRegex("^<([^<>]+)>")]
    private static partial Regex Origin();
}
