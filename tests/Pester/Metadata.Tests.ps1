BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:card = Join-Path $TestDrive 'a card [x]'
    $script:paths = @(Write-Card $card -Count 2)
}

Describe 'Get-StickyImageMetadata' {
    It 'given a picture of generation 1, returns what it says, without a store' {
        $metadata = Get-StickyImageMetadata -LiteralPath $paths[0]
        $metadata | Should -BeOfType ((Get-Command Get-StickyImageMetadata).OutputType[0].Name)
        $metadata.Path | Should -Be $paths[0]
        $metadata.FileName | Should -Be '5c173ff2.2021-06-01_19-40-00.jpg'
        $metadata.Device | Should -Be '5c173ff2'
        $metadata.DateTime | Should -Be $CardStart
        $metadata.DateTime.Kind | Should -Be 'Utc'
        $metadata.Md5 | Should -BeExactly (Get-Md5 $paths[0])
        $metadata.Width, $metadata.Height | Should -Be 640, 480
        $metadata.Temperature | Should -Be 18.5
        $metadata.Humidity | Should -Be 82
        $metadata.Altitude | Should -Be 63
        $metadata.NoFlashIso | Should -Be 400
        $metadata.NoFlashExposureTime | Should -Be 0.12499
        $metadata.NoFlashBrightness | Should -Be 0.46
        $metadata.NoFlashShutterSpeed | Should -Be 3.000115
        $metadata.Position.Latitude | Should -Be 49.265617
        $metadata.Position.Longitude | Should -Be -123.237976
        $metadata.Latitude, $metadata.Longitude, $metadata.RecordedLatitude | Should -Be 49.265617, -123.237976, 49.265617
        $metadata.Battery | Should -BeNullOrEmpty
        $metadata.DeviceVersion | Should -BeNullOrEmpty
    }

    It 'given a picture of generation 2, returns what it says' {
        $metadata = Get-StickyImageMetadata -LiteralPath $paths[2]
        $metadata.Device | Should -Be '0a5bb6f4'
        $metadata.Temperature | Should -Be 18
        $metadata.Humidity | Should -Be 61.5
        $metadata.Battery | Should -Be 87
        $metadata.Luminosity | Should -Be 120.25
        $metadata.DeviceVersion | Should -Be '3.1.0'
        $metadata.LastSync | Should -Be '2021-06-01_19-40-00'
        $metadata.ButtonPressed | Should -BeFalse
        $metadata.Position.Latitude | Should -Be 49.26562
        $metadata.NoFlashIso | Should -BeNullOrEmpty
    }

    It 'has every property that is promised' {
        $promised = @(
            'Path', 'FileName', 'Device', 'DateTime', 'Md5', 'Width', 'Height', 'Latitude', 'Longitude', 'RecordedLatitude', 'RecordedLongitude', 'Altitude', 'Temperature', 'Humidity'
            'NoFlashExposureTime', 'NoFlashIso', 'NoFlashBrightness', 'NoFlashShutterSpeed', 'DeviceVersion', 'Battery', 'Luminosity'
            'LastSync', 'ButtonPressed', 'Position'
        )
        $names = (Get-StickyImageMetadata -LiteralPath $paths[0]).psobject.Properties.Name
        $promised | Where-Object { $_ -notin $names } | Should -BeNullOrEmpty
    }

    It 'takes <How>' -ForEach @(
        @{ How = 'Get-ChildItem -Recurse'; Run = { Get-ChildItem -LiteralPath $card -Recurse | Get-StickyImageMetadata } }
        @{ How = 'strings'; Run = { $paths | ForEach-Object { [WildcardPattern]::Escape($_) } | Get-StickyImageMetadata } }
        @{ How = 'wildcards'; Run = { Get-StickyImageMetadata "$TestDrive/a card*/*/*.jpg" } }
        @{ How = 'folders'; Run = { Get-StickyImageMetadata -LiteralPath "$card/5c173ff2", "$card/0a5bb6f4" } }
        @{ How = 'relative paths'; Run = { Set-Location -LiteralPath $card; Get-StickyImageMetadata 5c173ff2, 0a5bb6f4/*.jpg } }
        @{ How = 'a property Path'; Run = { $paths | ForEach-Object { [pscustomobject] @{ Path = [WildcardPattern]::Escape($_) } } | Get-StickyImageMetadata } }
    ) {
        Push-Location
        try {
            $metadata = & $Run
        }
        finally {
            Pop-Location
        }

        $metadata.Path | Sort-Object | Should -Be ($paths | Sort-Object)
    }

    It 'given a PSDrive, returns paths of the file system' {
        $null = New-PSDrive -Name Card -PSProvider FileSystem -Root $card
        try {
            (Get-ChildItem Card:/5c173ff2 | Get-StickyImageMetadata).Path | Should -Be $paths[0, 1]
        }
        finally {
            Remove-PSDrive Card
        }
    }

    It 'given a bad file among good ones, says so and goes on' {
        $bad = Join-Path $TestDrive '5c173ff2.2021-01-01_00-00-00.jpg'
        Set-Content $bad 'no picture'
        $missing = Join-Path $TestDrive '5c173ff2.2021-01-01_00-00-01.jpg'
        $named = Join-Path $TestDrive 'IMG_0001.jpg'
        $metadata = Get-StickyImageMetadata -LiteralPath $bad, $missing, $named, $paths[0], 'Env:PATH' -ErrorVariable problems -ErrorAction SilentlyContinue
        $metadata.Path | Should -Be $paths[0]
        $problems.FullyQualifiedErrorId -replace ',.*' | Sort-Object |
            Should -Be 'FileNotFound', 'InvalidFileName', 'InvalidImage', 'NotAFileSystemPath'
        $problems.TargetObject | Sort-Object | Should -Be ($bad, $missing, $named, 'Env:PATH' | Sort-Object)
        $problems.ErrorDetails.RecommendedAction | Should -Not -Contain ''
    }

    It '-ErrorAction Stop stops at a bad file' {
        $record = { Get-StickyImageMetadata -LiteralPath "$TestDrive/5c173ff2.2021-01-01_00-00-02.jpg" -ErrorAction Stop } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }
}
