BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Send-StickyImage' {
    BeforeEach {
        Disconnect-AllStore
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $script:card = Join-Path $folder 'card'
        $script:store = Connect-StickyPi (Join-Path $folder 'store') -PassThru
    }

    AfterAll {
        Disconnect-AllStore
    }

    Context 'Results' {
        It 'given one new picture, returns what became of it' {
            $path = Write-Picture $card -Generation 2 -Device 0a5bb6f4
            $result = Send-StickyImage $path
            $result | Should -BeOfType ((Get-Command Send-StickyImage).OutputType[0].Name)
            $result.Path | Should -Be $path
            $result.Device | Should -Be '0a5bb6f4'
            $result.DateTime | Should -Be $CardStart
            $result.DateTime.Kind | Should -Be 'Utc'
            $result.Md5 | Should -BeExactly (Get-Md5 $path)
            $result.Status | Should -Be 'Added'
            $result.Image | Should -BeOfType ((Get-Command Get-StickyImage).OutputType[0].Name)
            $result.Image.Md5 | Should -Be $result.Md5
        }

        It 'given a new picture, the store has its bytes and two thumbnails' {
            $path = Write-Picture $card
            $null = Send-StickyImage $path
            $stored = (Get-StickyImageSeries -What Image).Url
            (Get-FileHash $stored).Hash | Should -Be (Get-FileHash $path).Hash
            "$stored.thumbnail" | Should -Exist
            "$stored.thumbnail-mini" | Should -Exist
        }

        It 'given the same pictures again, skips them all' {
            $null = Write-Card $card
            (Send-StickyImage $card -Recurse).Status | Should -Be (@('Added') * 8)
            (Send-StickyImage $card -Recurse).Status | Should -Be (@('Skipped') * 8)
        }

        It 'given the same pictures again after Clear-StickyCache, skips them all' {
            $null = Write-Card $card
            $null = Send-StickyImage $card -Recurse
            Clear-StickyCache | Should -BeNullOrEmpty
            (Send-StickyImage $card -Recurse).Status | Should -Be (@('Skipped') * 8)
        }

        It 'given the same picture in two folders, adds it once' {
            $paths = @((Write-Picture (Join-Path $card a)), (Write-Picture (Join-Path $card b)))
            (Send-StickyImage $paths).Status | Sort-Object | Should -Be 'Added', 'Skipped'
        }

        It 'given a path twice, works on it once' {
            $path = Write-Picture $card
            @(Send-StickyImage $path, $path).Count | Should -Be 1
        }

        It 'only reads the card' {
            $null = Write-Card $card
            $before = Get-TreeState $card
            $null = Send-StickyImage $card -Recurse
            Get-TreeState $card | Should -Be $before
        }
    }

    Context 'What paths mean' {
        It 'a folder is the pictures in it, not those in its folders, unless with -Recurse' {
            $null = Write-Picture $card
            $null = Write-Card $card -Count 2
            @(Send-StickyImage $card).Count | Should -Be 1
            @(Send-StickyImage $card -Recurse).Count | Should -Be 5
        }

        It 'of a folder, files that are no .jpg are left alone' {
            $null = Write-Picture $card
            Set-Content (Join-Path $card 'notes.txt') 'rain'
            $results = Send-StickyImage $card -ErrorVariable problems
            @($results).Count | Should -Be 1
            $problems | Should -BeNullOrEmpty
        }

        It 'Get-ChildItem -Recurse, folders and files, yields one result a file' {
            $null = Write-Card $card -Count 3
            $results = Get-ChildItem $card -Recurse | Send-StickyImage
            $results.Path | Sort-Object | Should -Be ((Get-ChildItem $card -Recurse -File).FullName | Sort-Object)
            $results.Status | Should -Be (@('Added') * 6)
        }

        It 'Get-ChildItem -Recurse -Filter *.jpg | Send-StickyImage sends them all' {
            $null = Write-Card $card -Count 3
            @(Get-ChildItem $card -Recurse -Filter *.jpg | Send-StickyImage).Count | Should -Be 6
        }

        It 'strings through the pipeline are paths' {
            @(Write-Card $card -Count 2 | Send-StickyImage).Count | Should -Be 4
        }

        It 'a property Path, as of an imported CSV, is a path' {
            Write-Card $card -Count 2 | ForEach-Object { [pscustomobject] @{ Path = $_ } } | Export-Csv "$folder/list.csv"
            (Import-Csv "$folder/list.csv" | Send-StickyImage).Status | Should -Be (@('Added') * 4)
        }

        It 'wildcards in -Path are resolved' {
            $null = Write-Card $card -Count 3
            (Send-StickyImage "$card/5c*/*_20-*.jpg").Path | Split-Path -Leaf | Sort-Object |
                Should -Be '5c173ff2.2021-06-01_20-00-00.jpg', '5c173ff2.2021-06-01_20-20-00.jpg'
            @(Send-StickyImage "$card/*").Count | Should -Be 6
        }

        It 'wildcards in -LiteralPath are only characters' {
            $null = Write-Picture $card
            $results = Send-StickyImage -LiteralPath "$card/*.jpg" -ErrorVariable problems -ErrorAction SilentlyContinue
            $results | Should -BeNullOrEmpty
            $problems.Count | Should -Be 1
        }

        It 'folders named with brackets and spaces work by <How>' -ForEach @(
            @{ How = '-LiteralPath'; Send = { param($odd) Send-StickyImage -LiteralPath $odd } }
            @{ How = '-LP'; Send = { param($odd) Send-StickyImage -LP $odd } }
            @{ How = 'an escaped -Path'; Send = { param($odd) Send-StickyImage -Path ([WildcardPattern]::Escape($odd)) } }
            @{ How = 'Get-ChildItem'; Send = { param($odd) Get-ChildItem -LiteralPath $odd | Send-StickyImage } }
            @{ How = 'Get-Item'; Send = { param($odd) Get-Item -LiteralPath $odd | Send-StickyImage } }
            @{ How = 'Set-Location'; Send = { param($odd) Set-Location -LiteralPath $odd; Send-StickyImage . } }
        ) {
            # "[x]" as a pattern means a folder called x: its picture must not be taken for the other.
            $odd = Join-Path $card 'trap [x] no 1'
            $right = Write-Picture $odd
            $null = Write-Picture (Join-Path $card 'trap x no 1') -Device 0a5bb6f4 -Generation 2
            Push-Location
            try {
                $results = & $Send $odd
            }
            finally {
                Pop-Location
            }

            $results.Path | Should -BeExactly $right
            $results.Status | Should -Be 'Added'
        }

        It 'a PSDrive works, with -Path, -LiteralPath, and from Get-ChildItem' {
            $paths = Write-Card $card -Device 5c173ff2 -Count 3
            $null = New-PSDrive -Name Card -PSProvider FileSystem -Root $card
            try {
                (Send-StickyImage 'Card:/5c173ff2/*_19-40-00.jpg').Path | Should -Be $paths[0]
                (Send-StickyImage -LiteralPath 'Card:/5c173ff2/5c173ff2.2021-06-01_20-00-00.jpg').Path | Should -Be $paths[1]
                (Get-ChildItem Card: -Recurse | Send-StickyImage).Path | Sort-Object | Should -Be $paths
            }
            finally {
                Remove-PSDrive Card
            }
        }

        It 'a relative path counts from the location, not from the directory of the process' {
            $path = Write-Picture (Join-Path $card DCIM)
            [Environment]::CurrentDirectory | Should -Not -Be $card
            Push-Location $card
            try {
                (Send-StickyImage DCIM).Path | Should -Be $path
                (Send-StickyImage ./DCIM/*.jpg).Path | Should -Be $path
                (Send-StickyImage -LiteralPath "DCIM/$(Split-Path -Leaf $path)").Path | Should -Be $path
                (Get-ChildItem DCIM -Name | ForEach-Object { "DCIM/$_" } | Send-StickyImage).Path | Should -Be $path
            }
            finally {
                Pop-Location
            }
        }

        It '-Path and -LiteralPath together are refused' {
            { Send-StickyImage -Path $card -LiteralPath $card } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }

        It '-ThrottleLimit <_> is refused' -ForEach 0, 257, -1 {
            { Send-StickyImage $card -ThrottleLimit $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It '-ThrottleLimit <_> sends all' -ForEach 1, 7 {
            $null = Write-Card $card
            (Send-StickyImage $card -Recurse -ThrottleLimit $_).Status | Should -Be (@('Added') * 8)
        }
    }

    Context 'Errors' {
        BeforeEach {
            $script:good = Write-Picture $card -Time $CardStart.AddDays(1)
        }

        It 'given <What>, says <ErrorId> of that file and goes on with the rest' -ForEach @(
            @{
                What = 'a missing file'; ErrorId = 'FileNotFound'; Category = 'ObjectNotFound'; Action = 'path'
                Make = { Join-Path $card '5c173ff2.2020-01-01_00-00-00.jpg' }
            }
            @{
                What = 'a file name without a device'; ErrorId = 'InvalidFileName'; Category = 'InvalidData'; Action = '<device>'
                Make = { Rename-Item (Write-Picture $card) 'holiday.jpg' -PassThru | ForEach-Object FullName }
            }
            @{
                What = 'a time from before the first Sticky Pi'; ErrorId = 'InvalidFileName'; Category = 'InvalidData'; Action = '<device>'
                Make = { Write-Picture $card -Time '2000-01-01' }
            }
            @{
                What = 'half a picture'; ErrorId = 'InvalidImage'; Category = 'InvalidData'; Action = 'again'
                Make = {
                    $path = Write-Picture $card
                    $bytes = [IO.File]::ReadAllBytes($path)
                    [IO.File]::WriteAllBytes($path, $bytes[0..($bytes.Length / 2)])
                    $path
                }
            }
            @{
                What = 'an empty file'; ErrorId = 'InvalidImage'; Category = 'InvalidData'; Action = 'again'
                Make = { $path = Write-Picture $card; [IO.File]::WriteAllBytes($path, [byte[]]::new(0)); $path }
            }
            @{
                What = 'a text called .jpg'; ErrorId = 'InvalidImage'; Category = 'InvalidData'; Action = 'again'
                Make = { $path = Write-Picture $card; Set-Content $path 'no picture'; $path }
            }
            @{
                What = 'another picture of the same device and time'; ErrorId = 'ImageConflict'; Category = 'ResourceExists'; Action = '-Force'
                Make = { $null = Write-Picture "$card-1" | Send-StickyImage; Write-Picture $card -Variant 1 }
            }
            @{
                What = 'an environment variable'; ErrorId = 'NotAFileSystemPath'; Category = 'InvalidData'; Action = 'files'
                Make = { 'Env:PATH' }
            }
            @{
                What = 'a drive that does not exist'; ErrorId = 'FileNotFound'; Category = 'ObjectNotFound'; Action = 'path'
                Make = { 'NoSuchDrive:/5c173ff2.2020-01-01_00-00-00.jpg' }
            }
        ) {
            $bad = & $Make
            $rows = @(Get-StickyImageSeries -WarningAction SilentlyContinue).Count
            $results = Send-StickyImage -LiteralPath $bad, $good -ErrorVariable problems -ErrorAction SilentlyContinue
            $results.Path | Should -Be $good
            $results.Status | Should -Be 'Added'
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be "$ErrorId,StickyPi.PowerShell.Images.SendStickyImageCommand"
            $problems[0].CategoryInfo.Category | Should -Be $Category
            $problems[0].TargetObject | Should -Be $bad
            if ($ErrorId -like 'Invalid*') {
                "$($problems[0])" | Should -Match "'$([regex]::Escape($bad))'"
            }

            $problems[0].ErrorDetails.RecommendedAction | Should -Match $Action
            @(Get-StickyImageSeries).Count | Should -Be ($rows + 1)
        }

        It 'given a missing file by -Path, says FileNotFound and goes on with the rest' {
            $results = 'no such file.jpg', $good | Send-StickyImage -ErrorVariable problems -ErrorAction SilentlyContinue
            $results.Path | Should -Be $good
            $problems.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
            $problems.TargetObject | Should -Be 'no such file.jpg'
        }

        It 'given the items of Env:, says so of each, and sends the file among them' {
            $count = @(Get-ChildItem Env:).Count
            $results = & { Get-ChildItem Env:; Get-Item $good } | Send-StickyImage -ErrorVariable problems -ErrorAction SilentlyContinue
            $results.Path | Should -Be $good
            $problems.Count | Should -Be $count
            $problems.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'NotAFileSystemPath,*'
        }

        It 'given a folder without a picture, says nothing' {
            $null = New-Item -ItemType Directory "$folder/empty"
            Send-StickyImage "$folder/empty" -Recurse -ErrorVariable problems | Should -BeNullOrEmpty
            $problems | Should -BeNullOrEmpty
        }

        It '-Force puts a conflicting picture in the place of the stored one' {
            $null = Write-Picture "$card-1" | Send-StickyImage
            $other = Write-Picture $card -Variant 1
            $result = Send-StickyImage $other -Force
            $result.Status | Should -Be 'Replaced'
            $stored = @(Get-StickyImageSeries -EndTime 2021-06-02 -What Image)
            $stored.Count | Should -Be 1
            $stored[0].Md5 | Should -Be $result.Md5
            (Get-FileHash $stored[0].Url).Hash | Should -Be (Get-FileHash $other).Hash
        }

        It '-Force skips what is the same' {
            (Send-StickyImage $good).Status | Should -Be 'Added'
            (Send-StickyImage $good -Force).Status | Should -Be 'Skipped'
        }

        It '-Force brings back a file that the store lost' {
            $null = Send-StickyImage $good
            $stored = (Get-StickyImageSeries -What Thumbnail).Url
            Remove-Item $stored
            (Send-StickyImage $good -Force).Status | Should -Be 'Replaced'
            $stored | Should -Exist
        }

        It 'a conflict is told of each time, also from the cache' {
            $null = Write-Picture "$card-1" | Send-StickyImage
            $other = Write-Picture $card -Variant 1
            foreach ($time in 1..3) {
                Send-StickyImage $other -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
                $problems.FullyQualifiedErrorId | Should -BeLike 'ImageConflict,*' -Because "this is time $time"
            }
        }

        It '-ErrorAction Stop stops at the bad file' {
            Set-Content (Join-Path $card '00000000.2021-01-01_00-00-00.jpg') 'no picture'
            $null = Write-Card (Join-Path $card 'DCIM') -Count 120
            $record = { Send-StickyImage $card -Recurse -ThrottleLimit 1 -ErrorAction Stop } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidImage,*'
            $rows = @(Get-StickyImageSeries -WarningAction SilentlyContinue).Count
            $rows | Should -BeLessThan 240
            Start-Sleep -Milliseconds 300
            @(Get-StickyImageSeries -WarningAction SilentlyContinue).Count | Should -Be $rows
        }

        It 'with more bad paths than any buffer holds, tells of each' {
            $paths = 1..3000 | ForEach-Object { Join-Path $card "$_.jpg" }
            $results = $paths + $good | Get-Random -Shuffle |
                ForEach-Object { [pscustomobject] @{ LiteralPath = $_ } } |
                Send-StickyImage -ErrorVariable problems -ErrorAction SilentlyContinue
            $results.Path | Should -Be $good
            $problems.Count | Should -Be 3000
        }
    }
}
