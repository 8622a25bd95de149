BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore

    function script:Write-Text([string] $Path, [string] $Text = $Path) {
        $null = [IO.Directory]::CreateDirectory((Split-Path $Path))
        [IO.File]::WriteAllText($Path, $Text)
        $Path
    }

    function script:Write-Bundle([string] $Folder) {
        $null = Write-Text "$Folder/data/1.jpg" 'picture'
        $null = Write-Text "$Folder/data/more/2.svg" 'drawing'
        $null = Write-Text "$Folder/config/config.yaml" 'a: 1'
        $null = Write-Text "$Folder/output/model_final.pth" 'model'
        $null = Write-Text "$Folder/notes.md" 'no part of it'
        $Folder
    }

    function script:Get-File([string] $Folder) {
        @((Get-ChildItem -LiteralPath $Folder -Recurse -File -Force).FullName | ForEach-Object { [IO.Path]::GetRelativePath($Folder, $_).Replace('\', '/') } | Sort-Object -CaseSensitive)
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'ML bundles' {
    BeforeEach {
        Disconnect-AllStore
        $script:root = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $script:bundle = Write-Bundle "$root/uid"
        $script:store = Connect-StickyPi "$root/store" -PassThru
    }

    Context 'Sync-StickyMlBundle' {
        It 'pushes a bundle, with the version of its model, and pulls it elsewhere' {
            $summary = Sync-StickyMlBundle uid $bundle -Direction Push
            $summary | Should -HaveCount 1
            $summary.Synced.Key | Sort-Object | Should -Be 'ml/uid/config/config.yaml', 'ml/uid/data/1.jpg', 'ml/uid/data/more/2.svg', 'ml/uid/output/.version.txt', 'ml/uid/output/model_final.pth'
            $summary.Skipped.Key | Should -Be 'ml/uid/notes.md'
            Get-Content "$bundle/output/.version.txt" | Should -Match "^\d+-$(Get-Md5 "$bundle/output/model_final.pth")$"
            Get-File "$root/store/ml/uid" | Should -Be ($summary.Synced.Key -replace '^ml/uid/' | Sort-Object -CaseSensitive)

            $pulled = Sync-StickyMlBundle uid "$root/pulled/uid" -Direction Pull
            $pulled.Direction | Should -Be 'Pull'
            Get-File "$root/pulled/uid" | Should -Be ($summary.Synced.Key -replace '^ml/uid/' | Sort-Object -CaseSensitive)
            (Get-Item "$root/pulled/uid/data/1.jpg").LastWriteTimeUtc | Should -Be (Get-Item "$bundle/data/1.jpg").LastWriteTimeUtc
            (Sync-StickyMlBundle uid "$root/pulled/uid" -Direction Push).Synced.Count | Should -Be 0
        }

        It 'brings <Content> only: <Expected>' -ForEach @(
            @{ Content = 'Data'; Expected = 'ml/uid/config/config.yaml', 'ml/uid/data/1.jpg', 'ml/uid/data/more/2.svg' }
            @{ Content = 'Model'; Expected = 'ml/uid/config/config.yaml', 'ml/uid/output/.version.txt', 'ml/uid/output/model_final.pth' }
        ) {
            $null = Sync-StickyMlBundle uid $bundle -Direction Push
            (Sync-StickyMlBundle uid "$root/part" -Direction Pull -Content $Content).Synced.Key | Sort-Object | Should -Be $Expected
        }

        It 'takes a path relative to the location of the session' {
            Push-Location -LiteralPath $root
            try {
                (Sync-StickyMlBundle uid uid -Direction Push).Source | Should -Be $bundle
            }
            finally {
                Pop-Location
            }
        }

        It 'lets a newer source win, leaves a newer target with an error, and takes -Force' {
            $null = Sync-StickyMlBundle uid $bundle -Direction Push
            $null = Write-Text "$bundle/data/1.jpg" 'newer picture'
            [IO.File]::SetLastWriteTimeUtc("$bundle/data/1.jpg", [datetime]::UtcNow.AddMinutes(5))
            $null = Write-Text "$bundle/config/config.yaml" 'a: 2'
            [IO.File]::SetLastWriteTimeUtc("$bundle/config/config.yaml", [datetime]::UtcNow.AddMinutes(-5))
            $summary = Sync-StickyMlBundle uid $bundle -Direction Push -ErrorVariable problems -ErrorAction SilentlyContinue
            $summary.Synced.Key | Should -Be 'ml/uid/data/1.jpg'
            $summary.RequiresForce | Should -BeTrue
            @($summary.OnTargetDifferent | Where-Object Action -EQ None).Key | Should -Be 'ml/uid/config/config.yaml'
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'TransferRequiresForce,*'
            $problems[0] | Should -Match "1 file differs, and the source is not newer: 'ml/uid/config/config\.yaml'"
            (Sync-StickyMlBundle uid $bundle -Direction Push -Force -ErrorVariable problems).Synced.Key | Should -Be 'ml/uid/config/config.yaml'
            $problems | Should -BeNullOrEmpty
        }

        It 'deletes what the source lacks with -Delete only, and never from an empty source' {
            $null = Sync-StickyMlBundle uid $bundle -Direction Push
            Remove-Item "$bundle/data/1.jpg"
            $summary = Sync-StickyMlBundle uid $bundle -Direction Push
            $summary.NotOnSource.Key | Should -Be 'ml/uid/data/1.jpg'
            "$root/store/ml/uid/data/1.jpg" | Should -Exist
            $summary = Sync-StickyMlBundle uid $bundle -Direction Push -Delete
            $summary.Synced.Action | Should -Be 'Delete'
            "$root/store/ml/uid/data/1.jpg" | Should -Not -Exist

            $null = New-Item -ItemType Directory "$root/empty"
            $summary = Sync-StickyMlBundle uid "$root/empty" -Direction Push -Delete -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'SourceEmpty,*'
            $summary.Synced.Count | Should -Be 0
            Get-File "$root/store/ml/uid" | Should -HaveCount 4
        }

        It 'takes bundles from the pipeline, and a path for each' {
            'a', 'b' | ForEach-Object { $null = Sync-StickyMlBundle $_ $bundle -Direction Push }
            $summaries = Get-StickyMlBundle | Sync-StickyMlBundle -Path { "$root/all/$($_.Name)" } -Direction Pull -Content Model
            $summaries | Should -HaveCount 2
            $summaries.Target | Should -Be "$root/all/a", "$root/all/b"
            (Get-ChildItem "$root/all" -Directory | Sync-StickyMlBundle -Direction Push).Synced.Count | Should -Be 0
        }

        It 'refuses one folder for several bundles, whose files would be mixed or deleted' {
            'a', 'b' | ForEach-Object { $null = Sync-StickyMlBundle $_ $bundle -Direction Push }
            $summary = Get-StickyMlBundle | Sync-StickyMlBundle -Path "$root/both" -Direction Pull -Delete -ErrorVariable problems -ErrorAction SilentlyContinue
            $summary | Should -HaveCount 1
            $summary.Source | Should -BeLike '*ml/a'
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'FolderUsedTwice,*'
            $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Path { "./$($_.Name)" }*'
        }

        It 'reports a bundle that is not there, and goes on with the next one' {
            $null = Sync-StickyMlBundle uid $bundle -Direction Push
            $summary = 'none', 'uid' | Sync-StickyMlBundle -Path { "$root/out/$_" } -Direction Pull -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'BundleNotFound,*'
            $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $summary | Should -HaveCount 1
            "$root/out/none" | Should -Not -Exist
        }

        It 'refuses the name <_>' -ForEach '..', 'a/b', '../uid' {
            Sync-StickyMlBundle $_ $bundle -Direction Push -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidBundleName,*'
        }

        It 'says with -WhatIf what would be done, in the same summary, and does nothing' {
            $null = Sync-StickyMlBundle uid $bundle -Direction Push
            Remove-Item "$bundle/data/1.jpg"
            $null = Write-Text "$bundle/data/3.jpg" 'another picture'
            $null = Write-Text "$bundle/output/model_final.pth" 'a new model'
            [IO.File]::SetLastWriteTimeUtc("$bundle/output/model_final.pth", [datetime]::UtcNow.AddMinutes(5))
            Disconnect-AllStore
            $before = Get-TreeState $root
            $said = Invoke-Transcribed -Folder $TestDrive @"
Connect-StickyPi '$root/store'
`$summary = Sync-StickyMlBundle uid '$bundle' -Direction Push -Delete -WhatIf
"`$(`$summary.Synced.Count) synced of `$(`$summary.BytesToSync) B, `$(`$summary.NotOnTarget.Key), `$(`$summary.NotOnSource.Action)"
Disconnect-StickyPi
"@
            $said -match '^What if: .*"Upload \d files \(\d+ B\)" on target ".*store/ml/uid"' | Should -HaveCount 1
            $said -match '^What if: .*"Delete 1 file \(7 B\)"' | Should -HaveCount 1
            $said[-1] | Should -Match '^0 synced of \d+ B, ml/uid/data/3\.jpg, Delete$'
            Get-TreeState $root | Should -Be $before
        }

        It 'asks twice at most: before it transfers, and before it deletes' {
            $null = Sync-StickyMlBundle uid $bundle -Direction Push
            Remove-Item "$bundle/data/1.jpg"
            1..5 | ForEach-Object { $null = Write-Text "$bundle/data/$_.svg" }

            # A verbose message is written for each question that is answered with yes.
            $said = Sync-StickyMlBundle uid $bundle -Direction Push -Delete -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            $said.Message | Should -HaveCount 2
            $said[0].Message | Should -Match 'Upload 5 files'
            $said[1].Message | Should -Match 'Delete 1 file '
        }
    }

    Context 'Compare-StickyMlBundle' {
        It 'returns the plan, and changes nothing, whatever it is told' {
            $before = Get-TreeState $bundle
            $summary = Compare-StickyMlBundle uid $bundle -Direction Push -Force -Delete
            $summary.NotOnTarget.Count | Should -Be 5
            $summary.BytesToSync | Should -BeGreaterThan 0
            $summary.Synced.Count | Should -Be 0
            Get-StickyMlBundle | Should -BeNullOrEmpty
            Get-TreeState $bundle | Should -Be $before
            (Get-Command Compare-StickyMlBundle).Parameters.Keys | Should -Not -Contain 'WhatIf'
        }
    }

    Context 'Compare-StickyMlBundle, where the model is another one' {
        It 'tells of the version that a push would write' {
            $null = Sync-StickyMlBundle uid $bundle -Direction Push
            $null = Write-Text "$bundle/output/model_final.pth" 'MODEL'
            [IO.File]::SetLastWriteTimeUtc("$bundle/output/model_final.pth", [datetime]::UtcNow.AddMinutes(5))
            $before = Get-TreeState $bundle
            $summary = Compare-StickyMlBundle uid $bundle -Direction Push -ErrorVariable problems
            $problems | Should -BeNullOrEmpty
            $summary.OnTargetDifferent.Key | Sort-Object | Should -Be 'ml/uid/output/.version.txt', 'ml/uid/output/model_final.pth'
            $summary.Failed.Count | Should -Be 0
            Get-TreeState $bundle | Should -Be $before
        }
    }

    Context 'Get-StickyMlBundle' {
        BeforeEach {
            'uid', 'uid-2', 'other' | ForEach-Object { $null = Sync-StickyMlBundle $_ $bundle -Direction Push }
        }

        It 'lists the bundles by name, with their files, sizes and versions' {
            $bundles = Get-StickyMlBundle
            $bundles.Name | Should -Be 'other', 'uid', 'uid-2'
            $bundles[1].FileCount | Should -Be 5
            $bundles[1].Size | Should -Be (Get-ChildItem "$root/store/ml/uid" -Recurse -File -Force | Measure-Object Length -Sum).Sum
            $bundles[1].Version | Should -Be (Get-Content "$bundle/output/.version.txt")
            $bundles[1].LastModified.Kind | Should -Be 'Utc'
        }

        It 'takes wildcards, and nothing for nothing' {
            (Get-StickyMlBundle u*).Name | Should -Be 'uid', 'uid-2'
            (Get-StickyMlBundle UID).Name | Should -Be 'uid'
            @() | Get-StickyMlBundle | Should -BeNullOrEmpty
            Get-StickyMlBundle @() | Should -BeNullOrEmpty
        }
    }

    Context 'Remove-StickyMlBundle' {
        BeforeEach {
            'uid', 'uid-2', 'other' | ForEach-Object { $null = Sync-StickyMlBundle $_ $bundle -Direction Push }
        }

        It 'removes a bundle with everything below its name, and no other one' {
            Remove-StickyMlBundle uid -Confirm:$false | Should -BeNullOrEmpty
            (Get-StickyMlBundle).Name | Should -Be 'other', 'uid-2'
            "$root/store/ml/uid" | Should -Not -Exist
        }

        It 'takes bundles from the pipeline, no wildcards, and nothing for nothing' {
            @() | Remove-StickyMlBundle -Confirm:$false
            Remove-StickyMlBundle 'u*' -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'BundleNotFound,*'
            (Get-StickyMlBundle).Count | Should -Be 3
            Get-StickyMlBundle u* | Remove-StickyMlBundle -Confirm:$false
            (Get-StickyMlBundle).Name | Should -Be 'other'
        }
    }
}
