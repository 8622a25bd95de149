BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore

    function script:Write-Text([string] $Path, [string] $Text = $Path) {
        $null = [IO.Directory]::CreateDirectory((Split-Path $Path))
        [IO.File]::WriteAllText($Path, $Text)
        $Path
    }

    function script:Get-Key {
        @((Get-StickyStorageItem).Key | Sort-Object -CaseSensitive)
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Objects of a store' {
    BeforeEach {
        Disconnect-AllStore
        $script:root = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $null = New-Item -ItemType Directory "$root/work"
        $script:store = Connect-StickyPi "$root/store" -PassThru
        Push-Location -LiteralPath "$root/work"
    }

    AfterEach {
        Pop-Location
    }

    Context 'Send-StickyStorageItem' {
        It 'pushes a folder under keys relative to the current location, and says what it did in one summary' {
            $null = Write-Text "$root/work/a/b/1.txt" 'one'
            $null = Write-Text "$root/work/a/2.txt" ''
            $summary = Send-StickyStorageItem a
            $summary | Should -HaveCount 1
            $summary | Should -BeOfType ([StickyPi.Core.Storage.StickySyncSummary])
            $summary.Direction | Should -Be 'Push'
            $summary.Source | Should -Be "$root/work"
            $summary.Target | Should -Be "$root/store"
            $summary.Matched.Count | Should -Be 2
            $summary.NotOnTarget.Key | Sort-Object | Should -Be 'a/2.txt', 'a/b/1.txt'
            $summary.Synced.Count | Should -Be 2
            $summary.Synced.Action | Select-Object -Unique | Should -Be 'Add'
            $summary.BytesToSync | Should -Be 3
            $summary.BytesSynced | Should -Be 3
            $summary.RequiresForce | Should -BeFalse
            $summary.HasCollisions | Should -BeFalse
            $summary.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
            Get-Key | Should -Be 'a/2.txt', 'a/b/1.txt'
            Get-Content "$root/store/a/b/1.txt" | Should -Be 'one'
        }

        It 'takes a prefix with the separators of Windows, and a folder that keys are relative to' {
            $null = Write-Text "$root/other/deep/a/1.txt"
            (Send-StickyStorageItem ../other/deep/a -RelativeTo ../other/deep -Prefix 'up\here').Synced.Key | Should -Be 'up/here/a/1.txt'
            Get-Key | Should -Be 'up/here/a/1.txt'
        }

        It 'makes one run of everything that comes through the pipeline' {
            $null = Write-Text "$root/work/a/1.txt"
            $null = Write-Text "$root/work/a/b/2.txt"
            $null = Write-Text "$root/work/c [x].txt"
            $summary = Get-ChildItem -Recurse | Send-StickyStorageItem
            $summary | Should -HaveCount 1
            $summary.Synced.Key | Sort-Object | Should -Be 'a/1.txt', 'a/b/2.txt', 'c [x].txt'
        }

        It 'resolves wildcards in -Path and not in -LiteralPath' {
            $null = Write-Text "$root/work/1.txt"
            $null = Write-Text "$root/work/2.txt"
            $null = Write-Text "$root/work/[1].txt"
            (Send-StickyStorageItem '?.txt').Synced.Key | Sort-Object | Should -Be '1.txt', '2.txt'
            (Send-StickyStorageItem -LiteralPath '[1].txt').Synced.Key | Should -Be '[1].txt'
        }

        It 'does nothing at all for an empty pipeline' {
            $null = Write-Text "$root/work/1.txt"
            @() | Send-StickyStorageItem | Should -BeNullOrEmpty
            Get-Key | Should -BeNullOrEmpty
        }

        It 'refuses a path outside the folder that keys are relative to, and pushes the others' {
            $outside = Write-Text "$root/outside.txt"
            $null = Write-Text "$root/work/1.txt"
            $summary = Send-StickyStorageItem $outside, 1.txt -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'PathOutsideFolder,*'
            $problems[0].TargetObject | Should -Be $outside
            $problems[0].ErrorDetails.RecommendedAction | Should -Match '-RelativeTo'
            $summary.Synced.Key | Should -Be '1.txt'
        }

        It 'says that the current location is not in the file system' {
            $file = Write-Text "$root/work/1.txt"
            Push-Location Env:
            try {
                $record = { Send-StickyStorageItem "FileSystem::$file" } | Should -Throw -PassThru
                $record.FullyQualifiedErrorId | Should -BeLike 'NotAFileSystemPath,*'
            }
            finally {
                Pop-Location
            }
        }

        It 'refuses the prefix <_>' -ForEach '../up', 'a//b', "a`tb" {
            $null = Write-Text "$root/work/1.txt"
            $record = { Send-StickyStorageItem 1.txt -Prefix $_ } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidKey,*'
            $record.CategoryInfo.Category | Should -Be 'InvalidData'
            Get-Key | Should -BeNullOrEmpty
        }

        It 'pushes nothing again that is there already' {
            $null = Write-Text "$root/work/1.txt"
            $null = Send-StickyStorageItem 1.txt
            $summary = Send-StickyStorageItem 1.txt
            $summary.OnTargetEqual.Key | Should -Be '1.txt'
            $summary.Synced.Count | Should -Be 0
            $summary.BytesToSync | Should -Be 0
        }

        It 'moves nothing where one file differs, reports it after the summary, and replaces it with -Force' {
            $null = Write-Text "$root/work/1.txt" 'old'
            $null = Send-StickyStorageItem 1.txt
            $null = Write-Text "$root/work/1.txt" 'new'
            $null = Write-Text "$root/work/2.txt" 'two'
            $summary = Send-StickyStorageItem *.txt -ErrorVariable problems -ErrorAction SilentlyContinue
            $summary.OnTargetDifferent.Key | Should -Be '1.txt'
            $summary.NotOnTarget.Key | Should -Be '2.txt'
            $summary.RequiresForce | Should -BeTrue
            $summary.Synced.Count | Should -Be 0
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'TransferRequiresForce,*'
            "$($problems[0]) $($problems[0].ErrorDetails.RecommendedAction)" | Should -Match "1 file differs: '1\.txt'.*-Force"
            Get-Key | Should -Be '1.txt'
            $forced = Send-StickyStorageItem *.txt -Force -WarningVariable warnings -ErrorVariable problems
            $warnings | Should -BeNullOrEmpty
            $problems | Should -BeNullOrEmpty
            $forced.Synced.Key | Sort-Object | Should -Be '1.txt', '2.txt'
            Get-Content "$root/store/1.txt" | Should -Be 'new'
        }

        It 'moves nothing where a file has the name of a folder, also with -Force' {
            $null = Write-Text "$root/work/a/1.txt"
            $null = Send-StickyStorageItem a
            Remove-Item a -Recurse
            $null = Write-Text "$root/work/a"
            $null = Write-Text "$root/work/b"
            $summary = Send-StickyStorageItem a, b -Force -ErrorVariable problems -ErrorAction SilentlyContinue
            $summary.HasCollisions | Should -BeTrue
            $summary.Collisions.Key | Should -Be 'a'
            $summary.Synced.Count | Should -Be 0
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'TransferCollision,*'
            $problems[0] | Should -Match "Nothing is uploaded.*'a'"
            Get-Key | Should -Be 'a/1.txt'
        }

        It 'chooses by regular expressions on the key, and -Exclude wins' {
            'a/1.jpg', 'a/2.jpg', 'a/1.jpg.txt', 'b/1.jpg' | ForEach-Object { $null = Write-Text "$root/work/$_" }
            $summary = Send-StickyStorageItem a, b -Include '\.jpg$' -Exclude '^b/', '2'
            $summary.Synced.Key | Should -Be 'a/1.jpg'
            $summary.Skipped.Key | Sort-Object | Should -Be 'a/1.jpg.txt', 'a/2.jpg', 'b/1.jpg'
            @($summary.Skipped | Where-Object Key -EQ 'b/1.jpg').Reason | Should -Be "excluded by '^b/'"
        }

        It 'refuses what is no regular expression, before anything is compared' {
            $null = Write-Text "$root/work/1.txt"
            $record = { Send-StickyStorageItem 1.txt -Include '*.txt' } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidPattern,*'
            $record.ErrorDetails.RecommendedAction | Should -Match 'regular expressions'
        }

        It 'warns of a wildcard that is a regular expression by chance, once for each pattern' {
            $null = Write-Text "$root/work/data/1.jpg"
            $null = Send-StickyStorageItem data -Include 'data/*.jpg', '^data/' -Exclude 'data/*.jpg' -WarningVariable warnings -WarningAction SilentlyContinue
            @($warnings -match 'looks like a wildcard') | Should -HaveCount 1
            $warnings[0] | Should -Match ([regex]::Escape("'data/*.jpg' looks like a wildcard. As a regular expression that is '^data/.*\.jpg$'."))
        }

        It 'takes no empty pattern, which would mean everything: <_>' -ForEach '''''', '@()', '$null' {
            $null = Write-Text "$root/work/1.txt"
            { & ([scriptblock]::Create("Send-StickyStorageItem 1.txt -Include $_")) } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'brings names of every kind there and back, with their times' {
            $names = 'with space.txt', 'a+b.txt', '100%.txt', '50%25.txt', 'no #1.txt', "gr$([char] 0xFC)n.txt", 'ab/cd [x].txt', 'empty.txt'
            $time = [datetime]::new(2021, 6, 1, 19, 40, 0, [DateTimeKind]::Utc)
            foreach ($name in $names) {
                $file = Write-Text "$root/work/names/$name" ($name -eq 'empty.txt' ? '' : $name)
                [IO.File]::SetLastWriteTimeUtc($file, $time)
            }

            (Send-StickyStorageItem names).Synced.Count | Should -Be $names.Count
            $summary = Receive-StickyStorageItem names -Destination "$root/back"
            $summary.Synced.Count | Should -Be $names.Count
            foreach ($name in $names) {
                $back = Get-Item -LiteralPath "$root/back/names/$name"
                [IO.File]::ReadAllText($back.FullName) | Should -BeExactly ($name -eq 'empty.txt' ? '' : $name)
                $back.LastWriteTimeUtc | Should -Be $time
            }
        }
    }

    Context 'Get-StickyStorageItem' {
        BeforeEach {
            'a/b/1.txt', 'a/bc/2.txt', 'a/b.txt', 'd.log' | ForEach-Object { $null = Write-Text "$root/work/$_" }
            $null = Get-ChildItem | Send-StickyStorageItem
        }

        It 'lists what lies under a key, and not what only begins alike: <Prefix>' -ForEach @(
            @{ Prefix = 'a/b'; Expected = 'a/b/1.txt' }
            @{ Prefix = 'a\b\'; Expected = 'a/b/1.txt' }
            @{ Prefix = './a/b'; Expected = 'a/b/1.txt' }
            @{ Prefix = 'a/b.txt'; Expected = 'a/b.txt' }
            @{ Prefix = 'a'; Expected = 'a/b.txt', 'a/b/1.txt', 'a/bc/2.txt' }
            @{ Prefix = '.'; Expected = 'a/b.txt', 'a/b/1.txt', 'a/bc/2.txt', 'd.log' }
            @{ Prefix = 'd.log', 'a/b'; Expected = 'a/b/1.txt', 'd.log' }
        ) {
            (Get-StickyStorageItem $Prefix).Key | Sort-Object -CaseSensitive | Should -Be $Expected
        }

        It 'tells size and times in UTC' {
            $item = Get-StickyStorageItem d.log
            $item.Size | Should -Be (Get-Item d.log).Length
            $item.LastModified.Kind | Should -Be 'Utc'
            $item.ModifiedTime | Should -Be (Get-Item d.log).LastWriteTimeUtc
        }

        It 'lists the pictures of the store, and never its database' {
            $null = Write-Picture "$root/card" | Send-StickyImage
            (Get-StickyStorageItem raw_images -Exclude thumbnail).Key | Should -Be 'raw_images/5c173ff2/5c173ff2.2021-06-01_19-40-00.jpg'
            Get-Key | Should -Not -Contain 'database.db'
        }

        It 'warns of a key under which there is nothing' {
            Get-StickyStorageItem a/c -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $warnings | Should -Be "The store has no object 'a/c' and none below it."
        }

        It 'lists nothing for no key' {
            @() | Get-StickyStorageItem | Should -BeNullOrEmpty
            Get-StickyStorageItem @() | Should -BeNullOrEmpty
        }
    }

    Context 'Receive-StickyStorageItem' {
        BeforeEach {
            'a/b/1.txt', 'a/bc/2.txt', 'd.log' | ForEach-Object { $null = Write-Text "$root/work/$_" }
            $null = Get-ChildItem | Send-StickyStorageItem
            $null = New-Item -ItemType Directory "$root/out"
            Set-Location "$root/out"
        }

        It 'pulls each object under its whole key, into the current location' {
            $summary = Receive-StickyStorageItem 'a\b', d.log
            $summary | Should -HaveCount 1
            $summary.Direction | Should -Be 'Pull'
            $summary.Target | Should -Be "$root/out"
            (Get-ChildItem "$root/out" -Recurse -File).FullName | Sort-Object | Should -Be "$root/out/a/b/1.txt", "$root/out/d.log"
        }

        It 'takes what Get-StickyStorageItem lists, as one run' {
            $summary = Get-StickyStorageItem -Include txt | Receive-StickyStorageItem -Destination here
            $summary | Should -HaveCount 1
            $summary.Synced.Key | Sort-Object | Should -Be 'a/b/1.txt', 'a/bc/2.txt'
            "$root/out/here/a/b/1.txt" | Should -Exist
        }

        It 'takes the rows of a CSV file by the column Key' {
            Get-StickyStorageItem -Include 'd\.' | Export-Csv "$root/keys.csv"
            (Import-Csv "$root/keys.csv" | Receive-StickyStorageItem).Synced.Key | Should -Be 'd.log'
        }

        It 'does nothing for an empty pipeline, and refuses an empty key' {
            @() | Receive-StickyStorageItem | Should -BeNullOrEmpty
            { Receive-StickyStorageItem '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
            Get-ChildItem "$root/out" | Should -BeNullOrEmpty
        }

        It 'pulls everything for a dot' {
            (Receive-StickyStorageItem . -Exclude log).Synced.Count | Should -Be 2
        }

        It 'reports a key under which there is nothing' {
            $summary = Receive-StickyStorageItem none, d.log -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ObjectNotFound,*'
            $summary.Synced.Key | Should -Be 'd.log'
        }

        It 'leaves a different file alone, unless -Force' {
            $null = Write-Text "$root/out/d.log" 'mine'
            $summary = Receive-StickyStorageItem d.log, a -ErrorVariable problems -ErrorAction SilentlyContinue
            $summary.RequiresForce | Should -BeTrue
            $problems.FullyQualifiedErrorId | Should -BeLike 'TransferRequiresForce,*'
            $problems[0] | Should -Match 'Nothing is downloaded'
            (Get-ChildItem "$root/out" -Recurse -File).Name | Should -Be 'd.log'
            (Receive-StickyStorageItem d.log, a -Force).Synced.Count | Should -Be 3
            Get-Content "$root/out/d.log" | Should -Be "$root/work/d.log"
        }
    }

    Context 'Remove-StickyStorageItem' {
        BeforeEach {
            'a/b/1.txt', 'a/b/2.log', 'a/bc/3.txt', 'd.log' | ForEach-Object { $null = Write-Text "$root/work/$_" }
            $null = Get-ChildItem | Send-StickyStorageItem
        }

        It 'deletes what lies under a key, not what only begins alike, and the folder that it leaves empty' {
            Remove-StickyStorageItem a/b -Confirm:$false | Should -BeNullOrEmpty
            Get-Key | Should -Be 'a/bc/3.txt', 'd.log'
            "$root/store/a/b" | Should -Not -Exist
        }

        It 'deletes what is piped to it, and nothing for an empty pipeline' {
            @() | Remove-StickyStorageItem -Confirm:$false
            Get-StickyStorageItem none -WarningAction SilentlyContinue | Remove-StickyStorageItem -Confirm:$false
            (Get-Key).Count | Should -Be 4
            Get-StickyStorageItem -Include log | Remove-StickyStorageItem -Confirm:$false
            Get-Key | Should -Be 'a/b/1.txt', 'a/bc/3.txt'
            'a/b/1.txt', 'a/bc' | Remove-StickyStorageItem -Confirm:$false
            Get-Key | Should -BeNullOrEmpty
        }

        It 'deletes what passes the filters' {
            Remove-StickyStorageItem a -Include '\.txt$' -Exclude bc -Confirm:$false
            Get-Key | Should -Be 'a/b/2.log', 'a/bc/3.txt', 'd.log'
        }

        It 'never deletes everything for <_>' -ForEach '.', '/', '\', './' {
            Remove-StickyStorageItem $_ -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'EmptyPrefix,*'
            (Get-Key).Count | Should -Be 4
        }

        It 'refuses nothing as a key: <_>' -ForEach '''''', '@()', '$null' {
            { & ([scriptblock]::Create("Remove-StickyStorageItem $_ -Confirm:`$false")) } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
            (Get-Key).Count | Should -Be 4
        }

        It '-ThrottleLimit <_> deletes all' -ForEach 1, 100 {
            1..150 | ForEach-Object { $null = Write-Text "$root/work/many/$_" }
            $null = Send-StickyStorageItem many
            Remove-StickyStorageItem many, d.log -ThrottleLimit $_ -Confirm:$false
            Get-Key | Should -Be 'a/b/1.txt', 'a/b/2.log', 'a/bc/3.txt'
        }

        It '-ThrottleLimit <_> is refused' -ForEach 0, 257, -1 {
            { Remove-StickyStorageItem a -ThrottleLimit $_ -Confirm:$false } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
            (Get-Key).Count | Should -Be 4
        }

        It 'reports each key under which there is nothing, and goes on' {
            'none', 'd.log', '../x' | Remove-StickyStorageItem -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems.FullyQualifiedErrorId | ForEach-Object { $_.Split(',')[0] } | Should -Be 'ObjectNotFound', 'InvalidKey'
            Get-Key | Should -Not -Contain 'd.log'
        }
    }

    Context 'Uploads that were begun and not ended' {
        BeforeEach {
            # What a killed program leaves: a file named after a writer that has ended.
            $null = Write-Text "$root/work/a/1.txt"
            $null = Send-StickyStorageItem a
        }

        It 'are none where no program was killed' {
            Get-StickyIncompleteUpload | Should -BeNullOrEmpty
            @() | Get-StickyIncompleteUpload | Should -BeNullOrEmpty
            @() | Remove-StickyIncompleteUpload -Confirm:$false
        }

        It 'are listed when their writer was killed, and go when they are given up' {
            $big = "$root/work/big.bin"
            $stream = [IO.File]::Create($big)
            $stream.SetLength(4GB)
            $stream.Dispose()
            $script = "$root/push.ps1"
            Set-Content -LiteralPath $script "Import-Module '$ModulePath'; Connect-StickyPi '$root/store'; Set-Location '$root/work'; Send-StickyStorageItem big.bin"
            $program, $arguments = $PowerShell + $script
            $process = Start-Program $program $arguments "$root/out.txt"
            try {
                $clock = [Diagnostics.Stopwatch]::StartNew()
                while ($clock.Elapsed.TotalSeconds -lt 60 -and -not $process.HasExited -and -not (Get-ChildItem "$root/store" -Filter '*.partial' -Recurse -Force)) {
                    Start-Sleep -Milliseconds 5
                }
            }
            finally {
                $process.Kill()
                $process.WaitForExit()
                Remove-Item -LiteralPath $big
            }

            $uploads = @(Get-StickyIncompleteUpload)
            $uploads | Should -HaveCount 1
            $uploads[0] | Should -BeOfType ([StickyPi.Core.Storage.StickyIncompleteUpload])
            $uploads[0].Key | Should -Be 'big.bin'
            $uploads[0].Started.Kind | Should -Be 'Utc'
            Get-Key | Should -Be 'a/1.txt'
            Get-StickyIncompleteUpload a | Should -BeNullOrEmpty
            Get-StickyIncompleteUpload big.bin | Remove-StickyIncompleteUpload -WhatIf
            @(Get-StickyIncompleteUpload) | Should -HaveCount 1
            Get-StickyIncompleteUpload | Remove-StickyIncompleteUpload -Confirm:$false | Should -BeNullOrEmpty
            Get-StickyIncompleteUpload | Should -BeNullOrEmpty
            Get-ChildItem "$root/store" -Filter '*.partial' -Recurse -Force | Should -BeNullOrEmpty
        }
    }
}
