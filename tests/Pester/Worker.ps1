<#
.SYNOPSIS
    Runs files of tests one after the other in one process, for the xunit tests, which name them through a pipe.
.PARAMETER Pipe
    The name of the pipe. Each line from it is JSON, with the path of a file and variables of the environment, and gets a line of JSON back.
.PARAMETER Pester
    The manifest of the Pester to use.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Pipe,
    [Parameter(Mandatory)] [string] $Pester
)

$ErrorActionPreference = 'Stop'

# Not standard input, which the programs that tests start inherit.
$stream = [IO.Pipes.NamedPipeClientStream]::new('.', $Pipe, [IO.Pipes.PipeDirection]::InOut)
$stream.Connect()
$reader = [IO.StreamReader]::new($stream)
$writer = [IO.StreamWriter]::new($stream)
$environment = [Environment]::GetEnvironmentVariables()
while ($line = $reader.ReadLine()) {
    $request = ConvertFrom-Json $line -AsHashtable
    $request.Environment.GetEnumerator().ForEach{ [Environment]::SetEnvironmentVariable($_.Key, $_.Value) }

    # A session of its own for each file: no variable, function, preference or module of one is there for the next.
    $runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    try {
        # Pester takes the path for a pattern, which a clone in a folder with brackets would not match.
        $path = [WildcardPattern]::Escape($request.Path)
        $null = $shell.AddCommand((Join-Path $PSScriptRoot 'Run.ps1')).AddParameters(@{ Path = $path; Pester = $Pester; PassThru = $true })
        try {
            $result = $shell.Invoke() | Select-Object -Last 1
            $failure = if (-not $result) { @('It ended without a result.') + $shell.Streams.Error -join "`n" }
        }
        catch {
            $record = $_.Exception.InnerException.ErrorRecord ?? $_
            $failure = "$record`n$($record.ScriptStackTrace)"
        }

        if ($failure) {
            $result = @{ Passed = 0; Failed = @("Run.ps1 of $($request.Path): $failure"); Skipped = @() }
        }

        $writer.WriteLine((ConvertTo-Json $result -Compress -Depth 3))
        $writer.Flush()

        # What belongs to the process and not to the session.
        $null = $shell.Commands.Clear()
        $null = $shell.AddScript('if (Get-Module StickyPi) { Get-StickyPiConnection | Disconnect-StickyPi }').Invoke()
    }
    finally {
        $shell.Dispose()
        $runspace.Dispose()
    }

    foreach ($name in [Environment]::GetEnvironmentVariables().Keys) {
        if (-not $environment.ContainsKey($name)) {
            [Environment]::SetEnvironmentVariable($name, $null)
        }
    }

    $environment.GetEnumerator().ForEach{ [Environment]::SetEnvironmentVariable($_.Key, $_.Value) }
}
