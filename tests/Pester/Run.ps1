<#
.SYNOPSIS
    Runs the tests of the built module, and ends with exit code 1 where one failed or none ran.
.PARAMETER Path
    Files or folders of tests; all of them by default.
.EXAMPLE
    ./tests/Pester/Run.ps1
.EXAMPLE
    ./tests/Pester/Run.ps1 ./tests/Pester/Send.Tests.ps1
#>
[CmdletBinding()]
param([string[]] $Path = $PSScriptRoot)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
$ran = $result.PassedCount + $result.FailedCount
if ($ran -eq 0) {
    'No test ran.'
}

exit [int] ($ran -eq 0 -or $result.Result -ne 'Passed')
