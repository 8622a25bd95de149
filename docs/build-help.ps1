#Requires -Version 7.6

<#
.SYNOPSIS
Makes en-US/StickyPi.PowerShell.dll-Help.xml, which Get-Help reads, from docs/StickyPi/*.md.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'

if (-not (Get-Module -ListAvailable -Name Microsoft.PowerShell.PlatyPS)) {
    throw 'Building the help needs PlatyPS. Install it with: Install-PSResource Microsoft.PowerShell.PlatyPS'
}

Import-Module -Name Microsoft.PowerShell.PlatyPS

$scratch = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
try {
    # A page of the module, StickyPi.md, would be no command: only names with a hyphen are.
    $files = Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot StickyPi) -Filter *-*.md | Sort-Object -Property Name
    $pages = Import-MarkdownCommandHelp -LiteralPath $files.FullName
    $export = Export-MamlCommandHelp -CommandHelp $pages -OutputFolder $scratch -Force
    $maml = [xml](Get-Content -LiteralPath $export.FullName -Raw)
}
finally {
    Remove-Item -LiteralPath $scratch -Recurse -ErrorAction Ignore
}

# Everything below makes up for what PlatyPS 1.0 leaves out or takes over as it is; Get-Help shows Markdown literally.
$namespaces = @{
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
    maml    = 'http://schemas.microsoft.com/maml/2004/10'
}

function Find-Node([Xml.XmlNode] $Node, [string] $XPath) {
    Select-Xml -Xml $Node -XPath $XPath -Namespace $namespaces | ForEach-Object Node
}

function Add-Paragraph([Xml.XmlNode] $Node, [string[]] $Text) {
    foreach ($line in $Text) {
        $paragraph = $Node.AppendChild($Node.OwnerDocument.CreateElement('maml', 'para', $namespaces.maml))
        $paragraph.InnerText = $line.Replace('`', '')
    }
}

foreach ($paragraph in Find-Node $maml '//maml:para') {
    $paragraph.InnerText = $paragraph.InnerText.Replace('`', '')
}

# Links from page to page lead nowhere in a console.
foreach ($uri in Find-Node $maml '//maml:navigationLink/maml:uri') {
    $uri.InnerText = ''
}

foreach ($page in $pages) {
    $command = Find-Node $maml "//command:command[command:details/command:name = '$($page.Title)']"

    foreach ($parameter in $page.Parameters) {
        $node = Find-Node $command "command:parameters/command:parameter[maml:name = '$($parameter.Name)']"
        $default = $node.AppendChild($maml.CreateElement('dev', 'defaultValue', $namespaces.dev))
        $default.InnerText = $parameter.DefaultValue ? $parameter.DefaultValue : 'None'

        # System.Nullable`1[System.DateTime] is a DateTime to those who call the command.
        foreach ($type in Find-Node $node 'command:parameterValue') {
            $type.InnerText = $type.InnerText -replace '^System\.Nullable`1\[(.*)\]$', '$1' -replace '^.*\.'
        }
    }

    # All of an example is in its introduction, fences included. Its first block is the code; what follows, such as the output,
    # is shown below it.
    $examples = @(Find-Node $command 'command:examples/command:example')
    for ($i = 0; $i -lt $examples.Count; $i++) {
        $text = $page.Examples[$i].Remarks.Replace("`r", '').Trim()
        if ($text -notmatch '(?s)^(?<before>.*?)```powershell\n(?<code>.*?)\n```(?<after>.*)$') {
            throw "Example $($i + 1) of $($page.Title) has no block of PowerShell."
        }

        $after = ($Matches.after -replace '(?m)^```\w*$').Trim("`n") -replace '\n{3,}', "`n`n"
        (Find-Node $examples[$i] 'maml:introduction').RemoveAll()

        # Get-Help runs an introduction and the code together, and an example and the next title, unless lines are added.
        Add-Paragraph (Find-Node $examples[$i] 'maml:introduction') ($Matches.before.Trim() + "`n`n")
        Add-Paragraph (Find-Node $examples[$i] 'dev:remarks') $after, '', ''
        (Find-Node $examples[$i] 'dev:code').InnerText = $Matches.code
    }
}

# Always the same bytes, whatever the system: UTF-8 without a byte-order mark, and LF.
$output = Join-Path (Split-Path $PSScriptRoot) 'en-US/StickyPi.PowerShell.dll-Help.xml'
$settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
$stream = [IO.MemoryStream]::new()
$writer = [Xml.XmlWriter]::Create($stream, $settings)
$maml.Save($writer)
$writer.Dispose()
$stream.WriteByte([byte][char]"`n")
[IO.File]::WriteAllBytes($output, $stream.ToArray())
Get-Item -LiteralPath $output
