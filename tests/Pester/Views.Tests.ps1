BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    Connect-StickyPi (Join-Path $TestDrive 'store')
    $script:card = Join-Path $TestDrive 'card'
    $null = Write-Card $card -Count 2
    $null = Send-StickyImage $card -Recurse
    $null = New-Item -ItemType Directory "$TestDrive/uid/data", "$TestDrive/uid/output", "$TestDrive/store/left"
    Set-Content "$TestDrive/uid/data/1.jpg" ('picture' * 1000)
    Set-Content "$TestDrive/uid/output/model_final.pth" 'model'
    $null = Sync-StickyMlBundle uid "$TestDrive/uid" -Direction Push
    Set-Content "$TestDrive/store/left/.stickypi-0123456789ab-1-big.bin.partial" 'left'

    # The labels of the table that the console would show.
    function script:Get-Column($Value) {
        $shape = @($Value | Format-Table)[0].shapeInfo
        @($shape.tableColumnInfoList | ForEach-Object { $_.label ? $_.label : $_.propertyName })
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Default views' {
    It 'of <Name> is a table of <Columns>' -ForEach @(
        @{ Name = 'StickyImage'; Run = { Get-StickyImageSeries }; Columns = 'Device', 'DateTime (UTC)', "Temp $([char] 0xB0)C", 'Hum %', 'File' }
        @{ Name = 'ImageMetadata'; Run = { Get-StickyImageMetadata $card/* }; Columns = 'Device', 'DateTime (UTC)', "Temp $([char] 0xB0)C", 'Hum %', 'Position' }
        @{ Name = 'SendImageResult'; Run = { Send-StickyImage $card -Recurse }; Columns = 'Status', 'Device', 'DateTime (UTC)', "Temp $([char] 0xB0)C", 'Path' }
        @{ Name = 'StickyDevice'; Run = { Get-StickyDevice }; Columns = 'Device', 'Pictures', 'First (UTC)', 'Last (UTC)', 'LastPosition' }
        @{ Name = 'StickyStorageItem'; Run = { Get-StickyStorageItem }; Columns = 'LastModified (UTC)', 'Size', 'Key' }
        @{ Name = 'StickySyncItem'; Run = { (Compare-StickyMlBundle uid "$TestDrive/uid" -Direction Push).Matched }; Columns = 'Action', 'Source', 'Target', 'Key', 'Reason' }
        @{ Name = 'StickyMlBundle'; Run = { Get-StickyMlBundle }; Columns = 'Name', 'Files', 'Size', 'LastModified (UTC)', 'Version' }
        @{ Name = 'StickyIncompleteUpload'; Run = { Get-StickyIncompleteUpload }; Columns = 'Started (UTC)', 'Size', 'Key' }
        @{ Name = 'StickyBucket'; Run = { [StickyPi.Core.Storage.StickyBucket]::new('traps', 'https://s3.example.org', 'us-east-1', $true) }; Columns = 'Name', 'Created', 'Region', 'Endpoint' }
        @{ Name = 'StickyConnection'; Run = { Get-StickyPiConnection }; Columns = 'Default', 'Name', 'Kind', 'User', 'Location' }
    ) {
        $objects = & $Run
        @($objects)[0].GetType().Name | Should -Be $Name

        # Without Format-Table as well: more than four properties would otherwise be a list.
        ($objects | Out-String -Width 200) -split '\r?\n' | Where-Object { $_ } | Select-Object -First 1 |
            Should -Match ('^\s*(\e\[[\d;]*m)*' + ($Columns.ForEach{ [regex]::Escape($_) } -join '(\e\[[\d;]*m)*\s+(\e\[[\d;]*m)*'))
        Get-Column $objects | Should -Be $Columns
    }

    It 'of a summary tells numbers instead of lists, and sizes to be read' {
        $text = Compare-StickyMlBundle other "$TestDrive/uid" -Direction Push | Out-String -Width 200
        $text | Should -Match '(?m)^Direction\s+: Push\s*$'
        $text | Should -Match '(?m)^NotOnTarget\s+: 3\s*$'
        $text | Should -Match '(?m)^Synced\s+: 0\s*$'
        $text | Should -Match '(?m)^BytesToSync\s+: 7\.1 kB\s*$'
        $text | Should -Match '(?m)^Elapsed\s+: 00:00:0\d\.\d{3}\s*$'
    }

    It 'of sizes is the same in the culture "de-DE"' {
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = 'de-DE'
        try {
            Get-StickyStorageItem ml -Include jpg | Out-String -Width 200 | Should -Match '7 kB\s+ml/uid/data/1\.jpg'
            Get-StickyMlBundle | Out-String -Width 200 | Should -Match '7\.1 kB'
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'of every type that a command returns is the module''s own' {
        $types = (Get-Command -Module StickyPi).OutputType.Type | Where-Object { $_ -and $_.FullName -like 'StickyPi.*' } | Select-Object -Unique
        $types.Count | Should -BeGreaterOrEqual 5
        $types | Where-Object { -not (Get-FormatData -TypeName $_.FullName -PowerShellVersion $PSVersionTable.PSVersion) } | Should -BeNullOrEmpty
    }

    It 'of a picture shows its time in UTC and its file name' {
        $text = Get-StickyImageSeries 5c173ff2 -First 1 | Out-String -Width 200
        $text | Should -Match '5c173ff2\s+2021-06-01 19:40:00\s+18\.5\s+82\s+5c173ff2\.2021-06-01_19-40-00\.jpg'
    }

    It 'shows times as the tools write them, in the culture "<_>"' -ForEach 'fi-FI', 'th-TH', 'ar-SA' {
        # Other separators, and other calendars: there it is 1442, or 2564, as much as 2021.
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $_
        try {
            foreach ($objects in (Get-StickyImageSeries), (Get-StickyImageMetadata $card/*), (Send-StickyImage $card -Recurse), (Get-StickyDevice)) {
                $objects | Out-String -Width 200 | Should -Match '2021-06-01 19:40:00'
            }
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'of a picture shows the file that was asked for' {
        $image = Get-StickyImageSeries 5c173ff2 -First 1 -What Thumbnail
        ($image | Out-String -Width 400).Contains($image.Url) | Should -BeTrue
    }

    It 'fits 80 columns without the file' {
        $lines = (Get-StickyImageSeries | Out-String -Width 80) -split '\r?\n'
        $lines | Where-Object { $_.Length -gt 80 -and $_ -notmatch '\e' } | Should -BeNullOrEmpty
        $lines -match '5c173ff2\s+2021-06-01 19:40:00' | Should -HaveCount 1
    }
}
