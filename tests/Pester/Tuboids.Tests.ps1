BeforeDiscovery {
    # Tuboids of a real device lie outside the project: named by the environment, or in a folder called shared/data beside it or above it.
    $script:samples = @($env:STICKYPI_SAMPLE_DATA) + @(for ($folder = $PSScriptRoot; $folder; $folder = Split-Path $folder) { "$folder/shared/data" }) |
        Where-Object { $_ } | ForEach-Object { "$_/tiled_tuboids" } | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
}

BeforeAll {
    . $PSScriptRoot/Common.ps1

    # The bytes of the three files that the urls of tuboids lead to.
    function script:Get-UrlHash($Tuboid) {
        (Get-FileHash -LiteralPath (@($Tuboid.TuboidUrl) + $Tuboid.MetadataUrl + $Tuboid.ContextUrl)).Hash
    }
}

Describe 'Send-StickyTuboid' {
    BeforeEach {
        Disconnect-AllStore
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $script:found = Join-Path $folder 'found'
        Connect-StickyPi (Join-Path $folder 'store')
    }

    AfterAll {
        Disconnect-AllStore
    }

    Context 'Results' {
        It 'given a tuboid, returns what became of it' {
            $path = Write-Tuboid $found -Number 28
            $result = Send-StickyTuboid $path sim
            $result | Should -BeOfType ((Get-Command Send-StickyTuboid).OutputType[0].Name)
            $result.Path | Should -BeExactly $path
            $result.TuboidId | Should -BeExactly (Split-Path -Leaf $path)
            $result.Status | Should -Be 'Added'
            $result.Tuboid | Should -BeOfType ((Get-Command Get-StickyTuboid).OutputType[0].Name)
            $result.Tuboid.IdInSeries | Should -Be 28
            $result.Tuboid.ShotCount | Should -Be 2
        }

        It 'given a series, the store has the bytes of its files' {
            $series = Write-TuboidSeries $found
            (Send-StickyTuboid $series sim).Status | Should -Be 'Added', 'Added', 'Added'
            $sent = (Get-ChildItem $series -Recurse -File | Get-FileHash).Hash | Sort-Object
            Get-UrlHash (Get-StickyTuboid -What Data) | Sort-Object | Should -Be $sent
        }

        It 'given the same series again, skips it all' {
            $series = Write-TuboidSeries $found
            $null = Send-StickyTuboid $series sim
            (Send-StickyTuboid $series sim).Status | Should -Be 'Skipped', 'Skipped', 'Skipped'
            @(Get-StickyTuboid).Count | Should -Be 3
        }

        It 'a file that the store lost comes back' {
            $series = Write-TuboidSeries $found
            $null = Send-StickyTuboid $series sim
            $lost = (Get-StickyTuboid -What Data)[1].ContextUrl
            Remove-Item $lost
            (Send-StickyTuboid $series sim).Status | Sort-Object | Should -Be 'Skipped', 'Skipped', 'Restored'
            $lost | Should -Exist
        }

        It 'what the names of the folders say is the series' {
            $null = 0..1 | ForEach-Object { Write-Picture "$folder/card" -Time $SeriesStart.AddHours(19 * $_) } | Send-StickyImage
            $null = Write-Picture "$folder/card" -Time $SeriesStart.AddHours(20) | Send-StickyImage
            $tuboid = @(Send-StickyTuboid (Write-TuboidSeries $found) sim)[0].Tuboid
            $tuboid.Device | Should -Be '5c173ff2'
            $tuboid.SeriesStartTime | Should -Be $SeriesStart
            $tuboid.SeriesEndTime | Should -Be $SeriesStart.AddHours(19)
            $tuboid.SeriesAlgoName | Should -BeExactly 'sim'
            $tuboid.SeriesAlgoVersion | Should -BeExactly '1606980656-91e2199f'
            $tuboid.SeriesImageCount | Should -Be 2 -Because 'the store has that many pictures of the device and range'
            $tuboid.SeriesTuboidCount | Should -Be 3 -Because 'that many are sent'
        }

        It 'parameters say otherwise' {
            $tuboid = (Send-StickyTuboid (Write-Tuboid $found) -AlgoName sim -AlgoVersion '2.0 beta' -Device 5C173FF2 -StartTime 2021-05-31 -EndTime 2021-06-02_00-00-00 -ImageCount 90 -TuboidCount 7).Tuboid
            $tuboid.Device | Should -BeExactly '5c173ff2'
            $tuboid.SeriesStartTime | Should -Be $SeriesStart.AddDays(-1)
            $tuboid.SeriesEndTime | Should -Be $SeriesStart.AddDays(1)
            $tuboid.SeriesAlgoVersion | Should -BeExactly '2.0 beta'
            $tuboid.SeriesImageCount | Should -Be 90
            $tuboid.SeriesTuboidCount | Should -Be 7
        }

        It 'only reads the folders' {
            $series = Write-TuboidSeries $found
            $before = Get-TreeState $found
            $null = Send-StickyTuboid $series sim
            Get-TreeState $found | Should -Be $before
        }

        It 'in the culture "<_>", coordinates and times are read as they are written' -ForEach 'de-DE', 'fi-FI', 'th-TH', 'ar-SA' {
            $culture = [cultureinfo]::CurrentCulture
            [cultureinfo]::CurrentCulture = $_
            try {
                $result = Send-StickyTuboid (Write-Tuboid $found) sim -StartTime 2021-06-01_00-00-00
                $result.Status | Should -Be 'Added'
                $result.Tuboid.StartTime | Should -Be $SeriesStart
                $result.Tuboid | Out-String -Width 200 | Should -Match '5c173ff2\s+0000\s+2021-06-01 00:00:00\s+2021-06-01 19:00:00\s+2\b'
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }
        }

        It 'takes the samples of a real device, byte for byte' -Skip:(-not $samples) -ForEach @{ Samples = $samples } {
            $results = Get-ChildItem $Samples -Directory | Send-StickyTuboid -AlgoName insect-tuboid-classifier
            $results.Status | Should -Be 'Added', 'Added', 'Added'
            $sent = (Get-ChildItem $Samples -Recurse -File | Get-FileHash).Hash | Sort-Object
            Get-UrlHash (Get-StickyTuboid -What Data) | Sort-Object | Should -Be $sent
        }
    }

    Context 'What paths mean' {
        It 'given <What>, sends <Expected>' -ForEach @(
            @{ What = 'a series'; Expected = 3; Send = { Send-StickyTuboid $series sim } }
            @{ What = 'a series with a slash behind it'; Expected = 3; Send = { Send-StickyTuboid "$series/" sim } }
            @{ What = 'a tuboid'; Expected = 1; Send = { Send-StickyTuboid "$series/$id.0001" sim } }
            @{ What = 'tuboids by wildcards'; Expected = 2; Send = { Send-StickyTuboid "$series/*.000[12]" sim } }
            @{ What = 'everything by a wildcard'; Expected = 5; Send = { Send-StickyTuboid "$found/*" sim } }
            @{ What = 'several paths'; Expected = 4; Send = { Send-StickyTuboid $series, "$other/*0" sim } }
            @{ What = 'a tuboid and its series'; Expected = 3; Send = { Send-StickyTuboid "$series/$id.0001", $series sim } }
            @{ What = 'strings through the pipeline'; Expected = 5; Send = { $series, $other | Send-StickyTuboid -AlgoName sim } }
            @{ What = 'Get-ChildItem -Directory'; Expected = 5; Send = { Get-ChildItem $found -Directory | Send-StickyTuboid -AlgoName sim } }
            @{ What = 'Get-ChildItem -Directory -Recurse'; Expected = 5; Send = { Get-ChildItem $found -Directory -Recurse | Send-StickyTuboid -AlgoName sim } }
            @{ What = 'Get-Item'; Expected = 2; Send = { Get-Item $other | Send-StickyTuboid -AlgoName sim } }
            @{ What = 'a relative path'; Expected = 3; Send = { Set-Location $found; Send-StickyTuboid "./$id" sim } }
            @{ What = 'the location'; Expected = 3; Send = { Set-Location $series; Send-StickyTuboid . sim } }
            @{ What = 'a PSDrive'; Expected = 3; Send = { Send-StickyTuboid "Found:/$id" sim } }
            @{ What = 'a property Path, as of an imported CSV'; Expected = 2; Send = { "Path`n$other" | ConvertFrom-Csv | Send-StickyTuboid -AlgoName sim } }
        ) {
            $series = Write-TuboidSeries $found
            $other = Write-TuboidSeries $found -Device 0a5bb6f4 -Count 2
            $id = Split-Path -Leaf $series
            Set-Content "$series/notes.txt" 'rain'
            $null = New-PSDrive -Name Found -PSProvider FileSystem -Root $found
            Push-Location
            try {
                $results = @(& $Send)
            }
            finally {
                Pop-Location
                Remove-PSDrive Found
            }

            $results.Status | Select-Object -Unique | Should -Be 'Added'
            $results.Count | Should -Be $Expected
            @($results.TuboidId | Select-Object -Unique).Count | Should -Be $Expected
        }

        It 'folders named with brackets work by <How>' -ForEach @(
            @{ How = '-LiteralPath'; Send = { param($odd) Send-StickyTuboid -LiteralPath $odd -AlgoName sim } }
            @{ How = 'an escaped -Path'; Send = { param($odd) Send-StickyTuboid ([WildcardPattern]::Escape($odd)) sim } }
            @{ How = 'Get-ChildItem'; Send = { param($odd) Get-ChildItem -LiteralPath $odd -Directory | Send-StickyTuboid -AlgoName sim } }
            @{ How = 'Set-Location'; Send = { param($odd) Set-Location -LiteralPath $odd; Send-StickyTuboid . sim } }
        ) {
            # "[x]" as a pattern means a folder called x: its tuboid must not be taken for the other.
            $odd = Split-Path (Write-Tuboid "$folder/run [x] 1" -Number 1)
            $null = Write-Tuboid "$folder/run x 1" -Number 2
            Push-Location
            try {
                $results = & $Send $odd
            }
            finally {
                Pop-Location
            }

            $results.Tuboid.IdInSeries | Should -Be 1
            Split-Path $results.Path | Should -BeExactly $odd
        }

        It 'wildcards in -LiteralPath are only characters' {
            $null = Write-Tuboid $found
            Send-StickyTuboid -LiteralPath "$found/*" -AlgoName sim -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems.Count | Should -Be 1
        }

        It 'a folder of series is a warning that says what to do' {
            $null = Write-TuboidSeries $found
            Send-StickyTuboid $found sim -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $warnings | Should -BeLike "Nothing was sent: '$found'*Get-ChildItem -Directory*"
        }

        It 'given nothing through the pipeline, sends nothing and says nothing' {
            @() | Send-StickyTuboid -AlgoName sim -WarningVariable warnings -ErrorVariable problems | Should -BeNullOrEmpty
            $warnings, $problems | ForEach-Object { $_ } | Should -BeNullOrEmpty
        }

        It '-ThrottleLimit <_> sends all' -ForEach 1, 7 {
            (Send-StickyTuboid (Write-TuboidSeries $found -Count 20) sim -ThrottleLimit $_).Status | Should -Be (@('Added') * 20)
        }

        It '<What> is refused' -ForEach @(
            @{ What = '-ThrottleLimit 0'; ErrorId = 'ParameterArgumentValidationError'; Send = { Send-StickyTuboid $found sim -ThrottleLimit 0 } }
            @{ What = '-TuboidCount 0'; ErrorId = 'ParameterArgumentValidationError'; Send = { Send-StickyTuboid $found sim -TuboidCount 0 } }
            @{ What = '-ImageCount -1'; ErrorId = 'ParameterArgumentValidationError'; Send = { Send-StickyTuboid $found sim -ImageCount -1 } }
            @{ What = 'a long name of an algorithm'; ErrorId = 'ParameterArgumentValidationError'; Send = { Send-StickyTuboid $found ('x' * 65) } }
            @{ What = 'a long version'; ErrorId = 'ParameterArgumentValidationError'; Send = { Send-StickyTuboid $found sim -AlgoVersion ('x' * 47) } }
            @{ What = 'an end before the start'; ErrorId = 'InvalidTimeRange'; Send = { Send-StickyTuboid $found sim -StartTime 2021-06-02 -EndTime 2021-06-01 } }
            @{ What = 'a device that is none'; ErrorId = 'InvalidTuboidSeries'; Send = { Send-StickyTuboid $found sim -Device trap1 } }
            @{ What = 'a blank name'; ErrorId = 'InvalidTuboidSeries'; Send = { Send-StickyTuboid $found ' ' } }
            @{ What = '-Path with -LiteralPath'; ErrorId = 'AmbiguousParameterSet'; Send = { Send-StickyTuboid -Path $found -LiteralPath $found -AlgoName sim } }
        ) {
            $null = Write-TuboidSeries $found
            $Send | Should -Throw -ErrorId "$ErrorId,StickyPi.PowerShell.Tuboids.SendStickyTuboidCommand"
            Get-StickyTuboid -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        }
    }

    Context 'Errors' {
        BeforeEach {
            $script:good = Write-Tuboid "$folder/good" -Device 0a5bb6f4
        }

        It 'given <What>, says <ErrorId> of it and goes on with the rest' -ForEach @(
            @{
                What = 'a missing folder'; ErrorId = 'FileNotFound'; Category = 'ObjectNotFound'; Action = 'path'
                Make = { "$(Write-Tuboid $found)".Replace('.0000', '.0001') }
            }
            @{
                What = 'a tuboid with another name'; ErrorId = 'InvalidTuboidId'; Category = 'InvalidData'; Action = '<device>\.<start>'
                Make = { $path = Write-Tuboid $found; Rename-Item $path 'copy of 0000'; Join-Path (Split-Path $path) 'copy of 0000' }
            }
            @{
                What = 'a tuboid without its context'; ErrorId = 'TuboidFileMissing'; Category = 'ObjectNotFound'; Action = 'context\.jpg'
                Make = { $path = Write-Tuboid $found; Remove-Item "$path/context.jpg"; $path }
            }
            @{
                What = 'half a picture'; ErrorId = 'InvalidImage'; Category = 'InvalidData'; Action = 'again'; File = 'tuboid.jpg'
                Make = {
                    $path = Write-Tuboid $found
                    $bytes = [IO.File]::ReadAllBytes("$path/tuboid.jpg")
                    [IO.File]::WriteAllBytes("$path/tuboid.jpg", $bytes[0..($bytes.Length / 2)])
                    $path
                }
            }
            @{
                What = 'shots that are none'; ErrorId = 'InvalidTuboidMetadata'; Category = 'InvalidData'; Action = '<x>,<y>,<scale>'; File = 'metadata.txt'
                Make = { Write-Tuboid $found -Metadata 'no shots' }
            }
            @{
                What = 'a shot after the end of the series'; ErrorId = 'TuboidOutsideSeries'; Category = 'InvalidData'; Action = '-EndTime'
                Make = { Write-Tuboid $found -Metadata '5c173ff2.2021-06-01_19-00-01,1,2,3' }
            }
            @{
                What = 'another tuboid of the same id'; ErrorId = 'TuboidExists'; Category = 'ResourceExists'; Action = 'Remove-StickyTuboidSeries'
                Make = { $null = Write-Tuboid "$found-1" | Send-StickyTuboid -AlgoName sim; Write-Tuboid $found -Variant 1 }
            }
            @{
                What = 'one more than the series has'; ErrorId = 'SeriesFull'; Category = 'ResourceExists'; Action = '-AlgoVersion'
                Make = { $null = Write-Tuboid $found | Send-StickyTuboid -AlgoName sim; Write-Tuboid $found -Number 1 }
            }
            @{
                What = 'an environment variable'; ErrorId = 'NotAFileSystemPath'; Category = 'InvalidData'; Action = 'files'
                Make = { 'Env:PATH' }
            }
        ) {
            $bad = & $Make
            $before = @(Get-StickyTuboid -WarningAction SilentlyContinue).Count
            $results = Send-StickyTuboid -LiteralPath $bad, $good -AlgoName sim -ErrorVariable problems -ErrorAction SilentlyContinue
            $results.Path | Should -Be $good
            $results.Status | Should -Be 'Added'
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be "$ErrorId,StickyPi.PowerShell.Tuboids.SendStickyTuboidCommand"
            $problems[0].CategoryInfo.Category | Should -Be $Category
            $problems[0].TargetObject | Should -Be ($File ? (Join-Path $bad $File) : $bad)
            "$($problems[0])" | Should -BeLike "*$bad*"
            $problems[0].ErrorDetails.RecommendedAction | Should -Match $Action
            @(Get-StickyTuboid).Count | Should -Be ($before + 1)
        }

        It 'given a metadata.txt <What>, says "<Reason>"' -ForEach @(
            @{ What = 'without a byte'; Reason = 'the file is empty'; Lines = @() }
            @{ What = 'of blank lines'; Reason = 'it has no shot'; Lines = '', '  ' }
            @{ What = 'with a field too few'; Reason = 'line 2 has 3 comma-separated'; Lines = '5c173ff2.2021-06-01_01-00-00,1,2,3', '5c173ff2.2021-06-01_02-00-00,1,2' }
            @{ What = 'with a word for a number'; Reason = "line 1 has 'left'"; Lines = '5c173ff2.2021-06-01_01-00-00,left,2,3' }
            @{ What = 'with the decimal commas of another culture'; Reason = 'line 1 has more than 4'; Lines = '5c173ff2.2021-06-01_01-00-00,1,5,2,5,3,5' }
            @{ What = 'of another device'; Reason = "line 2 is of device '0a5bb6f4'"; Lines = '5c173ff2.2021-06-01_01-00-00,1,2,3', '0a5bb6f4.2021-06-01_02-00-00,1,2,3' }
            @{ What = 'with a bad time'; Reason = "line 1 has the time '2021-06-31_01-00-00'"; Lines = '5c173ff2.2021-06-31_01-00-00,1,2,3' }
            @{ What = 'out of order'; Reason = 'line 2 is of 2021-06-01_00-59-59'; Lines = '5c173ff2.2021-06-01_01-00-00,1,2,3', '5c173ff2.2021-06-01_00-59-59,1,2,3' }
            @{ What = 'with a blank line within'; Reason = 'line 2 is blank'; Lines = '5c173ff2.2021-06-01_01-00-00,1,2,3', '', '5c173ff2.2021-06-01_02-00-00,1,2,3' }
        ) {
            $null = Write-Tuboid $found -Metadata $Lines | Send-StickyTuboid -AlgoName sim -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidTuboidMetadata,*'
            $problems[0].Exception.Message.Contains($Reason) | Should -BeTrue -Because $problems[0].Exception.Message
        }

        It 'other counts than those of the stored series are a SeriesConflict: -<Name>' -ForEach @(
            @{ Name = 'TuboidCount'; Reason = 'tuboids' }
            @{ Name = 'ImageCount'; Reason = 'pictures' }
        ) {
            $series = Write-TuboidSeries $found -Count 2
            $null = Send-StickyTuboid "$series/*0" sim
            $counts = @{ $Name = 9 }
            $results = Send-StickyTuboid "$series/*1", $good sim @counts -ErrorVariable problems -ErrorAction SilentlyContinue
            $results.Path | Should -Be $good
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be 'SeriesConflict,StickyPi.PowerShell.Tuboids.SendStickyTuboidCommand'
            $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
            $problems[0].TargetObject | Should -Be "$series/$(Split-Path -Leaf $series).0001"
            $problems[0].Exception.Message | Should -Match $Reason
            $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Leave the counts out'
        }

        It 'a tuboid that was refused keeps its place in the series' {
            $series = Write-TuboidSeries $found
            $whole = [IO.File]::ReadAllBytes("$series/$(Split-Path -Leaf $series).0001/tuboid.jpg")
            Set-Content "$series/*1/tuboid.jpg" 'no picture'
            (Send-StickyTuboid $series sim -ErrorAction SilentlyContinue).Status | Should -Be 'Added', 'Added'
            [IO.File]::WriteAllBytes("$series/$(Split-Path -Leaf $series).0001/tuboid.jpg", $whole)
            (Send-StickyTuboid $series sim).Status | Sort-Object | Should -Be 'Added', 'Skipped', 'Skipped'
        }

        It 'a series that was to grow takes more, and then is full' {
            $series = Write-TuboidSeries $found
            (Send-StickyTuboid "$series/*0" sim -TuboidCount 2).Status | Should -Be 'Added'
            (Send-StickyTuboid "$series/*1" sim).Status | Should -Be 'Added'
            Send-StickyTuboid "$series/*2" sim -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems.FullyQualifiedErrorId | Should -BeLike 'SeriesFull,*'
            $problems.Exception.Message | Should -Match 'all of its 2 tuboids'
        }

        It '-ErrorAction Stop stops at the bad tuboid' {
            $bad = Write-Tuboid $found -Metadata 'no shots'
            { Send-StickyTuboid $bad, $good sim -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidTuboidMetadata,*'
        }

        It 'given a missing path, says FileNotFound and goes on with the rest' {
            $results = 'no such folder', $good | Send-StickyTuboid -AlgoName sim -ErrorVariable problems -ErrorAction SilentlyContinue
            $results.Path | Should -Be $good
            $problems.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
            $problems.TargetObject | Should -Be 'no such folder'
        }
    }
}

Describe 'Get-StickyTuboid' {
    BeforeAll {
        Disconnect-AllStore
        $script:store = Connect-StickyPi "$TestDrive/series" -PassThru
        $script:june1 = Write-TuboidSeries "$TestDrive/found"
        $script:june2 = Write-TuboidSeries "$TestDrive/found" -Start $SeriesStart.AddDays(1) -Count 1
        $script:other = Write-TuboidSeries "$TestDrive/found" -Device 0a5bb6f4 -Count 2
        $null = Send-StickyTuboid $june1 sim_1
        $null = Send-StickyTuboid $june2 simx1
        $null = Send-StickyTuboid $other sim%1 -AlgoVersion 2.0_b
        $null = Write-Picture "$TestDrive/card" -Device 5c173ff2 | Send-StickyImage
        $script:ids = @($june1, $june2, $other | ForEach-Object { Get-ChildItem $_ -Name } | Sort-Object)
        $script:labelled = @($ids -like '5c173ff2.2021-06-01*')
        Add-StickyLabel $labelled[0] -AlgoName itc -AlgoVersion 1 -Label 7 -Pattern '^Diptera.*' -Type Insecta -Order Diptera -Family Muscidae
        Add-StickyLabel $labelled[0] -AlgoName itc -AlgoVersion 2 -Label 8 -Pattern '^Diptera.*' -Type Insecta -Order Diptera -Family Drosophilidae -Genus Drosophila -Species suzukii
        Add-StickyLabel $labelled[1] -AlgoName itc -AlgoVersion 1 -Label 7 -Pattern '^Diptera.*' -Type Insecta -Order Diptera -Family Muscidae
    }

    AfterAll {
        Disconnect-AllStore
    }

    It 'given nothing, returns all tuboids, ordered by device and series' {
        $tuboids = @(Get-StickyTuboid)
        $tuboids | Should -BeOfType ((Get-Command Get-StickyTuboid).OutputType[0].Name)
        $tuboids.TuboidId | Sort-Object | Should -Be $ids
        ($tuboids | Select-Object -Unique Device, SeriesStartTime).ForEach{ "$($_.Device) $($_.SeriesStartTime.ToString('MM-dd'))" } |
            Should -Be '0a5bb6f4 06-01', '5c173ff2 06-01', '5c173ff2 06-02'
    }

    It 'returns every column of a tuboid and of its series' {
        $tuboid = Get-StickyTuboid 0a5bb6f4 | Where-Object IdInSeries -EQ 1
        $tuboid.Device | Should -BeExactly '0a5bb6f4'
        $tuboid.IdInSeries | Should -Be 1
        $tuboid.ShotCount | Should -Be 2
        $tuboid.StartTime | Should -Be $SeriesStart
        $tuboid.EndTime | Should -Be $SeriesStart.AddHours(19)
        $tuboid.StartTime.Kind, $tuboid.SeriesStartTime.Kind, $tuboid.CreatedAt.Kind | Should -Be 'Utc', 'Utc', 'Utc'
        $tuboid.SeriesAlgoName | Should -BeExactly 'sim%1'
        $tuboid.SeriesAlgoVersion | Should -BeExactly '2.0_b'
        $tuboid.SeriesTuboidCount | Should -Be 2
        $tuboid.SeriesImageCount | Should -Be 0
        $tuboid.What | Should -Be 'Metadata'
        $tuboid.TuboidUrl, $tuboid.MetadataUrl, $tuboid.ContextUrl | Should -BeExactly '', '', ''
        $tuboid.ItcLabel | Should -BeNullOrEmpty
    }

    It 'given -What Data, the urls lead to files of its own' {
        $tuboids = Get-StickyTuboid -What Data
        $urls = @($tuboids.TuboidUrl) + $tuboids.MetadataUrl + $tuboids.ContextUrl
        $urls | Should -Exist
        @($urls | Select-Object -Unique).Count | Should -Be 18
        Get-Content $tuboids[0].MetadataUrl | Should -HaveCount 2
    }

    It 'finds <Expected> by <What>' -ForEach @(
        @{ What = 'a device'; Find = { Get-StickyTuboid 5c173ff2 }; Expected = 4 }
        @{ What = 'a device in upper case'; Find = { Get-StickyTuboid 5C173FF2 }; Expected = 4 }
        @{ What = 'a pattern with *'; Find = { Get-StickyTuboid *b6* }; Expected = 2 }
        @{ What = 'a pattern with %'; Find = { Get-StickyTuboid 0a% }; Expected = 2 }
        @{ What = 'two devices'; Find = { Get-StickyTuboid 0a5bb6f4, 5c173ff2 }; Expected = 6 }
        @{ What = 'the same device twice'; Find = { Get-StickyTuboid 0a5bb6f4, 0a* }; Expected = 2 }
        @{ What = 'strings through the pipeline'; Find = { '0a5bb6f4', '5c*' | Get-StickyTuboid }; Expected = 6 }
        @{ What = 'Get-StickyDevice'; Find = { Get-StickyDevice | Get-StickyTuboid }; Expected = 4 }
        @{ What = 'a property Device, as of an imported CSV'; Find = { "Device`n0a5bb6f4" | ConvertFrom-Csv | Get-StickyTuboid }; Expected = 2 }
        @{ What = 'the device of a tuboid'; Find = { Get-StickyTuboid -Device (Get-StickyTuboid 0a5bb6f4 | Select-Object -First 1).Device }; Expected = 2 }
        @{ What = 'a row with the names of the existing API'; Find = { "device,start_datetime,end_datetime`n5c%,2021-06-01_00-00-00,2021-06-01_19-00-00" | ConvertFrom-Csv | Get-StickyTuboid }; Expected = 3 }
        @{ What = 'a range from the start of a series to its end'; Find = { Get-StickyTuboid 5c173ff2 2021-06-01 2021-06-01_19-00-00 }; Expected = 3 }
        @{ What = 'a range that starts a second late'; Find = { Get-StickyTuboid 5c173ff2 2021-06-01_00-00-01 2021-06-02_19-00-00 }; Expected = 1 }
        @{ What = 'a range that ends a second early'; Find = { Get-StickyTuboid 5c173ff2 2021-06-01 2021-06-02_18-59-59 }; Expected = 3 }
        @{ What = 'a start alone'; Find = { Get-StickyTuboid -StartTime 2021-06-02 }; Expected = 1 }
        @{ What = 'an end alone'; Find = { Get-StickyTuboid -EndTime 2021-06-02 }; Expected = 5 }
        @{ What = 'a local time'; Find = { Get-StickyTuboid -StartTime $SeriesStart.AddDays(1).ToLocalTime() }; Expected = 1 }
        @{ What = 'an algorithm'; Find = { Get-StickyTuboid -AlgoName sim_1 }; Expected = 3 }
        @{ What = 'an algorithm in upper case'; Find = { Get-StickyTuboid -AlgoName SIM_1 }; Expected = 3 }
        @{ What = 'an algorithm with a %, which is only itself'; Find = { Get-StickyTuboid -AlgoName sim%1 }; Expected = 2 }
        @{ What = 'algorithms by ?'; Find = { Get-StickyTuboid -AlgoName sim?1 }; Expected = 6 }
        @{ What = 'algorithms by *'; Find = { Get-StickyTuboid -AlgoName *x1, sim_* }; Expected = 4 }
        @{ What = 'a version'; Find = { Get-StickyTuboid -AlgoVersion 2.0_b }; Expected = 2 }
        @{ What = 'versions by *'; Find = { Get-StickyTuboid -AlgoVersion 1606980656-* }; Expected = 4 }
        @{ What = 'an algorithm and a version that have nothing in common'; Find = { Get-StickyTuboid -AlgoName sim_1 -AlgoVersion 2* }; Expected = 0 }
        @{ What = 'a % that is no pattern'; Find = { Get-StickyTuboid -AlgoName % }; Expected = 0 }
        @{ What = 'a _ that is no pattern'; Find = { Get-StickyTuboid -AlgoVersion 2.0__ }; Expected = 0 }
        @{ What = 'SQL'; Find = { Get-StickyTuboid "' OR 1=1 --" -AlgoName "x' OR 'a'='a" }; Expected = 0 }
    ) {
        $tuboids = @(& $Find 3>$null)
        $tuboids.Count | Should -Be $Expected
        @($tuboids.TuboidId | Select-Object -Unique).Count | Should -Be $Expected
    }

    It 'does not take a tuboid for a series' {
        { Get-StickyTuboid 0a5bb6f4 | Get-StickyTuboid -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSeries,*'
    }

    It 'given no device through the pipeline, returns nothing and says nothing' {
        Get-StickyDevice ffff* 3>$null | Get-StickyTuboid -WarningVariable warnings | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }

    It 'where nothing is found, warns of what was looked for' {
        Get-StickyTuboid ffff* -StartTime 2021-06-01 -AlgoName sim* -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warnings.Count | Should -Be 1
        $warnings[0].Message | Should -Match "'ffff\*'.*'sim\*'.*2021-06-01_00-00-00"
    }

    It 'refuses an end before the start' {
        { Get-StickyTuboid -StartTime 2021-06-02 -EndTime 2021-06-01 } | Should -Throw -ErrorId 'InvalidTimeRange,*'
    }

    It 'ends when enough are there' {
        (Get-StickyTuboid | Select-Object -First 1).Device | Should -Be '0a5bb6f4'
    }

    It 'asks the store of -Connection' {
        $empty = Connect-StickyPi "$TestDrive/empty" -PassThru
        try {
            Get-StickyTuboid 3>$null | Should -BeNullOrEmpty
            @(Get-StickyTuboid -Connection $store).Count | Should -Be 6
            @(Get-StickyTuboid -Connection $store -Destination "$TestDrive/of store").Count | Should -Be 6
        }
        finally {
            Disconnect-StickyPi $empty
        }
    }

    It 'its parameters are completed by devices and values' {
        $script:complete = { param($line) [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ListItemText }
        & $complete 'Get-StickyTuboid 5c' | Should -Be '5c173ff2'
        & $complete 'Remove-StickyTuboidSeries -Device 5c' | Should -Be '5c173ff2'
        & $complete 'Get-StickyTuboid -What ' | Should -Be 'Data', 'Metadata'
    }

    Context '-IncludeLabel' {
        It 'returns a row for each label, and one for a tuboid without' {
            $tuboids = @(Get-StickyTuboid -IncludeLabel)
            $tuboids.TuboidId | Sort-Object | Should -Be ($ids + $labelled[0] | Sort-Object)
            $labels = $tuboids.Where{ $_.TuboidId -eq $labelled[0] }
            $labels.ItcLabel.Label | Should -Be 7, 8
            $labels.LabelFamily | Should -Be 'Muscidae', 'Drosophilidae'
            $labels[1].LabelType, $labels[1].LabelOrder, $labels[1].LabelGenus, $labels[1].LabelSpecies |
                Should -Be 'Insecta', 'Diptera', 'Drosophila', 'suzukii'
            $tuboids[0].ItcLabel, $tuboids[0].LabelFamily | Should -Be $null, $null
        }

        It 'Group-Object LabelFamily counts families' {
            $groups = Get-StickyTuboid 5c173ff2 -IncludeLabel | Where-Object ItcLabel | Group-Object LabelFamily
            $groups.Name | Should -Be 'Drosophilidae', 'Muscidae'
            $groups.Count | Should -Be 2
            $groups.ForEach{ $_.Count } | Should -Be 1, 2
        }

        It 'shows the narrowest taxon' {
            $text = Get-StickyTuboid 5c173ff2 -EndTime 2021-06-02 -IncludeLabel | Out-String -Width 120
            $text | Should -Match '0000 .* 2 Muscidae'
            $text | Should -Match '0000 .* 2 Drosophila suzukii'
        }

        It 'goes through Export-Csv' {
            Get-StickyTuboid -IncludeLabel | Export-Csv "$TestDrive/labels.csv"
            $rows = Import-Csv "$TestDrive/labels.csv"
            $rows.TuboidId | Should -Be (Get-StickyTuboid -IncludeLabel).TuboidId
            $rows.LabelFamily | Where-Object { $_ } | Sort-Object | Should -Be 'Drosophilidae', 'Muscidae', 'Muscidae'
        }
    }

    Context '-Destination' {
        BeforeEach {
            $script:destination = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        }

        It 'saves the files byte for byte, and the urls lead there' {
            $tuboids = @(Get-StickyTuboid 5c173ff2 -Destination $destination)
            $tuboids.Count | Should -Be 4
            $tuboids.What | Select-Object -Unique | Should -Be 'Data'
            @($tuboids.TuboidUrl) + $tuboids.MetadataUrl + $tuboids.ContextUrl | Sort-Object |
                Should -Be ((Get-ChildItem $destination -Recurse -File).FullName | Sort-Object)
            Get-UrlHash $tuboids | Sort-Object | Should -Be ((Get-ChildItem $june1, $june2 -Recurse -File | Get-FileHash).Hash | Sort-Object)
        }

        It 'makes folders that can be sent again' {
            $null = Get-StickyTuboid 5c173ff2 -Destination $destination
            $target = Connect-StickyPi "$destination-store" -PassThru
            try {
                (Get-ChildItem $destination -Directory | Send-StickyTuboid -AlgoName sim).Status | Should -Be (@('Added') * 4)
            }
            finally {
                Disconnect-StickyPi $target
            }
        }

        It 'run again, returns the same and writes nothing' {
            $first = Get-StickyTuboid -Destination $destination
            $before = Get-TreeState $destination
            $second = Get-StickyTuboid -Destination $destination
            $second.TuboidUrl | Should -Be $first.TuboidUrl
            Get-TreeState $destination | Should -Be $before
        }

        It 'saves a tuboid with several labels once, and returns it for each' {
            $tuboids = @(Get-StickyTuboid 5c173ff2 -EndTime 2021-06-02 -IncludeLabel -Destination $destination)
            $tuboids.ItcLabel.Label | Sort-Object | Should -Be 7, 7, 8
            $tuboids.TuboidUrl | Should -Exist
            $tuboids.Count | Should -Be 4
            @(Get-ChildItem $destination -Recurse -File).Count | Should -Be 9
        }

        It 'given a different file in the way, says FileExists, leaves it, and goes on; -Force overwrites it' {
            $null = Get-StickyTuboid 0a5bb6f4 -Destination $destination
            $taken = Join-Path $destination (Split-Path -Leaf $other) $ids[0] context.jpg
            Set-Content $taken 'mine'
            $tuboids = @(Get-StickyTuboid 0a5bb6f4 -Destination $destination -ErrorVariable problems -ErrorAction SilentlyContinue)
            $tuboids.IdInSeries | Should -Be 1
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be 'FileExists,StickyPi.PowerShell.Tuboids.GetStickyTuboidCommand'
            $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
            $problems[0].TargetObject | Should -Be $taken
            $problems[0].ErrorDetails.RecommendedAction | Should -Match '-Force'
            Get-Content $taken | Should -Be 'mine'
            @(Get-StickyTuboid 0a5bb6f4 -Destination $destination -Force).Count | Should -Be 2
            (Get-FileHash $taken).Hash | Should -Be (Get-FileHash "$other/$($ids[0])/context.jpg").Hash
        }

        It 'given a file that the store lost, says so of that tuboid and saves the rest' {
            $lost = (Get-StickyTuboid 0a5bb6f4 -What Data | Where-Object IdInSeries -EQ 0).TuboidUrl
            Move-Item $lost "$TestDrive/lost.jpg"
            try {
                $tuboids = @(Get-StickyTuboid 0a5bb6f4 -Destination $destination -ErrorVariable problems -ErrorAction SilentlyContinue)
            }
            finally {
                Move-Item "$TestDrive/lost.jpg" $lost
            }

            $tuboids.IdInSeries | Should -Be 1
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be 'StoredFileMissing,StickyPi.PowerShell.Tuboids.GetStickyTuboidCommand'
            $problems[0].CategoryInfo.Category | Should -Be 'ReadError'
            "$($problems[0].TargetObject)" | Should -Be $ids[0]
            $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Send-StickyTuboid'
            @(Get-ChildItem $destination -Recurse -File).Count | Should -Be 3
        }

        It 'given -WhatIf, writes nothing and returns what is there already' {
            Get-StickyTuboid 0a5bb6f4 -Destination $destination -WhatIf | Should -BeNullOrEmpty
            $destination | Should -Not -Exist
            $null = Get-StickyTuboid 0a5bb6f4 -Destination $destination
            @(Get-StickyTuboid -Destination $destination -WhatIf).Device | Should -Be '0a5bb6f4', '0a5bb6f4'
        }

        It 'takes a destination <Where>' -ForEach @(
            @{ Where = 'with brackets and spaces'; Run = { Get-StickyTuboid 0a5bb6f4 -Destination "$destination/run [x] 1" }; Expected = 'run [x] 1' }
            @{ Where = 'relative to the location'; Run = { Set-Location $destination; Get-StickyTuboid 0a5bb6f4 -Destination here }; Expected = 'here' }
            @{ Where = 'on a PSDrive'; Run = { Get-StickyTuboid 0a5bb6f4 -Destination Out:/there }; Expected = 'there' }
        ) {
            $null = New-Item -ItemType Directory $destination
            $null = New-PSDrive -Name Out -PSProvider FileSystem -Root $destination
            Push-Location
            try {
                $tuboid = (& $Run)[0]
            }
            finally {
                Pop-Location
                Remove-PSDrive Out
            }

            $tuboid.MetadataUrl | Should -BeExactly "$destination/$Expected/$(Split-Path -Leaf $other)/$($tuboid.TuboidId)/metadata.txt"
            [IO.File]::Exists($tuboid.MetadataUrl) | Should -BeTrue
        }

        It 'given a destination that is not of the file system, refuses' {
            { Get-StickyTuboid -Destination Env:out } | Should -Throw -ErrorId 'NotAFileSystemPath,*'
        }

        It 'given a file as destination, says of each tuboid that it was not written' {
            Set-Content $destination 'a file'
            Get-StickyTuboid 0a5bb6f4 -Destination $destination -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems.CategoryInfo.Category | Should -Be 'WriteError', 'WriteError'
            Get-Content $destination | Should -Be 'a file'
        }
    }

    Context 'Views' {
        It 'of <Name> is a table of <Columns>, within 80 columns' -ForEach @(
            @{ Name = 'StickyTuboid'; Run = { Get-StickyTuboid -IncludeLabel }; Columns = 'Device', 'Number', 'Start (UTC)', 'End (UTC)', 'Shots', 'Label or file' }
            @{ Name = 'SendTuboidResult'; Run = { Send-StickyTuboid $june1 sim_1 }; Columns = 'Status', 'Device', 'Number', 'Shots', 'Path' }
        ) {
            $objects = @(& $Run)
            $objects[0].GetType().Name | Should -Be $Name
            $lines = @(($objects | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n' | Where-Object { $_ })
            $lines[0] | Should -Match ('^\s*' + ($Columns.ForEach{ [regex]::Escape($_) } -join '\s+') + '\s*$')
            $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
            $lines[-1] | Should -Match '5c173ff2\s+000\d'
        }

        It 'of a tuboid shows the file that was asked for' {
            $tuboid = Get-StickyTuboid 0a5bb6f4 -What Data | Select-Object -First 1
            ($tuboid | Out-String -Width 500).Contains($tuboid.TuboidUrl) | Should -BeTrue
        }
    }
}

Describe 'Remove-StickyTuboidSeries' {
    BeforeEach {
        Disconnect-AllStore
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Connect-StickyPi "$folder/store"
        $script:found = "$folder/found"
        $null = Write-TuboidSeries $found | Send-StickyTuboid -AlgoName sim_1
        $null = Write-TuboidSeries $found -Start $SeriesStart.AddDays(1) -Count 2 | Send-StickyTuboid -AlgoName simx1
        $null = Write-TuboidSeries $found -Device 0a5bb6f4 -Count 1 | Send-StickyTuboid -AlgoName sim_1
        Get-StickyTuboid 5c173ff2 | Add-StickyLabel -AlgoName itc -AlgoVersion 1 -Label 7 -Pattern '^Diptera.*' -Type Insecta
    }

    AfterAll {
        Disconnect-AllStore
    }

    It 'given a device and a range, removes rows, labels, files and folders, and returns nothing' {
        $gone = Get-StickyTuboid 5c173ff2 -EndTime 2021-06-02 -What Data
        Remove-StickyTuboidSeries 5c173ff2 2021-06-01 2021-06-01_19-00-00 -Confirm:$false | Should -BeNullOrEmpty
        @(Get-StickyTuboid).Count | Should -Be 3
        $gone | Get-StickyLabel | Should -BeNullOrEmpty
        @(Get-StickyLabel).Count | Should -Be 2
        Split-Path (Split-Path $gone[0].TuboidUrl) | Should -Not -Exist
        @(Get-ChildItem "$folder/store/tiled_tuboids" -Recurse -File).Count | Should -Be 9
    }

    It 'given <What>, leaves <Left>' -ForEach @(
        @{ What = 'a range that a series is not wholly in'; Left = 6; Run = { Remove-StickyTuboidSeries 5c173ff2 2021-06-01_00-00-01 2021-06-02_18-59-59 -Confirm:$false } }
        @{ What = 'a range of two series'; Left = 1; Run = { Remove-StickyTuboidSeries 5c173ff2 2021-06-01 2021-06-02_19-00-00 -Confirm:$false } }
        @{ What = 'a pattern'; Left = 0; Run = { Remove-StickyTuboidSeries * 2021-06-01 2021-07-01 -Confirm:$false } }
        @{ What = 'an algorithm'; Left = 2; Run = { Remove-StickyTuboidSeries * 2021-06-01 2021-07-01 -AlgoName sim_1 -Confirm:$false } }
        @{ What = 'algorithms by a wildcard'; Left = 4; Run = { Remove-StickyTuboidSeries * 2021-06-01 2021-07-01 -AlgoName *x* -AlgoVersion 16* -Confirm:$false } }
        @{ What = 'another version'; Left = 6; Run = { Remove-StickyTuboidSeries * 2021-06-01 2021-07-01 -AlgoVersion 2 -Confirm:$false } }
        @{ What = 'all tuboids of a device'; Left = 1; Run = { Get-StickyTuboid 5c173ff2 | Remove-StickyTuboidSeries -Confirm:$false } }
        @{ What = 'one tuboid of a series'; Left = 3; Run = { Get-StickyTuboid 5c173ff2 | Select-Object -First 1 | Remove-StickyTuboidSeries -Confirm:$false } }
        @{ What = 'tuboids that come once for each label'; Left = 1; Run = { Get-StickyTuboid 5c173ff2 -IncludeLabel | Remove-StickyTuboidSeries -Confirm:$false } }
        @{ What = 'tuboids by the parameter'; Left = 5; Run = { Remove-StickyTuboidSeries -Tuboid (Get-StickyTuboid 0a5bb6f4) -Confirm:$false } }
        @{ What = 'no tuboid through the pipeline'; Left = 6; Run = { Get-StickyTuboid ffff* 3>$null | Remove-StickyTuboidSeries -Confirm:$false } }
        @{ What = 'what Send-StickyTuboid returned'; Left = 3; Run = { Send-StickyTuboid "$found/5c*01_19*" sim_1 | Remove-StickyTuboidSeries -Confirm:$false } }
    ) {
        & $Run 2>&1 | Should -BeNullOrEmpty
        @(Get-StickyTuboid 3>$null).Count | Should -Be $Left
    }

    It 'where nothing is found, warns of what was looked for' {
        Remove-StickyTuboidSeries ffff* 2021-06-01 2021-06-02 -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be 1
        $warnings[0].Message | Should -Match "^Nothing was removed.*'ffff\*'"
    }

    It 'given tuboids of a series that is gone, says TuboidSeriesNotFound once and goes on' {
        $tuboids = @(Get-StickyTuboid 5c173ff2)
        Remove-StickyTuboidSeries 5c173ff2 2021-06-01 2021-06-02 -Confirm:$false
        $tuboids | Remove-StickyTuboidSeries -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'TuboidSeriesNotFound,StickyPi.PowerShell.Tuboids.RemoveStickyTuboidSeriesCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$($problems[0].TargetObject)" | Should -BeLike '5c173ff2 2021-06-01_00-00-00 to *'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Get-StickyTuboid'
        (Get-StickyTuboid).Device | Should -Be '0a5bb6f4'
    }

    It 'given <What>, removes nothing and <ErrorId>' -ForEach @(
        @{ What = 'a device alone'; ErrorId = 'MissingMandatoryParameter'; Script = 'Remove-StickyTuboidSeries * -Confirm:$false' }
        @{ What = 'a device and a start'; ErrorId = 'MissingMandatoryParameter'; Script = 'Remove-StickyTuboidSeries * 2021-06-01 -Confirm:$false' }
        @{ What = 'an end before the start'; ErrorId = 'InvalidTimeRange'; Script = 'Remove-StickyTuboidSeries * 2021-06-03 2021-06-01 -Confirm:$false' }
        @{ What = 'ids as text'; ErrorId = 'InputObjectNotBound'; Script = '(Get-StickyTuboid).TuboidId | Remove-StickyTuboidSeries -Confirm:$false' }
    ) {
        $run = Invoke-InSession $Script
        @($run.Errors) + @($run.Failure) | Where-Object { $_ } | Select-Object -First 1 -ExpandProperty FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
        @(Get-StickyTuboid).Count | Should -Be 6
    }

    It 'what was removed can be sent again' {
        Get-StickyTuboid | Remove-StickyTuboidSeries -Confirm:$false
        (Get-ChildItem $found -Directory | Send-StickyTuboid -AlgoName other).Status | Should -Be (@('Added') * 6)
        Get-StickyLabel | Should -BeNullOrEmpty
    }

    It 'asks before it removes, unless told not to' {
        # A session without a user to ask can't be answered; that it fails shows that it asked, and nothing may be gone.
        $run = Invoke-InSession 'Get-StickyTuboid | Remove-StickyTuboidSeries'
        @($run.Errors) + @($run.Failure) | Should -Not -BeNullOrEmpty
        @(Get-StickyTuboid).Count | Should -Be 6
    }
}
