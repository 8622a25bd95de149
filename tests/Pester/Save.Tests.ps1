BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:card = Join-Path $TestDrive 'card'
    $script:paths = @(Write-Card $card)
    Connect-StickyPi (Join-Path $TestDrive 'store')
    $null = Send-StickyImage $card -Recurse
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Save-StickyImage' {
    BeforeEach {
        $script:destination = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
    }

    It 'given a series, copies its pictures byte for byte and returns the files' {
        $files = @(Get-StickyImageSeries | Save-StickyImage -Destination $destination)
        $files | Should -BeOfType ((Get-Command Save-StickyImage).OutputType[0].Name)
        $files.Count | Should -Be 8
        $files.FullName | Should -Exist
        ($files | Get-FileHash).Hash | Sort-Object | Should -Be (($paths | Get-Item | Get-FileHash).Hash | Sort-Object)
        @(Get-ChildItem $destination -Recurse -File).Count | Should -Be 8
    }

    It 'given a device and times, copies those' {
        $files = Save-StickyImage 5c173ff2 '2021-06-01_19-40-00', '2021-06-01_20-20-00' $destination
        $files.Name | Sort-Object | Should -Be '5c173ff2.2021-06-01_19-40-00.jpg', '5c173ff2.2021-06-01_20-20-00.jpg'
    }

    It 'given -What <_>, writes files that picture viewers open, no larger than they should be' -ForEach Thumbnail, ThumbnailMini {
        $file = Save-StickyImage 5c173ff2 '2021-06-01_19-40-00' $destination -What $_
        $file.Extension | Should -Be '.jpg'
        $file.Length | Should -BeGreaterThan 0
        $file.Length | Should -BeLessThan (Get-Item $paths[0]).Length
        [IO.File]::ReadAllBytes($file.FullName)[0..1] | Should -Be 0xFF, 0xD8
    }

    It 'given all three of -What, writes three files a picture' {
        $files = Get-StickyImageSeries 5c173ff2 | Save-StickyImage -Destination $destination -What Image, Thumbnail, ThumbnailMini
        @($files.FullName | Select-Object -Unique).Count | Should -Be 12
        $files.FullName | Should -Exist
    }

    It 'given -What Metadata, refuses: it has no file' {
        { Save-StickyImage 5c173ff2 '2021-06-01_19-40-00' $destination -What Metadata } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'run again, returns the same files and writes none' {
        $first = Get-StickyImageSeries | Save-StickyImage -Destination $destination
        $before = Get-TreeState $destination
        $second = Get-StickyImageSeries | Save-StickyImage -Destination $destination
        $second.FullName | Sort-Object | Should -Be ($first.FullName | Sort-Object)
        Get-TreeState $destination | Should -Be $before
    }

    It 'given a different file in the way, says FileExists, leaves it, and goes on' {
        $file = Save-StickyImage 5c173ff2 '2021-06-01_19-40-00' $destination
        Set-Content $file.FullName 'mine'
        $files = Get-StickyImageSeries 5c173ff2 | Save-StickyImage -Destination $destination -ErrorVariable problems -ErrorAction SilentlyContinue
        $files.Count | Should -Be 3
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'FileExists,StickyPi.PowerShell.Images.SaveStickyImageCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        $problems[0].TargetObject | Should -Be $file.FullName
        $problems[0].ErrorDetails.RecommendedAction | Should -Match '-Force'
        Get-Content $file.FullName | Should -Be 'mine'
    }

    It '-Force overwrites a different file' {
        $file = Save-StickyImage 5c173ff2 '2021-06-01_19-40-00' $destination
        Set-Content $file.FullName 'mine'
        (Save-StickyImage 5c173ff2 '2021-06-01_19-40-00' $destination -Force).FullName | Should -Be $file.FullName
        (Get-FileHash $file.FullName).Hash | Should -Be (Get-FileHash $paths[0]).Hash
    }

    It 'given a picture that the store does not have, says ImageNotFound and goes on' {
        $files = Save-StickyImage 5c173ff2 '2020-01-01_00-00-00', '2021-06-01_19-40-00' $destination -ErrorVariable problems -ErrorAction SilentlyContinue
        $files.Name | Should -Be '5c173ff2.2021-06-01_19-40-00.jpg'
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageNotFound,StickyPi.PowerShell.Images.SaveStickyImageCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$($problems[0].TargetObject)" | Should -Be '5c173ff2 2020-01-01 00:00:00'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Get-StickyImageSeries'
    }

    It '-ErrorAction Stop stops at it' {
        { Save-StickyImage 5c173ff2 '2020-01-01_00-00-00' $destination -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
    }

    It 'given a picture whose file was damaged in the store, says so and copies nothing' {
        $other = Connect-StickyPi "$destination-store" -PassThru
        try {
            $null = Write-Picture "$destination-card" | Send-StickyImage
            $stored = (Get-StickyImageSeries -What Image).Url
            $bytes = [IO.File]::ReadAllBytes($stored)
            $bytes[-3] = $bytes[-3] -bxor 1
            [IO.File]::WriteAllBytes($stored, $bytes)
            Get-StickyImageSeries | Save-StickyImage -Destination $destination -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'StoredFileDamaged,*'
            $problems[0].CategoryInfo.Category | Should -Be 'ReadError'
            Get-ChildItem $destination -Recurse -File -ErrorAction Ignore | Should -BeNullOrEmpty
        }
        finally {
            Disconnect-StickyPi $other
        }
    }

    It 'takes a destination <Where>' -ForEach @(
        @{ Where = 'with brackets and spaces'; Run = { Save-StickyImage 5c173ff2 $CardStart "$destination/trap [x] 1" }; Expected = 'trap [x] 1' }
        @{ Where = 'relative to the location'; Run = { Set-Location $destination; Save-StickyImage 5c173ff2 $CardStart here }; Expected = 'here' }
        @{ Where = 'on a PSDrive'; Run = { Save-StickyImage 5c173ff2 $CardStart Out:/there }; Expected = 'there' }
    ) {
        $null = New-Item -ItemType Directory $destination
        $null = New-PSDrive -Name Out -PSProvider FileSystem -Root $destination
        Push-Location
        try {
            $file = & $Run
        }
        finally {
            Pop-Location
            Remove-PSDrive Out
        }

        $file.FullName | Should -BeExactly "$destination/$Expected/5c173ff2/5c173ff2.2021-06-01_19-40-00.jpg"
        [IO.File]::Exists($file.FullName) | Should -BeTrue
    }

    It 'given a destination that is not of the file system, refuses' {
        { Save-StickyImage 5c173ff2 $CardStart Env:out } | Should -Throw -ErrorId 'NotAFileSystemPath,*'
    }

    It 'given a file as destination, says of each picture that it was not written' {
        Set-Content $destination 'a file'
        Get-StickyImageSeries 5c173ff2 | Save-StickyImage -Destination $destination -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.Count | Should -Be 4
        $problems.CategoryInfo.Category | Select-Object -Unique | Should -Be 'WriteError'
        Get-Content $destination | Should -Be 'a file'
    }

    It 'leaves no unfinished file behind' {
        $null = Get-StickyImageSeries | Save-StickyImage -Destination $destination -ThrottleLimit 4 -What Image, Thumbnail
        (Get-ChildItem $destination -Recurse -File -Force).Extension | Select-Object -Unique | Should -Be '.jpg'
    }
}
