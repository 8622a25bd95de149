# What all tests share: the built module, pictures, and a second session whose every stream is kept. Dot-source it in BeforeAll.

$script:RepositoryRoot = [IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
$script:ModulePath = Join-Path $RepositoryRoot 'out/StickyPi/StickyPi.psd1'
if (-not (Test-Path -LiteralPath $ModulePath)) {
    throw "The module is not built: run 'dotnet build' in '$RepositoryRoot' first."
}

Import-Module $ModulePath

# A time that passes through the machine's zone somewhere must come out visibly wrong. Windows takes its zone from elsewhere.
if (-not $IsWindows) {
    $env:TZ = 'America/St_Johns'
    [TimeZoneInfo]::ClearCachedData()
}

# Real pictures of both firmware generations. Tests copy them under the names that they need: the name is what makes a picture another one.
if (-not $env:STICKYPI_TEST_PICTURES) {
    # A build of everything has made the program that draws them, and 'dotnet run' would take longer to see that than it runs.
    $env:STICKYPI_TEST_PICTURES = Join-Path $RepositoryRoot 'out/test-pictures'
    $program = Join-Path $RepositoryRoot 'examples/QuickStart'
    $buildOutput = dotnet run --no-build --project $program -- --pictures $env:STICKYPI_TEST_PICTURES 2>&1
    if ($LASTEXITCODE -ne 0) {
        $buildOutput = dotnet run --project $program -- --pictures $env:STICKYPI_TEST_PICTURES 2>&1
    }

    if ($LASTEXITCODE -ne 0) {
        $env:STICKYPI_TEST_PICTURES = $null
        throw "The sample pictures could not be made: $buildOutput"
    }
}

$script:Templates = @{
    1 = @(Get-ChildItem -LiteralPath $env:STICKYPI_TEST_PICTURES -Recurse -File -Filter 5c173ff2.*.jpg | Sort-Object Name)
    2 = @(Get-ChildItem -LiteralPath $env:STICKYPI_TEST_PICTURES -Recurse -File -Filter 0a5bb6f4.*.jpg | Sort-Object Name)
}

# When the first picture of every card was taken.
$script:CardStart = [datetime]::new(2021, 6, 1, 19, 40, 0, [DateTimeKind]::Utc)

function Write-Picture {
    <# .SYNOPSIS Puts a picture into a folder and returns its path. Another variant is another file with another md5. #>
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [string] $Device = '5c173ff2',
        [datetime] $Time = $CardStart,
        [ValidateSet(1, 2)] [int] $Generation = 1,
        [ValidateRange(0, 3)] [int] $Variant = 0
    )

    $null = [IO.Directory]::CreateDirectory($Folder)
    $path = Join-Path $Folder "$Device.$($Time.ToString('yyyy-MM-dd_HH-mm-ss')).jpg"
    [IO.File]::Copy($Templates[$Generation][$Variant].FullName, $path, $true)
    $path
}

function Write-Card {
    <# .SYNOPSIS Makes the pictures of an SD card: a folder a device, a picture every twenty minutes. #>
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [string[]] $Device = @('5c173ff2', '0a5bb6f4'),
        [int] $Count = 4
    )

    foreach ($name in $Device) {
        for ($i = 0; $i -lt $Count; $i++) {
            $generation = if ($name -eq '0a5bb6f4') { 2 } else { 1 }
            Write-Picture -Folder (Join-Path $Folder $name) -Device $name -Time $CardStart.AddMinutes(20 * $i) -Generation $generation -Variant ($i % 4)
        }
    }
}

# When the series of tuboids start, unless a test says otherwise. They are of 19 hours.
$script:SeriesStart = [datetime]::new(2021, 6, 1, 0, 0, 0, [DateTimeKind]::Utc)

function Write-Tuboid {
    <# .SYNOPSIS Makes the folder of a tuboid in that of its series, as the tools that find tuboids do, and returns its path. It has shots at both ends. #>
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [string] $Device = '5c173ff2',
        [datetime] $Start = $SeriesStart,
        [string] $Version = '1606980656-91e2199f',
        [int] $Number = 0,
        [string[]] $Metadata,
        [ValidateRange(0, 3)] [int] $Variant = 0
    )

    $first, $last = $Start, $Start.AddHours(19) | ForEach-Object { $_.ToString('yyyy-MM-dd_HH-mm-ss', [cultureinfo]::InvariantCulture) }
    $series = "$Device.$first.$last.$Version"
    $path = Join-Path $Folder $series "$series.$($Number.ToString('0000'))"
    $null = [IO.Directory]::CreateDirectory($path)
    [IO.File]::Copy($Templates[1][$Variant].FullName, (Join-Path $path tuboid.jpg), $true)
    [IO.File]::Copy($Templates[2][$Variant].FullName, (Join-Path $path context.jpg), $true)
    if (-not $PSBoundParameters.ContainsKey('Metadata')) {
        $Metadata = "$Device.$first,854.248847,185.418994,2.333333", "$Device.$last,853.9,184.3,2.24"
    }

    [IO.File]::WriteAllText((Join-Path $path metadata.txt), $Metadata -join "`n")
    $path
}

function Write-TuboidSeries {
    <# .SYNOPSIS Makes a series of tuboids and returns the path of its folder. #>
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [string] $Device = '5c173ff2',
        [datetime] $Start = $SeriesStart,
        [int] $Count = 3
    )

    Split-Path @(0..($Count - 1) | ForEach-Object { Write-Tuboid $Folder -Device $Device -Start $Start -Number $_ })[0]
}

function New-Element {
    <# .SYNOPSIS What an algorithm found on a picture, as Add-StickyAnnotation and ConvertTo-Json take it: triangles, each lower than the last. #>
    param(
        [Parameter(Mandatory, ValueFromPipeline)] $Image,
        [string] $AlgoName = 'detector',
        [string] $AlgoVersion = '1598113346-ad2cd78dfaca12821046dfb8994724d5',
        [int] $Count = 1
    )

    process {
        $objects = for ($i = 0; $i -lt $Count; $i++) {
            [ordered] @{
                contour = @(, @(1, (2 + $i))), @(, @(30, (2 + $i))), @(, @(30, (40 + $i)))
                name = 'insect'
                stroke_colour = '#0000ff'
                value = $null
                fill_colour = '#ff0000'
            }
        }

        [ordered] @{
            annotations = @($objects)
            metadata = [ordered] @{
                algo_name = $AlgoName
                algo_version = $AlgoVersion
                device = $Image.Device
                datetime = $Image.DateTime.ToString('yyyy-MM-dd_HH-mm-ss', [cultureinfo]::InvariantCulture)
                md5 = $Image.Md5
            }
        }
    }
}

function Get-Md5 {
    <# .SYNOPSIS The MD5 of a file as a store writes it. #>
    param([Parameter(Mandatory)] [string] $Path)

    [Convert]::ToHexString([Security.Cryptography.MD5]::HashData([IO.File]::ReadAllBytes($Path))).ToLowerInvariant()
}

function Disconnect-AllStore {
    <# .SYNOPSIS Closes every store: connections belong to the process, so one test must not see those of another. #>
    Get-StickyPiConnection | Disconnect-StickyPi
}

function Open-Session {
    <# .SYNOPSIS A PowerShell of its own within this process, with the module. Dispose of it. #>
    $state = [initialsessionstate]::CreateDefault2()
    $state.ImportPSModule($ModulePath)
    [powershell]::Create($state)
}

function Invoke-InSession {
    <# .SYNOPSIS Runs a script in a session of its own, or in a given one, and returns everything that it wrote, stream by stream. #>
    param(
        [Parameter(Mandatory)] [string] $Script,
        [hashtable] $Parameter = @{},
        [powershell] $Shell
    )

    $session = $Shell ?? (Open-Session)
    try {
        $output = @()
        $failure = $null

        # In a scope of its own, so that nothing of it is left for the next script.
        $null = $session.AddScript($Script, $true).AddParameters($Parameter)
        try {
            $output = @($session.Invoke())
        }
        catch {
            $failure = $_.Exception.InnerException.ErrorRecord
        }

        [pscustomobject] @{
            Output   = $output
            Failure  = $failure
            Errors   = @($session.Streams.Error)
            Warnings = @($session.Streams.Warning)
            Progress = @($session.Streams.Progress)
        }
    }
    finally {
        if ($Shell) {
            $Shell.Commands.Clear()
            $Shell.Streams.ClearStreams()
        }
        else {
            $session.Dispose()
        }
    }
}

function Invoke-Transcribed {
    <# .SYNOPSIS Runs a script in a session of its own and returns, as lines, what was written to the host (-WhatIf writes only there), and then its output. #>
    param(
        [Parameter(Mandatory)] [string] $Script,
        [Parameter(Mandatory)] [string] $Folder
    )

    $file = Join-Path $Folder "transcript-$([guid]::NewGuid().ToString('N')).txt"
    $run = Invoke-InSession "`$null = Start-Transcript -LiteralPath '$file' -UseMinimalHeader`ntry {`n$Script`n}`nfinally {`n`$null = Stop-Transcript`n}"
    if ($run.Failure) {
        throw "The script failed: $($run.Failure)"
    }

    @(Get-Content -LiteralPath $file) + @($run.Output | ForEach-Object { "$_" })
}

# The program and the first arguments of this PowerShell, whatever is on the PATH: as a tool of .NET it has no program of its own.
$script:PowerShell = @([Environment]::ProcessPath) + @(if ([IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
$script:PowerShell += '-NoProfile', '-NonInteractive', '-File'

function Start-Program {
    <# .SYNOPSIS Starts a program and returns its process. What it says goes to two files. #>
    param(
        [Parameter(Mandatory)] [string] $Program,
        [Parameter(Mandatory)] [string[]] $ArgumentList,
        [Parameter(Mandatory)] [string] $Output
    )

    # Start-Process with redirection can end this whole process when the program is killed: its handler writes to a file that it has closed.
    $start = [Diagnostics.ProcessStartInfo]::new($Program, $ArgumentList)
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    foreach ($pair in @($process.StandardOutput, $Output), @($process.StandardError, "$Output.err")) {
        $null = $pair[0].BaseStream.CopyToAsync([IO.FileStream]::new($pair[1], 'Create', 'Write', 'ReadWrite, Delete', 0))
    }

    $process
}

function Invoke-ChildPowerShell {
    <# .SYNOPSIS Runs a script in a new process: a loaded assembly never leaves the one that it is in. Returns lines; throws on failure. #>
    param(
        [Parameter(Mandatory)] [string] $Script,
        [Parameter(Mandatory)] [string] $Folder
    )

    $file = Join-Path $Folder "child-$([guid]::NewGuid().ToString('N')).ps1"
    Set-Content -LiteralPath $file -Value "`$ErrorActionPreference = 'Stop'`n$Script"
    $program, $arguments = $PowerShell + $file
    $said = @(& $program @arguments 2>&1)
    if ($LASTEXITCODE -ne 0) {
        throw "The child ended with $LASTEXITCODE and said: $($said | Out-String)"
    }

    $said
}

function Copy-Tree {
    <# .SYNOPSIS Copies a folder with everything in it. Copy-Item takes ten times as long. #>
    param(
        [Parameter(Mandatory)] [string] $From,
        [Parameter(Mandatory)] [string] $To
    )

    $null = [IO.Directory]::CreateDirectory($To)
    foreach ($file in [IO.Directory]::EnumerateFiles($From)) {
        [IO.File]::Copy($file, [IO.Path]::Combine($To, [IO.Path]::GetFileName($file)))
    }

    foreach ($folder in [IO.Directory]::EnumerateDirectories($From)) {
        Copy-Tree $folder ([IO.Path]::Combine($To, [IO.Path]::GetFileName($folder)))
    }
}

function Get-TreeState {
    <# .SYNOPSIS Every file and folder below some folders, with its time and the hash of its bytes, as lines that can be compared. #>
    param([Parameter(Mandatory)] [string[]] $Folder)

    # Called hundreds of times, for which the commands of PowerShell are slow.
    $all = [IO.EnumerationOptions] @{ RecurseSubdirectories = $true; AttributesToSkip = 0 }
    $lines = foreach ($root in Get-Item -LiteralPath $Folder -Force) {
        foreach ($entry in @($root) + $root.EnumerateFileSystemInfos('*', $all)) {
            $hash = if ($entry -is [IO.FileInfo]) { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([IO.File]::ReadAllBytes($entry.FullName))) } else { 'folder' }
            "$($entry.FullName) $($entry.LastWriteTimeUtc.Ticks) $hash"
        }
    }

    [Linq.Enumerable]::ToArray([Linq.Enumerable]::Order([string[]] $lines, [StringComparer]::Ordinal))
}

function Get-Disguise {
    <# .SYNOPSIS A text in all the forms in which it could lie in a file, as Latin-1, which keeps every byte. #>
    param([Parameter(Mandatory)] [string] $Text)

    foreach ($bytes in [Text.Encoding]::UTF8.GetBytes($Text), [Text.Encoding]::Unicode.GetBytes($Text), [Text.Encoding]::BigEndianUnicode.GetBytes($Text)) {
        [Text.Encoding]::Latin1.GetString($bytes)
        [Convert]::ToHexString($bytes)
        [BitConverter]::ToString($bytes)

        # Within a longer text in Base64, it looks different after each remainder of three; the signs at its ends depend on its neighbours.
        foreach ($shift in 0..2) {
            $base64 = [Convert]::ToBase64String([byte[]]::new($shift) + $bytes).TrimEnd('=')
            $start = (0, 2, 3)[$shift]
            $base64.Substring($start, $base64.Length - $start - 1)
        }
    }
}

function Find-Secret {
    <# .SYNOPSIS The secrets that lie in files, in whatever form, as 'file: secret'. #>
    param(
        [Parameter(Mandatory)] [string[]] $Path,
        [Parameter(Mandatory)] [string[]] $Secret
    )

    foreach ($file in Get-ChildItem -LiteralPath $Path -Recurse -File -Force) {
        $content = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName))

        # Errors and lists are wrapped, within a word if need be, and go on behind an indent or a bar.
        $unwrapped = $content -replace '[\s|]+'
        foreach ($text in $Secret) {
            $found = (Get-Disguise $text).Where({
                $content.Contains($_, [StringComparison]::OrdinalIgnoreCase) -or $unwrapped.Contains($_, [StringComparison]::OrdinalIgnoreCase)
            }, 'First')
            if ($found) {
                "$($file.Name): $text"
            }
        }
    }
}
