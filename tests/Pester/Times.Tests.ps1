BeforeDiscovery {
    # On Windows the zone of the machine is what it is; where it is UTC, local times prove nothing.
    $script:zoneIsUtc = $IsWindows -and [TimeZoneInfo]::Local.BaseUtcOffset -eq [timespan]::Zero
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    Connect-StickyPi (Join-Path $TestDrive 'store')
    $null = Write-Card (Join-Path $TestDrive 'card') -Device 5c173ff2 -Count 6 | Send-StickyImage
    $script:twenty = [datetime]::new(2021, 6, 1, 20, 0, 0, [DateTimeKind]::Utc)
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Times' {
    It 'the tests run in a zone that is not UTC' -Skip:$zoneIsUtc {
        [TimeZoneInfo]::Local.GetUtcOffset($twenty) | Should -Not -Be ([timespan]::Zero)
    }

    It '<What> is taken for 20:00 UTC' -ForEach @(
        @{ What = 'the time of a file name'; Value = { '2021-06-01_20-00-00' } }
        @{ What = 'ISO 8601'; Value = { '2021-06-01T20:00:00' } }
        @{ What = 'ISO 8601 without seconds'; Value = { '2021-06-01T20:00' } }
        @{ What = 'ISO 8601 with a Z'; Value = { '2021-06-01T20:00:00Z' } }
        @{ What = 'ISO 8601 with an offset'; Value = { '2021-06-01T17:30:00-02:30' } }
        @{ What = 'the round-trip format'; Value = { $twenty.ToString('o') } }
        @{ What = 'a space in the place of the T'; Value = { '2021-06-01 20:00:00' } }
        @{ What = 'the universal format'; Value = { $twenty.ToString('u') } }
        @{ What = 'the text that PowerShell makes of a time'; Value = { "$twenty" } }
        @{ What = 'a DateTime of kind Utc'; Value = { $twenty } }
        @{ What = 'a DateTime of kind Local'; Value = { $twenty.ToLocalTime() } }
        @{ What = 'a DateTime of kind Unspecified'; Value = { [datetime]::SpecifyKind($twenty, 'Unspecified') } }
        @{ What = 'a cast string'; Value = { [datetime] '2021-06-01 20:00' } }
        @{ What = 'Get-Date of a string'; Value = { Get-Date '2021-06-01T20:00:00Z' } }
        @{ What = 'a DateTimeOffset'; Value = { [DateTimeOffset]::new(2021, 6, 1, 17, 30, 0, [timespan]::FromHours(-2.5)) } }
        @{ What = 'a time wrapped in a PSObject'; Value = { [psobject]::AsPSObject($twenty) } }
    ) {
        $time = & $Value
        (Get-StickyImageSeries 5c173ff2 -StartTime $time -First 1).DateTime | Should -Be $twenty
        (Get-StickyImageSeries 5c173ff2 -EndTime $time).DateTime | Should -Be $twenty.AddMinutes(-20)
        (Get-StickyImage 5c173ff2 $time).DateTime | Should -Be $twenty
    }

    It 'a date is its midnight UTC' {
        @(Get-StickyImageSeries -StartTime 2021-06-01 -EndTime 2021-06-02).Count | Should -Be 6
        Get-StickyImageSeries -StartTime 2021-06-02 -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        Get-StickyImageSeries -EndTime 2021-06-01 -WarningAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'several times of several shapes may stand beside each other' {
        $images = Get-StickyImage 5c173ff2 '2021-06-01_19-40-00', $twenty.ToLocalTime(), ([DateTimeOffset] $twenty.AddMinutes(20))
        $images.DateTime | Should -Be $twenty.AddMinutes(-20), $twenty, $twenty.AddMinutes(20)
    }

    It '<Text> is refused, with the shapes that are not' -ForEach @(
        @{ Text = 'yesterday' }
        @{ Text = '05/06/2020' }
        @{ Text = '2021-06-31' }
        @{ Text = '2021-06-01_25-00-00' }
        @{ Text = '20' }
    ) {
        $record = { Get-StickyImageSeries -StartTime $Text } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        $record.Exception.Message | Should -Match '2020-06-20_21-33-24'
    }

    It 'every time that <Name> returns is UTC' -ForEach @(
        @{ Name = 'Get-StickyImageSeries'; Run = { Get-StickyImageSeries }; Properties = 'DateTime', 'CreatedAt' }
        @{ Name = 'Get-StickyImage'; Run = { Get-StickyImage 5c173ff2 $twenty }; Properties = 'DateTime', 'CreatedAt' }
        @{ Name = 'Get-StickyDevice'; Run = { Get-StickyDevice }; Properties = 'FirstImage', 'LastImage' }
        @{ Name = 'Send-StickyImage'; Run = { Send-StickyImage $TestDrive/card -Recurse }; Properties = , 'DateTime' }
        @{ Name = 'Get-StickyImageMetadata'; Run = { Get-StickyImageMetadata $TestDrive/card/5c173ff2 }; Properties = , 'DateTime' }
        @{ Name = 'Get-StickyPiConnection'; Run = { Get-StickyPiConnection }; Properties = , 'ConnectedAt' }
    ) {
        $objects = @(& $Run)
        $objects.Count | Should -BeGreaterThan 0
        @($objects[0].psobject.Properties.Where{ $_.Value -is [datetime] }.Name) | Should -Be $Properties
        foreach ($property in $Properties) {
            $objects.$property.Kind | Select-Object -Unique | Should -Be 'Utc'
        }
    }
}
