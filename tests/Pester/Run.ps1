<#
.SYNOPSIS
    Runs the tests of the built module, and ends with exit code 1 where one failed or none ran.
.DESCRIPTION
    'dotnet test' runs the same tests. To run them by hand, build first, since the build fetches Pester and the PowerShell of 'dotnet pwsh'.
.PARAMETER Path
    Files or folders of tests; all of them by default.
.PARAMETER Pester
    The manifest of the Pester to use; by default that which the build fetched.
.PARAMETER PassThru
    Returns what became of the tests instead of ending with an exit code.
.EXAMPLE
    dotnet pwsh ./tests/Pester/Run.ps1
.EXAMPLE
    dotnet pwsh ./tests/Pester/Run.ps1 ./tests/Pester/Send.Tests.ps1
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [string[]] $Path = $PSScriptRoot,

    [string] $Pester,

    [switch] $PassThru
)

$ErrorActionPreference = 'Stop'
if (-not $Pester) {
    $Pester = dotnet msbuild (Join-Path $PSScriptRoot '../StickyPi.PowerShell.Tests') -getProperty:PesterPath
}

if (-not (Test-Path -LiteralPath $Pester)) {
    throw "There is no Pester at '$Pester': run 'dotnet build' first, which fetches it."
}

# By its path, since another version may lie on the module path.
Import-Module $Pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $PassThru ? 'Detailed' : 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration -ErrorVariable errors
if (-not $result) {
    throw "Pester did not run '$Path': $($errors | Select-Object -Last 1)"
}

$ran = $result.PassedCount + $result.FailedCount
if (-not $PassThru) {
    if ($ran -eq 0) {
        'No test ran.'
    }

    exit [int] ($ran -eq 0 -or $result.Result -ne 'Passed')
}

[pscustomobject] @{
    Passed  = $result.PassedCount
    Failed  = @(
        foreach ($item in @($result.Failed) + $result.FailedBlocks + $result.FailedContainers) {
            $name = $item.ExpandedPath ?? "$item"
            "$name`n$(@($item.ErrorRecord).ForEach{ $_.DisplayErrorMessage ?? "$_"; $_.DisplayStackTrace ?? $_.ScriptStackTrace } -join "`n")"
        }
    )
    Skipped = @(
        foreach ($test in @($result.Skipped) + $result.Inconclusive + $result.NotRun) {
            $reason = @($test.ErrorRecord).ForEach{ $_.Exception.Message } -join '; '
            $test.ExpandedPath + ($reason ? " ($reason)" : '')
        }
    )
}
