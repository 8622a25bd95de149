BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Save-StickyCatalog' {
    BeforeEach {
        Disconnect-AllStore
        $script:root = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Connect-StickyPi "$root/store"
        $null = Write-Card "$root/card" -Count 2 | Send-StickyImage
        Set-StickyProperty 5c173ff2 -Name site -Value 'orchard'
        $script:password = ConvertTo-SecureString 'hollow bones' -AsPlainText
    }

    AfterAll {
        Disconnect-AllStore
    }

    It 'saves what Connect-StickyPi opens, and returns nothing unless asked' {
        Save-StickyCatalog "$root/saved" | Should -BeNullOrEmpty
        $pictures = Get-StickyImageSeries
        Connect-StickyPi "$root/saved" -WarningAction Ignore
        (Get-StickyImageSeries).FileName | Should -Be $pictures.FileName
        (Get-StickyProperty 5c173ff2).Properties.site | Should -Be 'orchard'
        (Get-ChildItem "$root/saved" -File).Name | Should -Be 'database.db'
    }

    It 'saves what Connect-StickyPi opens with one warning, which can be silenced' {
        Save-StickyCatalog "$root/saved"
        Connect-StickyPi "$root/saved" -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Be "'$root/saved' holds a saved catalog: questions can be asked, and nothing can be added; it has no pictures."
        Connect-StickyPi "$root/saved" -WarningAction Ignore 3>&1 | Should -BeNullOrEmpty
        Connect-StickyPi "$root/store" 3>&1 | Should -BeNullOrEmpty
    }

    It 'refuses <What> while the saved catalog is the default, before anything is called Skipped' -ForEach @(
        @{ What = 'pictures'; Change = { Send-StickyImage "$root/card" -Recurse } }
        @{ What = 'pictures with -Force'; Change = { Send-StickyImage "$root/card" -Recurse -Force } }
        @{ What = 'pictures with -WhatIf'; Change = { Send-StickyImage "$root/card" -Recurse -WhatIf } }
        @{ What = 'tuboids'; Change = { Write-TuboidSeries "$root/found" | Send-StickyTuboid -AlgoName sim } }
        @{ What = 'annotations'; Change = { Get-StickyImageSeries -First 1 | New-Element | Add-StickyAnnotation } }
        @{ What = 'properties'; Change = { Set-StickyProperty 5c173ff2 -Name site -Value 'here' } }
        @{ What = 'users'; Change = { New-StickyUser ana $password } }
        @{ What = 'removals'; Change = { Get-StickyImageSeries -First 1 | Remove-StickyImage -Confirm:$false } }
        @{ What = 'files'; Change = { Send-StickyStorageItem "$root/card" } }
        @{ What = 'bundles'; Change = { $null = New-Item "$root/uid/data/1.txt" -Force; Sync-StickyMlBundle uid "$root/uid" -Direction Push } }
    ) {
        Save-StickyCatalog "$root/saved"
        Connect-StickyPi "$root/saved" -WarningAction Ignore
        $record = $Change | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'StoreIsCopy,*'
        $record.CategoryInfo.Category | Should -Be 'InvalidOperation'
        "$record" | Should -BeLike "'$root/saved*' is a catalog that was saved from another store, without its pictures; *"
        $record.ErrorDetails.RecommendedAction | Should -Be 'Connect to the store that it was saved from.'
        (Get-ChildItem "$root/saved" -Recurse -File).Name | Should -Be 'database.db'
    }

    It 'sends who wants its pictures to the store' {
        Save-StickyCatalog "$root/saved"
        Connect-StickyPi "$root/saved" -WarningAction Ignore
        Get-StickyImageSeries -First 1 | Save-StickyImage -Destination "$root/out" -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'StoredFileMissing,*'
        $problems.ErrorDetails.RecommendedAction | Should -Be 'Connect to the store that it was saved from.'
    }

    It 'returns what was saved with -PassThru' {
        $saved = Save-StickyCatalog "$root/saved" -PassThru
        $saved.Path | Should -Be (Join-Path $root 'saved' 'database.db')
        $saved.ImageCount | Should -Be 4
        $saved.Source | Should -Be "$root/store"
        $saved.Size | Should -Be (Get-Item $saved.Path).Length
        $saved.CreatedAt.Kind | Should -Be 'Utc'
    }

    It 'saves no user' {
        $null = New-StickyUser ana $password
        Save-StickyCatalog "$root/saved"
        Find-Secret "$root/saved" 'ana', '$pbkdf2' | Should -BeNullOrEmpty
        Connect-StickyPi "$root/saved" -WarningAction Ignore
        Get-StickyUser | Should -BeNullOrEmpty
    }

    It 'takes a path relative to the location of the session' {
        Push-Location -LiteralPath $root
        try {
            (Save-StickyCatalog 'my [x] catalog' -PassThru).Path | Should -BeExactly (Join-Path $root 'my [x] catalog' 'database.db')
        }
        finally {
            Pop-Location
        }
    }

    It 'overwrites an earlier one with -Force only' {
        Save-StickyCatalog "$root/saved"
        $null = Write-Picture "$root/card" -Device eeeeeeee | Send-StickyImage
        $record = { Save-StickyCatalog "$root/saved" } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        $record.CategoryInfo.Category | Should -Be 'ResourceExists'
        (Save-StickyCatalog "$root/saved" -Force -PassThru).ImageCount | Should -Be 5
        Connect-StickyPi "$root/saved" -WarningAction Ignore
        Disconnect-StickyPi
        $null = Write-Picture "$root/card" -Device ffffffff | Send-StickyImage
        (Save-StickyCatalog "$root/saved" -Force -PassThru).ImageCount | Should -Be 6
    }

    It 'never overwrites a store, not even with -Force' {
        $before = (Get-FileHash "$root/store/database.db").Hash
        { Save-StickyCatalog "$root/store" -Force } | Should -Throw -ErrorId 'FolderIsAStore,*'
        { Save-StickyCatalog "$root/store/raw_images" -Force } | Should -Throw -ErrorId 'ReservedKey,*'
        Connect-StickyPi "$root/other"
        $null = Write-Picture "$root/card" -Device eeeeeeee | Send-StickyImage
        Disconnect-StickyPi
        { Save-StickyCatalog "$root/other" -Force } | Should -Throw -ErrorId 'FolderIsAStore,*'
        Connect-StickyPi "$root/empty"
        { Save-StickyCatalog "$root/empty" -Force -Connection (Get-StickyPiConnection)[1] } | Should -Throw -ErrorId 'FolderIsAStore,*'
        Disconnect-AllStore
        (Get-FileHash "$root/store/database.db").Hash | Should -Be $before
    }

    It 'says where it cannot write' {
        Set-Content "$root/file" 'a file'
        { Save-StickyCatalog "$root/file/folder" } | Should -Throw -ErrorId 'FileNotWritten,*'
        { Save-StickyCatalog Env:catalog } | Should -Throw -ErrorId 'NotAFileSystemPath,*'
    }
}
