#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and packages StickyPi.
.DESCRIPTION
    Build    the module, ready to import, in out/StickyPi (the same as 'dotnet build')
    Test     all tests, those in a real PowerShell included (the same as 'dotnet test')
    Docs     the help in en-US from the markdown in docs/StickyPi; takes the module Microsoft.PowerShell.PlatyPS
    Package  a module folder and a nupkg in out/package, with the native libraries of all nine systems
    Clean    removes everything that was built
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 Clean, Build, Test, Package -Configuration Release
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

$ErrorActionPreference = 'Stop'
$out = Join-Path $PSScriptRoot 'out'

function Invoke-DotNet {
    dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args -join ' ') failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Build {
    Invoke-DotNet build $PSScriptRoot --configuration $Configuration --nologo
}

function Invoke-Test {
    Invoke-DotNet test $PSScriptRoot --configuration $Configuration --nologo
}

function Invoke-Docs {
    & (Join-Path $PSScriptRoot 'docs/build-help.ps1')
}

function Invoke-Package {
    $package = Join-Path $out 'package'
    $version = (Import-PowerShellDataFile (Join-Path $PSScriptRoot 'StickyPi.psd1')).ModuleVersion
    $folder = Join-Path $package "StickyPi/$version"
    if (Test-Path $package) {
        Remove-Item $package -Recurse -Force
    }
    $project = Join-Path $PSScriptRoot 'src/StickyPi.PowerShell'
    $shared = '--configuration', 'Release', '--nologo', '-p:StickyPiAllNatives=true', "-p:ModuleFolder=$folder/"
    Invoke-DotNet build $project @shared
    Invoke-DotNet pack $project --no-build --output $package @shared
    Get-Item $folder, (Join-Path $package '*.nupkg')
}

function Invoke-Clean {
    $paths = @($out) + @(
        Get-ChildItem -Path $PSScriptRoot -Directory -Recurse -Include 'bin', 'obj' |
            Where-Object { Get-ChildItem $_.Parent -Filter *.csproj } | ForEach-Object FullName)
    $paths | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
}

foreach ($name in $Task) {
    & "Invoke-$name"
}
