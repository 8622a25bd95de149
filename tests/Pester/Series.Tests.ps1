BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:card = Join-Path $TestDrive 'card'
    $null = Write-Card $card -Device 5c173ff2, 0a5bb6f4, 5c17aaaa, 12345678 -Count 6
    $script:store = Connect-StickyPi (Join-Path $TestDrive 'store') -PassThru
    $null = Send-StickyImage $card -Recurse
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Get-StickyImageSeries' {
    It 'given nothing, returns all pictures, ordered by device and time' {
        $series = @(Get-StickyImageSeries)
        $series.Count | Should -Be 24
        $series | Should -BeOfType ((Get-Command Get-StickyImageSeries).OutputType[0].Name)
        $names = [string[]] $series.FileName
        $ordered = [string[]] $names.Clone()
        [array]::Sort($ordered, [StringComparer]::Ordinal)
        $names | Should -Be $ordered
    }

    It 'returns every column of a picture of generation <Generation>' -ForEach @(
        @{ Generation = 1; Device = '5c173ff2'; Temperature = 18.5; Version = $null; Iso = 400 }
        @{ Generation = 2; Device = '0a5bb6f4'; Temperature = 18.0; Version = '3.1.0'; Iso = $null }
    ) {
        $image = Get-StickyImageSeries $Device -First 1
        $image.Device | Should -Be $Device
        $image.DateTime | Should -Be $CardStart
        $image.DateTime.Kind | Should -Be 'Utc'
        $image.Md5 | Should -Match '^[0-9a-f]{32}$'
        $image.Width | Should -Be 640
        $image.Height | Should -Be 480
        $image.Temperature | Should -Be $Temperature
        $image.DeviceVersion | Should -Be $Version
        $image.NoFlashIso | Should -Be $Iso
        $image.Position.Latitude | Should -BeGreaterThan 49
        $image.CreatedAt.Kind | Should -Be 'Utc'
        [Math]::Abs(([datetime]::UtcNow - $image.CreatedAt).TotalMinutes) | Should -BeLessThan 10 -Because 'it was sent just now'
        $image.What | Should -Be 'Metadata'
        $image.Url | Should -BeExactly ''
    }

    It 'given -What <_>, the url leads to a file of its own' -ForEach Image, Thumbnail, ThumbnailMini {
        $images = @(Get-StickyImageSeries 5c173ff2 -What $_)
        $images.What | Select-Object -Unique | Should -Be $_
        $images.Url | Should -Exist
        @($images.Url | Select-Object -Unique).Count | Should -Be 6
    }

    Context 'Devices' {
        It 'the pattern <Pattern> finds <Expected>' -ForEach @(
            @{ Pattern = '5c173ff2'; Expected = @('5c173ff2') }
            @{ Pattern = '5C173FF2'; Expected = @('5c173ff2') }
            @{ Pattern = '5c17*'; Expected = @('5c173ff2', '5c17aaaa') }
            @{ Pattern = '5c17%'; Expected = @('5c173ff2', '5c17aaaa') }
            @{ Pattern = '5c173ff?'; Expected = @('5c173ff2') }
            @{ Pattern = '5c173ff_'; Expected = @('5c173ff2') }
            @{ Pattern = '5c17____'; Expected = @('5c173ff2', '5c17aaaa') }
            @{ Pattern = '5c17???'; Expected = @() }
            @{ Pattern = '%a%'; Expected = @('0a5bb6f4', '5c17aaaa') }
            @{ Pattern = '*'; Expected = @('0a5bb6f4', '12345678', '5c173ff2', '5c17aaaa') }
            @{ Pattern = @('5c173ff2', '12345678'); Expected = @('12345678', '5c173ff2') }
            @{ Pattern = @('5c17*', '5c173ff2'); Expected = @('5c173ff2', '5c17aaaa') }
        ) {
            $series = @(Get-StickyImageSeries -Device $Pattern -WarningAction SilentlyContinue)
            @($series.Device | Select-Object -Unique) | Should -Be $Expected
            $series.Count | Should -Be (6 * $Expected.Count)
        }

        It 'a device of digits must be in quotes: <Script>' -ForEach @(
            @{ Script = { Get-StickyImageSeries -Device 12345678 } }
            @{ Script = { Get-StickyImageSeries 5c173ff2, 00012345 } }
            @{ Script = { 12345678 | Get-StickyImageSeries -ErrorAction Stop } }
            @{ Script = { '{ "Device": 12345678 }' | ConvertFrom-Json | Get-StickyImageSeries -ErrorAction Stop } }
        ) {
            $Script | Should -Throw '*Write it in quotes*' -ErrorId 'ParameterArgumentTransformationError,*'
        }

        It 'devices through the pipeline make one series, each picture once' {
            $series = '5c173ff2', '0a5bb6f4', '5c17*' | Get-StickyImageSeries
            $series.Count | Should -Be 18
            $series.Device | Select-Object -Unique | Should -Be '0a5bb6f4', '5c173ff2', '5c17aaaa'
        }

        It 'Get-StickyDevice | Get-StickyImageSeries binds by property name' {
            @(Get-StickyDevice 5c17* | Get-StickyImageSeries).Count | Should -Be 12
        }

        It 'given no device through the pipeline, is empty: it does not stand for all devices' {
            @(Get-StickyDevice ffff* | Get-StickyImageSeries -WarningAction SilentlyContinue).Count | Should -Be 0
        }
    }

    Context 'Range' {
        It 'is half-open: the start belongs to it, the end does not' {
            $series = Get-StickyImageSeries 5c173ff2 '2021-06-01_20-00-00' '2021-06-01_20-40-00'
            $series.FileName | Should -Be '5c173ff2.2021-06-01_20-00-00.jpg', '5c173ff2.2021-06-01_20-20-00.jpg'
        }

        It 'one second later leaves the first out and takes the last in' {
            $series = Get-StickyImageSeries 5c173ff2 -StartTime '2021-06-01_20-00-01' -EndTime '2021-06-01_20-40-01'
            $series.FileName | Should -Be '5c173ff2.2021-06-01_20-20-00.jpg', '5c173ff2.2021-06-01_20-40-00.jpg'
        }

        It 'needs neither end' {
            @(Get-StickyImageSeries 5c173ff2 -StartTime '2021-06-01_20-40-00').Count | Should -Be 3
            @(Get-StickyImageSeries 5c173ff2 -EndTime '2021-06-01_20-40-00').Count | Should -Be 3
        }

        It 'the other way round is refused' {
            $record = { Get-StickyImageSeries -StartTime 2021-06-02 -EndTime 2021-06-01 } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidTimeRange,*'
            $record.CategoryInfo.Category | Should -Be 'InvalidData'
            $record.ErrorDetails.RecommendedAction | Should -Match 'swap'
        }

        It 'that is empty is a warning that says of what, and no error' {
            $series = Get-StickyImageSeries 5c173ff2 -StartTime 2030-01-01 -WarningVariable warnings -WarningAction SilentlyContinue -ErrorVariable problems
            $series | Should -BeNullOrEmpty
            $problems | Should -BeNullOrEmpty
            $warnings.Count | Should -Be 1
            $warnings[0] | Should -Match '5c173ff2'
            $warnings[0] | Should -Match '2030-01-01'
        }

        It 'that is not empty gives no warning' {
            $null = Get-StickyImageSeries 5c173ff2 -WarningVariable warnings
            $warnings | Should -BeNullOrEmpty
        }
    }

    Context 'Paging' {
        It '-First <First> -Skip <Skip> returns just those' -ForEach @(
            @{ First = 2; Skip = 0 }
            @{ First = 3; Skip = 5 }
            @{ First = 100; Skip = 20 }
            @{ First = 6; Skip = 6 }
            @{ First = 1; Skip = 23 }
        ) {
            $all = @(Get-StickyImageSeries)
            $page = @(Get-StickyImageSeries -First $First -Skip $Skip)
            $page.FileName | Should -Be @($all | Select-Object -First $First -Skip $Skip).FileName
        }

        It '-First 0, and -Skip of more than there are, return nothing and warn of nothing' {
            Get-StickyImageSeries -First 0 -WarningVariable warnings | Should -BeNullOrEmpty
            $warnings | Should -BeNullOrEmpty
            Get-StickyImageSeries -Skip 24 -WarningVariable warnings | Should -BeNullOrEmpty
            $warnings | Should -BeNullOrEmpty
        }

        It '-IncludeTotalCount comes first and counts the whole series' {
            $first, $rest = Get-StickyImageSeries 5c17* -First 2 -IncludeTotalCount
            $first | Should -Be 12
            $first.Accuracy | Should -Be 1
        $first | Out-String | Should -Match 'Total count: 12'
            $rest.Count | Should -Be 2
        }
    }
}

Describe 'Get-StickyImage' {
    It 'given a device and a time, returns that picture' {
        $image = Get-StickyImage 5c173ff2 '2021-06-01_20-20-00'
        $image | Should -BeOfType ((Get-Command Get-StickyImage).OutputType[0].Name)
        $image.FileName | Should -Be '5c173ff2.2021-06-01_20-20-00.jpg'
        $image.What | Should -Be 'Metadata'
    }

    It 'given several times, returns those pictures in that order' {
        $images = Get-StickyImage -Device 5C173FF2 -DateTime '2021-06-01_20-20-00', '2021-06-01_19-40-00'
        $images.FileName | Should -Be '5c173ff2.2021-06-01_20-20-00.jpg', '5c173ff2.2021-06-01_19-40-00.jpg'
    }

    It 'given a picture that the store does not have, returns nothing, without an error' {
        Get-StickyImage 5c173ff2 2019-12-01 -ErrorVariable problems | Should -BeNullOrEmpty
        $problems | Should -BeNullOrEmpty
    }

    It 'does not take wildcards' {
        Get-StickyImage 5c17* '2021-06-01_20-20-00' | Should -BeNullOrEmpty
    }

    It 'given -What <_>, the url leads to that file' -ForEach Image, Thumbnail, ThumbnailMini {
        $image = Get-StickyImage 5c173ff2 '2021-06-01_20-20-00' -What $_
        $image.What | Should -Be $_
        $image.Url | Should -Exist
    }

    It 'binds the objects of <From> by property name' -ForEach @(
        @{ From = 'a series'; Get = { Get-StickyImageSeries 5c173ff2 } }
        @{ From = 'Send-StickyImage'; Get = { Send-StickyImage $card/5c173ff2 } }
        @{ From = 'Get-StickyImageMetadata'; Get = { Get-StickyImageMetadata $card/5c173ff2 } }
        @{ From = 'a table of one''s own'; Get = { 0..5 | ForEach-Object { [pscustomobject] @{ Device = '5c173ff2'; DateTime = $CardStart.AddMinutes(20 * $_) } } } }
    ) {
        $images = & $Get | Get-StickyImage | Sort-Object DateTime
        $images.FileName | Should -Be (Get-StickyImageSeries 5c173ff2).FileName
    }

    It 'given thousands, some of which the store has, returns those' {
        $asked = 1..3000 | ForEach-Object { [pscustomobject] @{ Device = '5c173ff2'; DateTime = $CardStart.AddMinutes($_ - 1) } }
        ($asked | Get-StickyImage).FileName | Should -Be (Get-StickyImageSeries 5c173ff2).FileName
    }
}

Describe 'Get-StickyDevice' {
    It 'returns each device with what its pictures say of it' {
        $devices = @(Get-StickyDevice)
        $devices | Should -BeOfType ((Get-Command Get-StickyDevice).OutputType[0].Name)
        $devices.Device | Should -Be '0a5bb6f4', '12345678', '5c173ff2', '5c17aaaa'
        $devices.ImageCount | Should -Be 6, 6, 6, 6
        $device = $devices[2]
        $device.FirstImage | Should -Be $CardStart
        $device.LastImage | Should -Be $CardStart.AddMinutes(100)
        $device.FirstImage.Kind | Should -Be 'Utc'
        $device.LastImage.Kind | Should -Be 'Utc'
        $device.LastTemperature | Should -Be (Get-StickyImageSeries 5c173ff2)[-1].Temperature
        $device.LastPosition.Latitude | Should -BeGreaterThan 49
    }

    It 'takes patterns, several, and the pipeline' {
        (Get-StickyDevice 5c17*).Device | Should -Be '5c173ff2', '5c17aaaa'
        (Get-StickyDevice 0a%, 1234567_).Device | Should -Be '0a5bb6f4', '12345678'
        ('5c17*', '0a*' | Get-StickyDevice).Device | Should -Be '0a5bb6f4', '5c173ff2', '5c17aaaa'
    }

    It 'given a device that the store does not have, returns nothing' {
        Get-StickyDevice ffff* -ErrorVariable problems | Should -BeNullOrEmpty
        $problems | Should -BeNullOrEmpty
    }

    It 'given no device through the pipeline, returns nothing: it does not stand for all devices' {
        @() | Get-StickyDevice | Should -BeNullOrEmpty
    }
}
