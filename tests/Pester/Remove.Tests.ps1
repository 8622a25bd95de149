BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Remove-StickyImage' {
    BeforeEach {
        Disconnect-AllStore
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $script:card = Join-Path $folder 'card'
        $null = Write-Card $card
        Connect-StickyPi (Join-Path $folder 'store')
        $null = Send-StickyImage $card -Recurse
    }

    AfterAll {
        Disconnect-AllStore
    }

    It 'given a device and a time, removes the row and all three files, and returns nothing' {
        $stored = (Get-StickyImage 5c173ff2 $CardStart -What Image).Url
        Remove-StickyImage 5c173ff2 $CardStart -Confirm:$false | Should -BeNullOrEmpty
        Get-StickyImage 5c173ff2 $CardStart | Should -BeNullOrEmpty
        $stored | Should -Not -Exist
        "$stored.thumbnail" | Should -Not -Exist
        "$stored.thumbnail-mini" | Should -Not -Exist
        @(Get-StickyImageSeries).Count | Should -Be 7
        @(Get-ChildItem "$folder/store/raw_images" -Recurse -File).Count | Should -Be 21
    }

    It 'given a series, removes it while it is read' {
        Get-StickyImageSeries 5c173ff2 | Remove-StickyImage -Confirm:$false
        (Get-StickyImageSeries).Device | Select-Object -Unique | Should -Be '0a5bb6f4'
        (Get-StickyDevice).Device | Should -Be '0a5bb6f4'
    }

    It 'given no device through the pipeline, removes nothing' {
        Get-StickyDevice ffff* | Get-StickyImageSeries -WarningAction SilentlyContinue | Remove-StickyImage -Confirm:$false
        @(Get-StickyImageSeries).Count | Should -Be 8
    }

    It 'given what Send-StickyImage returned, takes it back' {
        $null = Write-Picture "$card-2" -Device aaaaaaaa
        Send-StickyImage "$card-2" | Remove-StickyImage -Confirm:$false
        @(Get-StickyImageSeries).Count | Should -Be 8
    }

    It 'what was removed can be sent again' {
        Get-StickyImageSeries | Remove-StickyImage -Confirm:$false
        (Send-StickyImage $card -Recurse).Status | Should -Be (@('Added') * 8)
    }

    It 'never touches the card' {
        $before = Get-TreeState $card
        Get-StickyImageSeries | Remove-StickyImage -Confirm:$false
        Get-TreeState $card | Should -Be $before
    }

    It 'given a picture that the store does not have, says ImageNotFound and goes on' {
        Remove-StickyImage 5c173ff2 '2020-01-01_00-00-00', '2021-06-01_19-40-00' -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageNotFound,StickyPi.PowerShell.Images.RemoveStickyImageCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$($problems[0].TargetObject)" | Should -Be '5c173ff2 2020-01-01 00:00:00'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Get-StickyImageSeries'
        @(Get-StickyImageSeries).Count | Should -Be 7
    }

    It '-ErrorAction Stop makes that an exception' {
        { Remove-StickyImage 5c173ff2 2020-01-01 -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
    }

    It 'does not take wildcards for pictures' {
        Remove-StickyImage 5c17* $CardStart -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
        @(Get-StickyImageSeries).Count | Should -Be 8
    }

    It 'asks before it removes, unless told not to' {
        # A session without a user to ask can't be answered; that it fails shows that it asked, and nothing may be gone.
        $run = Invoke-InSession 'Get-StickyImageSeries | Remove-StickyImage'
        @($run.Errors) + @($run.Failure) | Should -Not -BeNullOrEmpty
        @(Get-StickyImageSeries).Count | Should -Be 8
    }
}
