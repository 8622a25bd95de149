BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../out/StickyPi/StickyPi.psd1')

    # What Invoke-StickyApi would change, a server says: Remote.Tests.ps1 tries it on one.
    $script:mutators = @(Get-Command -Module StickyPi | Where-Object { $_.Parameters.ContainsKey('WhatIf') -and $_.Name -ne 'Invoke-StickyApi' })

    # Each is run three times: with -WhatIf, under $WhatIfPreference, and for real, when something must change, or it would show nothing.
    # The command that is tried comes last, so that " -WhatIf" can be put behind it. $Store is open; it has all but one picture of $Card,
    # and none of $Changed, whose pictures conflict with its own; of the series of tuboids in $Found, and of the annotations in $Annotations,
    # it has one; $Target is a folder. Of the ML bundle in $Bundle, it has another state, and there is an upload that was not ended.
    $made = 'Get-StickyImageSeries | ForEach-Object { [StickyPi.Core.Annotations.AnnotationElement] @{ Device = $_.Device; DateTime = $_.DateTime; Md5 = $_.Md5; AlgoName = "sim"; AlgoVersion = "2" } }'
    $script:scenarios = @(
        @{ Command = 'Add-StickyAnnotation'; Does = 'adds'; Script = 'Get-StickyImageSeries 0a5bb6f4 | New-Element | Add-StickyAnnotation' }
        @{ Command = 'Add-StickyAnnotation'; Does = 'adds from a file'; Script = 'Add-StickyAnnotation -Path $Annotations -ContinueOnError -PassThru -ErrorAction Ignore' }
        @{ Command = 'Add-StickyLabel'; Does = 'adds'; Script = 'Get-StickyTuboid | Add-StickyLabel -AlgoName itc -AlgoVersion 1 -Label 7 -Pattern ".*" -Type Insecta' }
        @{ Command = 'Clear-StickyCache'; Does = 'forgets'; Script = 'Clear-StickyCache' }
        @{ Command = 'Connect-StickyPi'; Does = 'makes a store'; Script = 'Connect-StickyPi "$Target/new store"' }
        @{ Command = 'Connect-StickyPi'; Does = 'makes a store in an existing folder'; Script = 'Connect-StickyPi $Target' }
        @{ Command = 'Export-StickyAnnotation'; Does = 'makes drawings'; Script = "$made | Export-StickyAnnotation `"`$Target/drawings`"" }
        @{ Command = 'Export-StickyAnnotation'; Does = 'overwrites'; Script = "$made | Export-StickyAnnotation `"`$Target/taken/5c173ff2/5c173ff2.2021-06-01_19-40-00.jpg`" -Format Coco -Force" }
        @{ Command = 'Get-StickyTuboid'; Does = 'saves'; Script = 'Get-StickyTuboid -Destination "$Target/tuboids"' }
        @{ Command = 'Get-StickyTuboid'; Does = 'overwrites'; Script = 'Get-StickyTuboid -Destination "$Target/taken" -Force' }
        @{ Command = 'New-StickyUser'; Does = 'adds a user'; Script = 'New-StickyUser bob (ConvertTo-SecureString plover -AsPlainText)' }
        @{ Command = 'New-StickyUser'; Does = 'adds users from the pipeline'; Script = '@{ UserName = "bob"; Password = "plover" } | New-StickyUser' }
        @{ Command = 'Remove-StickyAnnotation'; Does = 'removes what the pipeline brings'; Script = 'Get-StickyAnnotation | Remove-StickyAnnotation -Confirm:$false' }
        @{ Command = 'Remove-StickyAnnotation'; Does = 'removes one'; Script = 'Remove-StickyAnnotation 5c173ff2 2021-06-01T19:40:00Z detector 1598113346-ad2cd78dfaca12821046dfb8994724d5 -Confirm:$false' }
        @{ Command = 'Remove-StickyImage'; Does = 'removes a series'; Script = 'Get-StickyImageSeries | Remove-StickyImage -Confirm:$false' }
        @{ Command = 'Remove-StickyImage'; Does = 'removes a picture'; Script = 'Remove-StickyImage 5c173ff2 2021-06-01T19:40:00Z -Confirm:$false' }
        @{ Command = 'Remove-StickyTuboidSeries'; Does = 'removes a range'; Script = 'Remove-StickyTuboidSeries * 2021-06-01 2021-06-02 -Confirm:$false' }
        @{ Command = 'Remove-StickyTuboidSeries'; Does = 'removes by tuboids'; Script = 'Get-StickyTuboid | Remove-StickyTuboidSeries -Confirm:$false' }
        @{ Command = 'Remove-StickyUser'; Does = 'removes a user'; Script = 'Get-StickyUser | Remove-StickyUser -Force -Confirm:$false' }
        @{ Command = 'Receive-StickyStorageItem'; Does = 'pulls'; Script = 'Get-StickyStorageItem ml | Receive-StickyStorageItem -Destination "$Target/pulled"' }
        @{ Command = 'Receive-StickyStorageItem'; Does = 'overwrites'; Script = 'Receive-StickyStorageItem raw_images/5c173ff2 -Destination "$Target/objects" -Force' }
        @{ Command = 'Remove-StickyIncompleteUpload'; Does = 'gives up uploads'; Script = 'Get-StickyIncompleteUpload | Remove-StickyIncompleteUpload -Confirm:$false' }
        @{ Command = 'Remove-StickyMlBundle'; Does = 'removes a bundle'; Script = 'Get-StickyMlBundle | Remove-StickyMlBundle -Confirm:$false' }
        @{ Command = 'Remove-StickyProperty'; Does = 'removes one'; Script = 'Get-StickyDevice | Remove-StickyProperty -Name note -Confirm:$false' }
        @{ Command = 'Remove-StickyProperty'; Does = 'removes all'; Script = 'Remove-StickyProperty 5c173ff2 -Confirm:$false' }
        @{ Command = 'Remove-StickyStorageItem'; Does = 'deletes below a key'; Script = 'Remove-StickyStorageItem raw_images -Confirm:$false' }
        @{ Command = 'Remove-StickyStorageItem'; Does = 'deletes what is piped to it'; Script = 'Get-StickyStorageItem | Remove-StickyStorageItem -Confirm:$false' }
        @{ Command = 'Save-StickyCatalog'; Does = 'makes a folder'; Script = 'Save-StickyCatalog "$Target/catalog"' }
        @{ Command = 'Save-StickyCatalog'; Does = 'overwrites'; Script = 'Save-StickyCatalog "$Target/taken" -Force' }
        @{ Command = 'Save-StickyImage'; Does = 'copies to a folder'; Script = 'Get-StickyImageSeries | Save-StickyImage -Destination $Target' }
        @{ Command = 'Save-StickyImage'; Does = 'makes folders'; Script = 'Get-StickyImageSeries | Save-StickyImage -What Image, Thumbnail, ThumbnailMini -Destination "$Target/a/b"' }
        @{ Command = 'Save-StickyImage'; Does = 'overwrites'; Script = 'Save-StickyImage 5c173ff2 2021-06-01T19:40:00Z "$Target/taken" -Force' }
        @{ Command = 'Send-StickyImage'; Does = 'adds'; Script = 'Send-StickyImage $Card -Recurse' }
        @{ Command = 'Send-StickyImage'; Does = 'adds from the pipeline'; Script = 'Get-ChildItem $Card -Recurse | Send-StickyImage' }
        @{ Command = 'Send-StickyImage'; Does = 'replaces'; Script = 'Send-StickyImage $Changed -Recurse -Force' }
        @{ Command = 'Send-StickyImage'; Does = 'remembers what it skips'; Script = 'Send-StickyImage $Again -Recurse' }
        @{ Command = 'Send-StickyStorageItem'; Does = 'pushes'; Script = 'Send-StickyStorageItem $Card -RelativeTo $Card -Prefix copies' }
        @{ Command = 'Send-StickyStorageItem'; Does = 'overwrites'; Script = 'Get-ChildItem $Changed | Send-StickyStorageItem -RelativeTo $Changed -Prefix notes -Force' }
        @{ Command = 'Send-StickyTuboid'; Does = 'adds to a series'; Script = 'Send-StickyTuboid "$Found/*" sim' }
        @{ Command = 'Send-StickyTuboid'; Does = 'makes a series'; Script = 'Get-ChildItem $Found -Directory -Recurse -Filter *.0001 | Send-StickyTuboid -AlgoName other -AlgoVersion 2' }
        @{ Command = 'Set-StickyProperty'; Does = 'sets one'; Script = 'Get-StickyImageSeries | Set-StickyProperty -Name note -Value 2' }
        @{ Command = 'Set-StickyProperty'; Does = 'replaces all'; Script = 'Set-StickyProperty 5c173ff2 -Value @{ other = 2 }' }
        @{ Command = 'Set-StickyUser'; Does = 'changes rights'; Script = 'Get-StickyUser | Set-StickyUser -Admin -ReadOnly -Email ada@lab.org' }
        @{ Command = 'Set-StickyUser'; Does = 'changes a password'; Script = 'Set-StickyUser ada -Password (ConvertTo-SecureString plover -AsPlainText)' }
        @{ Command = 'Sync-StickyMlBundle'; Does = 'pushes a bundle, with the version of its model, and deletes'; Script = 'Sync-StickyMlBundle uid $Bundle -Direction Push -Delete' }
        @{ Command = 'Sync-StickyMlBundle'; Does = 'makes a bundle'; Script = 'Sync-StickyMlBundle new $Bundle -Direction Push' }
        @{ Command = 'Sync-StickyMlBundle'; Does = 'pulls a bundle, and deletes'; Script = 'Get-StickyMlBundle | Sync-StickyMlBundle -Path $Bundle -Direction Pull -Delete -Force' }
        @{ Command = 'Update-StickyProperty'; Does = 'merges'; Script = 'Get-StickyMlBundle | Update-StickyProperty -Value @{ note = 2 }' }
    )
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe '-WhatIf' {
    # A store and folders, which every scenario gets a copy of.
    BeforeAll {
        # One for all runs, since opening one takes longer than most of what is run in it.
        $script:shell = Open-Session
        $script:template = "$TestDrive/template"
        $null = Write-Card "$template/card" -Count 3
        $null = Write-Picture "$template/changed" -Variant 3
        $null = Write-Picture "$template/again"
        Connect-StickyPi "$template/store"
        $null = Get-ChildItem "$template/card" -Recurse -File | Select-Object -SkipLast 1 | Send-StickyImage
        $series = Write-TuboidSeries "$template/found" -Count 2
        $null = Send-StickyTuboid "$series/*0" sim -TuboidCount 2
        $elements = @(Get-StickyImageSeries 5c173ff2 | New-Element)
        $elements[0] | Add-StickyAnnotation
        ConvertTo-Json $elements -Depth 9 | Set-Content -LiteralPath "$template/annotations.json"
        $null = New-Item -ItemType Directory "$template/target/taken/5c173ff2"
        Set-Content (Get-StickyTuboid -Destination "$template/target/taken").MetadataUrl 'taken'
        Set-Content "$template/target/taken/5c173ff2/5c173ff2.2021-06-01_19-40-00.jpg" 'taken'
        $null = New-Item -ItemType Directory "$template/target/objects/raw_images/5c173ff2", "$template/store/left", "$template/store/notes", "$template/uid/data", "$template/uid/output"
        Set-Content "$template/target/objects/raw_images/5c173ff2/5c173ff2.2021-06-01_19-40-00.jpg" 'taken'
        Set-Content "$template/store/notes/5c173ff2.2021-06-01_19-40-00.jpg" 'other'
        Save-StickyCatalog "$template/target/taken"
        Set-Content "$template/store/left/.stickypi-0123456789ab-1-big.bin.partial" 'left'
        'data/1.jpg', 'data/2.jpg', 'output/model_final.pth' | ForEach-Object { Set-Content "$template/uid/$_" $_ }
        $null = Sync-StickyMlBundle uid "$template/uid" -Direction Push
        Remove-Item "$template/uid/data/1.jpg"
        'data/3.jpg', 'output/model_final.pth' | ForEach-Object { Set-Content "$template/uid/$_" 'new' }
        Disconnect-StickyPi
    }

    AfterAll {
        $shell.Dispose()
    }

    It 'is tried on <_.Name>, as on every command that has it' -ForEach $mutators {
        # Where this fails, a command is new: give it a scenario at the top of this file.
        $scenarios = (Get-Content -LiteralPath $PSCommandPath -Raw | Select-String -Pattern "Command = '(?<name>[\w-]+)'; Does" -AllMatches).Matches
        $scenarios.ForEach{ $_.Groups['name'].Value } | Should -Contain $_.Name
    }

    It 'is there for every command whose verb changes things' {
        $reading = 'Disconnect', 'Get', 'Import', 'Test', 'Find', 'Measure', 'Compare', 'Watch', 'Search'
        Get-Command -Module StickyPi |
            Where-Object { $_.Verb -notin $reading -and -not $_.Parameters.ContainsKey('WhatIf') } |
            Should -BeNullOrEmpty
    }

    Context '<Command> that <Does>' -ForEach $scenarios {
        # Once for all three: what should change nothing leaves it as it was, or fails.
        BeforeAll {
            Disconnect-AllStore
            # Pester looks through all of its own folder after each context, and deletes slowly.
            $script:parent = [IO.Directory]::CreateTempSubdirectory('stickypi-').FullName
            $script:root = "$parent/root"
            $script:places = @{ Card = "$root/card"; Changed = "$root/changed"; Again = "$root/again"; Found = "$root/found"; Annotations = "$root/annotations.json"; Target = "$root/target"; Bundle = "$root/uid" }
            Copy-Tree $template $root

            # Hashing is slow on purpose, and properties would be of no use to other commands.
            if ($Command -like '*-StickyUser' -or $Command -like '*-StickyProperty') {
                Connect-StickyPi "$root/store"
                if ($Command -like '*-StickyUser') {
                    $null = New-StickyUser ada (ConvertTo-SecureString hollow -AsPlainText)
                }
                else {
                    Set-StickyProperty 5c173ff2 -Name note -Value 1
                }

                Disconnect-StickyPi
            }

            $script:before = Get-TreeState $root

            # Connections, caches and anything that is only flushed at the end belong to the comparison.
            function script:Test-Run([string] $Text) {
                Connect-StickyPi "$root/store"
                $run = Invoke-InSession -Shell $shell -Parameter $places @"
param(`$Card, `$Changed, `$Again, `$Found, `$Annotations, `$Target, `$Bundle)
function New-Element { ${function:New-Element} }
$Text
"@

                # While a store is written to, a file of it is locked.
                $during = if ($Text -notlike '*-WhatIf:$false') { Get-TreeState $root }
                Disconnect-AllStore
                $run.Failure | Should -BeNullOrEmpty
                $run.Errors | Should -BeNullOrEmpty
                [pscustomobject] @{ During = $during; After = Get-TreeState $root; Output = $run.Output }
            }
        }

        AfterAll {
            Disconnect-AllStore
            [IO.Directory]::Delete($parent, $true)
        }

        It 'changes not one byte with -WhatIf' {
            $run = Test-Run "$Script -WhatIf"
            $run.During -join "`n" | Should -BeExactly ($before -join "`n")
            $run.After -join "`n" | Should -BeExactly ($before -join "`n")
        }

        It 'changes not one byte under $WhatIfPreference' {
            $run = Test-Run "`$WhatIfPreference = `$true`n$Script"
            $run.During -join "`n" | Should -BeExactly ($before -join "`n")
            $run.After -join "`n" | Should -BeExactly ($before -join "`n")
        }

        It 'changes something for real, also with -WhatIf:$false under $WhatIfPreference' {
            $run = Test-Run "`$WhatIfPreference = `$true`n$Script -WhatIf:`$false"
            Compare-Object $before $run.After | Should -Not -BeNullOrEmpty
        }
    }

    Context 'Connect-StickyPi' {
        BeforeEach {
            Disconnect-AllStore
            $script:root = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        }

        It 'makes no folder, and opens nothing' {
            $run = Invoke-InSession 'param($Path) Connect-StickyPi $Path -PassThru -WhatIf' @{ Path = "$root/a/b" }
            $run.Output | Should -BeNullOrEmpty
            $run.Errors | Should -BeNullOrEmpty
            $root | Should -Not -Exist
            Get-StickyPiConnection | Should -BeNullOrEmpty
        }

        It 'writes nothing into a store that exists, though it has no cache yet' {
            Connect-StickyPi $root
            Disconnect-StickyPi
            Get-ChildItem $root -Directory | Remove-Item -Recurse
            $before = Get-TreeState $root
            $null = Invoke-InSession 'param($Path) Connect-StickyPi $Path -WhatIf' @{ Path = $root }
            Disconnect-AllStore
            Get-TreeState $root | Should -Be $before
        }
    }

    Context '<Command> that <Does>' -ForEach @(
        @{ Command = 'New-StickyBucket'; Does = 'makes a bucket'; Script = 'New-StickyBucket @Bucket' }
        @{ Command = 'Connect-StickyPi'; Does = 'makes the catalog of a bucket'; Script = 'Connect-StickyPi @Bucket -CatalogPath $Catalog -PassThru' }
    ) {
        # Nothing listens there, so that whoever asked a server would fail. What they do for real is in S3.Tests.ps1.
        It 'makes nothing, and asks no server, with -WhatIf or under $WhatIfPreference' {
            $parameters = @{ Bucket = @{ Bucket = 'traps'; Endpoint = 'http://127.0.0.1:9' }; Catalog = "$TestDrive/bucket/catalog.db" }
            foreach ($text in "$Script -WhatIf", "`$WhatIfPreference = `$true`n$Script") {
                $run = Invoke-InSession "param(`$Bucket, `$Catalog)`n$text" $parameters
                $run.Failure | Should -BeNullOrEmpty
                $run.Errors | Should -BeNullOrEmpty
                $run.Output | Should -BeNullOrEmpty
            }

            "$TestDrive/bucket" | Should -Not -Exist
        }
    }

    Context 'What it tells' {
        BeforeAll {
            Disconnect-AllStore
            Connect-StickyPi "$TestDrive/told"
            $null = Write-Card "$TestDrive/told-card" -Count 3
            $null = Send-StickyImage "$TestDrive/told-card" -Recurse
            $null = Write-Card "$TestDrive/told-card" -Count 4
            $null = Write-TuboidSeries "$TestDrive/told-found" | Send-StickyTuboid -AlgoName sim
            $null = Write-Tuboid "$TestDrive/told-found" -Start $SeriesStart.AddDays(1)
            Get-StickyImageSeries 5c173ff2 | New-Element | Add-StickyAnnotation
            Get-StickyImageSeries 0a5bb6f4 | New-Element | ConvertTo-Json -Depth 9 | Set-Content -LiteralPath "$TestDrive/told.json"

            $script:told = Invoke-Transcribed -Folder $TestDrive @"
'Send:'
@(Send-StickyImage '$TestDrive/told-card' -Recurse -WhatIf).ForEach{ "`$(`$_.Status)" }
'Remove:'
Get-StickyImageSeries 5c173ff2 | Remove-StickyImage -WhatIf
'Add:'
Get-Content -LiteralPath '$TestDrive/told.json' -Raw | Add-StickyAnnotation -PassThru -WhatIf | ForEach-Object { 'annotation' }
'Remove annotations:'
Get-StickyAnnotation | Remove-StickyAnnotation -WhatIf
'Save:'
@(Get-StickyImageSeries 5c173ff2 | Save-StickyImage -Destination '$TestDrive/out' -WhatIf).Count
Get-ChildItem '$TestDrive/told-found' -Directory | Send-StickyTuboid -AlgoName sim -WhatIf | ForEach-Object { "tuboid `$(`$_.Status)" }
Get-StickyTuboid | Remove-StickyTuboidSeries -WhatIf
Get-StickyTuboid -Destination '$TestDrive/out' -WhatIf
Get-StickyTuboid | Add-StickyLabel -AlgoName itc -AlgoVersion 2 -Label 7 -Pattern '.*' -Type Insecta -WhatIf
`$annotations = Get-StickyImageSeries | ForEach-Object { [StickyPi.Core.Annotations.AnnotationElement] @{ Device = `$_.Device; DateTime = `$_.DateTime; Md5 = `$_.Md5; AlgoName = 'sim'; AlgoVersion = '2' } }
@(`$annotations | Export-StickyAnnotation '$TestDrive/out' -WhatIf).ForEach{ "exported `$_" }
"@
        }

        AfterAll {
            Disconnect-AllStore
        }

        It 'Send-StickyImage names each picture that it would add, and returns what it would skip' {
            @($told -like 'What if:*Add to store*_20-40-00.jpg*').Count | Should -Be 2
            @($told -eq 'Skipped').Count | Should -Be 6
        }

        It 'Remove-StickyImage names each picture that it would remove' {
            @($told -like 'What if:*Remove from store*5c173ff2 2021-06-01 *').Count | Should -Be 3
        }

        It 'Add-StickyAnnotation names each annotation that it would add, and returns none' {
            @($told -like 'What if:*Add annotation*0a5bb6f4 2021-06-01*detector*').Count | Should -Be 3
            $told -eq 'annotation' | Should -BeNullOrEmpty
        }

        It 'Remove-StickyAnnotation names each annotation that it would remove' {
            @($told -like 'What if:*Remove annotation*5c173ff2 2021-06-01*detector*').Count | Should -Be 3
        }

        It 'Save-StickyImage names each file that it would write, and returns none' {
            @($told -like 'What if:*Save picture*.jpg*').Count | Should -Be 3
            $told -eq '0' | Should -HaveCount 1
        }

        It 'Send-StickyTuboid names each tuboid that it would add, and returns what it would skip' {
            @($told -like 'What if:*Add to store*told-found*2021-06-02*.0000*').Count | Should -Be 1
            @($told -eq 'tuboid Skipped').Count | Should -Be 3
        }

        It 'Remove-StickyTuboidSeries names a series once, with the number of tuboids that would go' {
            @($told -like 'What if:*Remove from store*5c173ff2 2021-06-01_00-00-00 to 2021-06-01_19-00-00, sim *: 3 tuboids*').Count | Should -Be 1
        }

        It 'Get-StickyTuboid names each folder that it would write' {
            @($told -like 'What if:*Save tuboid*out*5c173ff2.2021-06-01*').Count | Should -Be 3
        }

        It 'Export-StickyAnnotation names each file that it would write, and returns none' {
            @($told -like 'What if:*Export annotations*out*_2?-?0-00.svg*').Count | Should -Be 4
            $told -like 'exported *' | Should -BeNullOrEmpty
        }

        It 'Add-StickyLabel names each tuboid and what would be said of it' {
            @($told -like "What if:*Add label 7, 'Insecta', of 'itc' version '2'*5c173ff2.2021-06-01*").Count | Should -Be 3
        }
    }

    It 'opens a store whose file is still empty only in words' {
        $folder = (New-Item (Join-Path $TestDrive 'empty store') -ItemType Directory).FullName
        $null = New-Item (Join-Path $folder 'database.db')
        Connect-StickyPi $folder -WhatIf -PassThru | Should -BeNullOrEmpty
        (Get-Item (Join-Path $folder 'database.db')).Length | Should -Be 0
    }
}
