<#
.SYNOPSIS
    From an SD card to thumbnails in one sitting.
.DESCRIPTION
    Sends a folder of pictures to a store, asks who took how many, saves the thumbnails of the first series, and sends again to show
    that nothing is done twice. Without a folder of yours, a few sample pictures are made; that takes the .NET SDK.
.PARAMETER Path
    Your folder of pictures, such as an SD card. It is only read.
.PARAMETER Destination
    Where the store and the thumbnails go; a new temporary folder by default.
.EXAMPLE
    ./examples/quickstart.ps1
.EXAMPLE
    ./examples/quickstart.ps1 -Path /media/SPI_DRIVE -Destination ~/traps
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Destination = (Join-Path ([IO.Path]::GetTempPath()) "stickypi-$([guid]::NewGuid().ToString('N').Substring(0, 8))")
)

$ErrorActionPreference = 'Stop'
$module = Join-Path $PSScriptRoot '../out/StickyPi/StickyPi.psd1'
if (-not (Test-Path $module)) {
    throw "The module is not built yet. Run 'dotnet build' in the root of the repository first."
}
Import-Module $module

if (-not $Path) {
    $Path = Join-Path $Destination 'card'
    dotnet run --project (Join-Path $PSScriptRoot 'QuickStart') -- --pictures $Path
    if ($LASTEXITCODE -ne 0) {
        throw 'The sample pictures could not be made.'
    }
}

$connection = Connect-StickyPi (Join-Path $Destination 'store') -PassThru
try {
    'Sending:'
    Send-StickyImage -LiteralPath $Path -Recurse -Connection $connection -ErrorAction Continue |
        Group-Object Status | Format-Table Name, Count

    'Devices:'
    $devices = @(Get-StickyDevice -Connection $connection)
    $devices | Format-Table

    if ($devices) {
        'Thumbnails of the first pictures:'
        Get-StickyImageSeries $devices[0].Device -First 3 -Connection $connection |
            Save-StickyImage -Destination (Join-Path $Destination 'thumbnails') -What Thumbnail -Connection $connection |
            Format-Table Length, FullName
    }

    'Sending again:'
    Send-StickyImage -LiteralPath $Path -Recurse -Connection $connection -ErrorAction SilentlyContinue |
        Group-Object Status | Format-Table Name, Count
}
finally {
    Disconnect-StickyPi $connection
}
