BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../out/StickyPi/StickyPi.psd1')
    $script:withDevice = @(Get-Command -Module StickyPi | Where-Object { $_.Parameters.ContainsKey('Device') }).Name
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:first = Connect-StickyPi (Join-Path $TestDrive 'first') -PassThru
    $null = Write-Card (Join-Path $TestDrive 'other card') -Device bbbb0000 -Count 1 | Send-StickyImage
    $script:second = Connect-StickyPi (Join-Path $TestDrive 'second') -PassThru
    $null = Write-Card (Join-Path $TestDrive 'card') -Device 5c173ff2, 5c17aaaa, 12345678, abcd0123 -Count 1 | Send-StickyImage

    function script:Get-Completion([string] $Line) {
        @([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches |
            Where-Object ResultType -EQ ParameterValue)
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Completion of -Device' {
    It 'works on <_>' -ForEach $withDevice {
        (Get-Completion "$_ -Device 5c").ListItemText | Should -Be '5c173ff2', '5c17aaaa'
    }

    It 'offers every device of the store where nothing is typed yet' {
        (Get-Completion 'Get-StickyImageSeries -Device ').ListItemText | Should -Be '12345678', '5c173ff2', '5c17aaaa', 'abcd0123'
    }

    It 'works by position, in upper case, and in an array' {
        (Get-Completion 'Get-StickyImageSeries 5C173').ListItemText | Should -Be '5c173ff2'
        (Get-Completion 'Get-StickyImageSeries abcd0123, 5c173').ListItemText | Should -Be '5c173ff2'
    }

    It 'works within quotes' {
        (Get-Completion "Get-StickyImageSeries -Device '5c173").ListItemText | Should -Be '5c173ff2'
    }

    It 'offers text that means the device when it is run: <_>' -ForEach '12345678', '5c173ff2', 'abcd0123' {
        $text = (Get-Completion "Get-StickyImageSeries -Device $($_.Substring(0, 5))").CompletionText
        $text | Should -HaveCount 1
        ([scriptblock]::Create("Get-StickyImageSeries -Device $text")).Invoke().Device | Should -Be $_
    }

    It 'offers nothing, and no error, where nothing fits' {
        Get-Completion 'Get-StickyImageSeries -Device ffff' | Should -BeNullOrEmpty
    }

    It 'asks the store of -Connection' {
        $run = Invoke-InSession @'
param($Store)
(TabExpansion2 'Get-StickyImageSeries -Connection $Store -Device ' 49).CompletionMatches.ListItemText
'@ @{ Store = $first }
        $run.Output | Should -Be 'bbbb0000'
    }

    It 'offers nothing, and no error, where no store is open' {
        Disconnect-AllStore
        $Error.Clear()
        Get-Completion 'Get-StickyImageSeries -Device ' | Should -BeNullOrEmpty
        $Error | Should -BeNullOrEmpty
    }
}

Describe 'Completion of the names of bundles' {
    BeforeAll {
        Disconnect-AllStore
        Connect-StickyPi (Join-Path $TestDrive 'bundles')
        $null = New-Item -ItemType Directory "$TestDrive/uid/data"
        Set-Content "$TestDrive/uid/data/1.jpg" 'picture'
        'uid', 'universal insect detector', 'other' | ForEach-Object { $null = Sync-StickyMlBundle $_ "$TestDrive/uid" -Direction Push }
    }

    It 'works on <_>' -ForEach 'Sync-StickyMlBundle', 'Compare-StickyMlBundle', 'Get-StickyMlBundle', 'Remove-StickyMlBundle' {
        (Get-Completion "$_ -Name u").CompletionText | Should -Be 'uid', "'universal insect detector'"
        (Get-Completion "$_ ").ListItemText | Should -Be 'other', 'uid', 'universal insect detector'
    }

    It 'offers directions and contents' {
        (Get-Completion 'Sync-StickyMlBundle uid . -Direction ').ListItemText | Should -Be 'Pull', 'Push'
        (Get-Completion 'Sync-StickyMlBundle uid . -Content ').ListItemText | Should -Be 'All', 'Data', 'Model'
    }
}

Describe 'Completion of keys' {
    BeforeDiscovery {
        $script:withKeys = 'Get-StickyStorageItem', 'Receive-StickyStorageItem', 'Remove-StickyStorageItem'
    }

    BeforeAll {
        Disconnect-AllStore
        Connect-StickyPi (Join-Path $TestDrive 'keys')
        'ml/uid/data/1.jpg', 'ml/uid/data/2.jpg', 'ml/uid/version.txt', 'ml/other/1', "notes/it's here/a b.txt", '2020/june', 'model' | ForEach-Object {
            $null = New-Item -ItemType Directory (Split-Path "$TestDrive/files/$_") -Force
            Set-Content -LiteralPath "$TestDrive/files/$_" 'text'
        }
        $null = Send-StickyStorageItem "$TestDrive/files" -RelativeTo "$TestDrive/files"
    }

    It 'goes from level to level on <_>' -ForEach $withKeys {
        (Get-Completion "$_ m").CompletionText | Should -Be 'ml/', 'model'
        (Get-Completion "$_ -Prefix ml/").CompletionText | Should -Be 'ml/other/', 'ml/uid/'
        (Get-Completion "$_ -Key ml/uid/").CompletionText | Should -Be 'ml/uid/data/', 'ml/uid/version.txt'
        (Get-Completion "$_ model, ml/uid/data/1").CompletionText | Should -Be 'ml/uid/data/1.jpg'
    }

    It 'quotes what the shell would take for something else, and goes on from there' {
        (Get-Completion 'Get-StickyStorageItem ').CompletionText | Should -Be "'2020/'", 'ml/', 'model', 'notes/'
        (Get-Completion "Get-StickyStorageItem '2020/'").CompletionText | Should -Be "'2020/june'"
        $folder = (Get-Completion 'Get-StickyStorageItem notes/').CompletionText
        $folder | Should -Be "'notes/it''s here/'"
        $key = (Get-Completion "Get-StickyStorageItem $folder").CompletionText
        $key | Should -Be "'notes/it''s here/a b.txt'"
        ([scriptblock]::Create("Get-StickyStorageItem $key")).Invoke().Key | Should -Be "notes/it's here/a b.txt"
    }

    It 'offers nothing, and no error, for <_>' -ForEach 'none', '../', 'ml//', 'cache/', 'database' {
        $Error.Clear()
        Get-Completion "Get-StickyStorageItem $_" | Should -BeNullOrEmpty
        $Error | Should -BeNullOrEmpty
    }
}

Describe 'Completion of -What' {
    It 'offers what <Command> takes' -ForEach @(
        @{ Command = 'Get-StickyImageSeries'; Expected = 'Image', 'Metadata', 'Thumbnail', 'ThumbnailMini' }
        @{ Command = 'Save-StickyImage'; Expected = 'Image', 'Thumbnail', 'ThumbnailMini' }
    ) {
        (Get-Completion "$Command -What ").ListItemText | Sort-Object | Should -Be $Expected
    }
}
