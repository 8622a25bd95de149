BeforeDiscovery {
    # Drawings of real pictures lie outside the project: named by the environment, or in a folder called shared/data beside it or above it.
    $script:samples = @($env:STICKYPI_SAMPLE_DATA) + @(for ($folder = $PSScriptRoot; $folder; $folder = Split-Path $folder) { "$folder/shared/data" }) |
        Where-Object { $_ } | ForEach-Object { "$_/ml_bundle/data" } | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:version = '1598113346-ad2cd78dfaca12821046dfb8994724d5'
    $script:card = Join-Path $TestDrive 'card'
    $null = Write-Card $card

    # Two stores with the same pictures. Tests that write annotations get a copy of the one without any, which is much faster than sending again.
    $script:bare = Join-Path $TestDrive 'bare'
    $connection = Connect-StickyPi $bare -PassThru
    $null = Send-StickyImage $card -Recurse
    Disconnect-StickyPi $connection
    $script:full = Join-Path $TestDrive 'full'
    Copy-Item -LiteralPath $bare $full -Recurse

    # What is not easy to write: names with quotes, corners outside of the picture, one that comes twice, and no object at all.
    $insect = @{ name = 'insect'; value = $null; stroke_colour = '#0000ff'; fill_colour = '#ff0000' }
    $script:outlines = @(
        $insect + @{ contour = (1, 2), (30, 2), (30, 40) }
        @{ contour = (12, 5), (600, 12), (9, 480), (12, 5); name = "Käfer & `"Spinne`" <虫>"; value = -7; stroke_colour = '#00ff7f'; fill_colour = '#abcdef' }
        $insect + @{ contour = @(0..99 | ForEach-Object { , @(($_ * 5), ($_ * $_ % 97)) }) }
        @{ contour = (5, 5), (6, 5), (6, 6), (5, 6); name = 'pixel'; value = 0; stroke_colour = '#000000'; fill_colour = '#ffffff' }
    )

    # Elements as Add-StickyAnnotation takes them, of the pictures of the pipeline, each with other objects.
    function script:New-Found {
        $i = 0
        foreach ($image in $input) {
            $time = $image.DateTime.ToString('yyyy-MM-dd_HH-mm-ss', [cultureinfo]::InvariantCulture)
            @{
                annotations = @(switch ($i++) { 0 { $outlines[0, 1] } 2 { $outlines[2] } 3 { $outlines[3] } })
                metadata    = @{ algo_name = 'detector'; algo_version = $version; device = $image.Device; datetime = $time; md5 = $image.Md5 }
            }
        }
    }

    function script:Open-Full { Connect-StickyPi $full }

    function script:Open-Bare {
        $folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Copy-Item -LiteralPath $bare $folder -Recurse
        Connect-StickyPi $folder -PassThru
    }

    # All that annotations say, in lines that can be compared.
    function script:Get-Line {
        foreach ($annotation in $input) {
            "$($annotation.FileName) $($annotation.Md5) $($annotation.AlgoName) $($annotation.AlgoVersion) $($annotation.ObjectCount)"
            foreach ($item in $annotation.Objects) {
                "$($item.Name) = $($item.Value), $($item.StrokeColour) $($item.FillColour): $($item.Contour)"
            }
        }
    }

    # Does what somebody does in a drawing program: the picture and what is drawn stay, more comes on top.
    function script:Add-Shape([string] $Path, [string] $Shape) {
        [IO.File]::WriteAllText($Path, [IO.File]::ReadAllText($Path).Replace('</svg>', "$Shape</svg>"))
    }

    function script:New-Folder {
        (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid().ToString('N')))).FullName
    }

    # Runs a script with $Drawings, a folder of drawings of the four pictures of 5c173ff2, in a session where it is the location.
    function script:Invoke-There([string] $Script) {
        Invoke-InSession "param(`$Drawings)`nSet-Location -LiteralPath `$Drawings`n$Script" @{ Drawings = $drawings }
    }

    Open-Full
    Get-StickyImageSeries 5c173ff2 | New-Found | Add-StickyAnnotation
    Get-StickyImageSeries 0a5bb6f4 -First 1 | New-Found | Add-StickyAnnotation
    $script:stored = @(Get-StickyAnnotation -What Data)
    $script:lines = @($stored | Get-Line)
    $script:names = @(0..3 | ForEach-Object { "5c173ff2.$($CardStart.AddMinutes(20 * $_).ToString('yyyy-MM-dd_HH-mm-ss', [cultureinfo]::InvariantCulture))" })
    $script:made = New-Folder
    $null = Get-StickyAnnotation 5c173ff2 -What Data | Export-StickyAnnotation -Destination $made
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Export-StickyAnnotation' {
    BeforeAll {
        Disconnect-AllStore
        Open-Full
    }

    BeforeEach {
        $script:destination = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
    }

    Context 'Drawings' {
        It 'writes one for each annotation, which holds the picture byte for byte, and returns the files' {
            $files = @(Get-StickyAnnotation -What Data | Export-StickyAnnotation -Destination $destination)
            $files | Should -BeOfType ((Get-Command Export-StickyAnnotation).OutputType[0].Name)
            $files.FullName | Should -Be ($stored.FileName | ForEach-Object { Join-Path $destination ([IO.Path]::ChangeExtension($_, '.svg')) })
            $files.FullName | Should -Exist
            @(Get-ChildItem $destination -Force).Count | Should -Be 5
            foreach ($i in 0..4) {
                $svg = ([xml] [IO.File]::ReadAllText($files[$i].FullName)).svg
                $jpeg = [Convert]::FromBase64String($svg.image.href.Split(',')[1])
                [Convert]::ToHexString([Security.Cryptography.MD5]::HashData($jpeg)) | Should -Be $stored[$i].Md5
                @($svg.ChildNodes | Where-Object LocalName -EQ path).Count | Should -Be $stored[$i].ObjectCount
            }
        }

        It 'run again, returns the same files and writes none' {
            $first = Get-StickyAnnotation -What Data | Export-StickyAnnotation $destination
            $before = Get-TreeState $destination
            $second = Get-StickyAnnotation -What Data | Export-StickyAnnotation $destination
            $second.FullName | Should -Be $first.FullName
            Get-TreeState $destination | Should -Be $before
        }

        It 'given a different file in the way, says FileExists, leaves it, and goes on; -Force overwrites it' {
            $file = Get-StickyAnnotation 5c173ff2 -DateTime $CardStart -What Data | Export-StickyAnnotation $destination
            Set-Content $file.FullName 'mine'
            $files = Get-StickyAnnotation 5c173ff2 -What Data | Export-StickyAnnotation $destination -ErrorVariable problems -ErrorAction SilentlyContinue
            $files.Name | Should -Be ($names[1..3] | ForEach-Object { "$_.svg" })
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be 'FileExists,StickyPi.PowerShell.Annotations.ExportStickyAnnotationCommand'
            $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
            $problems[0].TargetObject | Should -Be $file.FullName
            $problems[0].ErrorDetails.RecommendedAction | Should -Match '-Force'
            Get-Content $file.FullName | Should -Be 'mine'

            (Get-StickyAnnotation 5c173ff2 -DateTime $CardStart -What Data | Export-StickyAnnotation $destination -Force).FullName | Should -Be $file.FullName
            Get-Md5 $file.FullName | Should -Be (Get-Md5 "$made/$($names[0]).svg")
        }

        It 'given what Get-StickyAnnotatedImage returns, exports its annotations and passes over pictures without any' {
            $run = Invoke-InSession 'param($To) Get-StickyAnnotatedImage -AnnotationWhat Data | Export-StickyAnnotation -Destination $To' @{ To = $destination }
            $run.Errors | Should -BeNullOrEmpty
            $run.Warnings | Should -BeNullOrEmpty
            $run.Output.Name | Should -Be ($stored.FileName | ForEach-Object { $_.Replace('.jpg', '.svg') })
        }

        It 'takes annotations by argument' {
            @(Export-StickyAnnotation $destination $stored).Count | Should -Be 5
            @(Export-StickyAnnotation $destination -Annotation $stored[0]).Count | Should -Be 1
        }

        It 'takes what Import-StickyAnnotation returns, and writes the same file' {
            (Import-StickyAnnotation "$made/*.svg" | Export-StickyAnnotation $destination).Name | Should -Be ($names | ForEach-Object { "$_.svg" })
            (Get-ChildItem $destination | Get-FileHash).Hash | Should -Be (Get-ChildItem $made | Get-FileHash).Hash
        }

        It 'given nothing through the pipeline, makes not even a folder' {
            $run = Invoke-InSession 'param($To) Get-StickyDevice ffff* | Get-StickyAnnotation -What Data | Export-StickyAnnotation $To; @() | Export-StickyAnnotation "$To.json"' @{ To = $destination }
            $run.Output, $run.Errors, $run.Warnings | ForEach-Object { $_ } | Should -BeNullOrEmpty
            $destination, "$destination.json" | Should -Not -Exist
        }

        It 'given <What>, says <ErrorId> of it and goes on with the rest' -ForEach @(
            @{
                What = 'an annotation without its objects'; ErrorId = 'NoAnnotationData'; Category = 'InvalidData'; Action = '-What Data'; Message = '2 objects'
                Make = { Get-StickyAnnotation 5c173ff2 -DateTime $CardStart }
            }
            @{
                What = 'another annotation of a picture'; ErrorId = 'SeveralAnnotations'; Category = 'ResourceExists'; Action = '-AlgoName'; Message = 'a drawing holds one'
                Make = { Import-StickyAnnotation $made/*20-20-00.svg -AlgoName manual }
            }
            @{
                What = 'an annotation of a picture that the store does not have'; ErrorId = 'ImageNotFound'; Category = 'ObjectNotFound'; Action = 'Send-StickyImage'
                Message = '2022-02-02_02-02-02 \(UTC\)'
                Make = { Copy-Item "$made/$($names[0]).svg" "$TestDrive/5c173ff2.2022-02-02_02-02-02.svg"; Import-StickyAnnotation "$TestDrive/5c173ff2.2022*.svg" }
            }
            @{
                What = 'an annotation of another picture of that name'; ErrorId = 'Md5Mismatch'; Category = 'ResourceExists'; Action = 'Save-StickyImage'
                Message = 'another picture \(MD5 [0-9a-f]{32}\)'
                Make = { $null = New-Item -ItemType Directory "$destination-other"; Copy-Item "$made/$($names[0]).svg" "$destination-other/$($names[1]).svg"; Import-StickyAnnotation "$destination-other" }
            }
        ) {
            $odd = & $Make
            $run = Invoke-InSession 'param($Good, $Odd, $To) @($Good) + $Odd | Export-StickyAnnotation -Destination $To' @{ Good = $stored[-2]; Odd = $odd; To = $destination }
            $run.Failure | Should -BeNullOrEmpty
            $run.Output.Name | Should -Be $stored[-2].FileName.Replace('.jpg', '.svg')
            $run.Errors.Count | Should -Be 1
            $run.Errors[0].FullyQualifiedErrorId | Should -Be "$ErrorId,StickyPi.PowerShell.Annotations.ExportStickyAnnotationCommand"
            $run.Errors[0].CategoryInfo.Category | Should -Be $Category
            $run.Errors[0].TargetObject | Should -Be $odd
            $run.Errors[0].Exception.Message | Should -Match $Message
            $run.Errors[0].ErrorDetails.RecommendedAction | Should -Match $Action
        }

        It '-ErrorAction Stop makes that an exception' {
            { Get-StickyAnnotation 5c173ff2 -DateTime $CardStart | Export-StickyAnnotation $destination -ErrorAction Stop } | Should -Throw -ErrorId 'NoAnnotationData,*'
            $destination | Should -Not -Exist
        }

        It 'an annotation that found nothing needs no objects' {
            (Get-StickyAnnotation 5c173ff2 -DateTime $CardStart.AddMinutes(20) | Export-StickyAnnotation $destination).Name | Should -Be "$($names[1]).svg"
        }

        It '-Connection exports pictures of another store than the default' {
            $default = Connect-StickyPi "$destination-empty" -PassThru
            try {
                $other = Get-StickyPiConnection | Where-Object Location -EQ $full
                $stored[1] | Export-StickyAnnotation $destination -Connection $other | Should -Exist
                $stored[1] | Export-StickyAnnotation $destination -ErrorVariable problems -ErrorAction SilentlyContinue
                $problems[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
            }
            finally {
                Disconnect-StickyPi $default
            }
        }

        It 'takes a destination <Where>' -ForEach @(
            @{ Where = 'with brackets and spaces'; Run = { Export-StickyAnnotation "$destination/trap [x] 1" $stored[1] }; Expected = 'trap [x] 1' }
            @{ Where = 'relative to the location'; Run = { Set-Location $destination; Export-StickyAnnotation ./here $stored[1] }; Expected = 'here' }
            @{ Where = 'on a PSDrive'; Run = { Export-StickyAnnotation Out:/there $stored[1] }; Expected = 'there' }
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

            $file.DirectoryName | Should -BeExactly (Join-Path $destination $Expected)
            [IO.File]::Exists($file.FullName) | Should -BeTrue
        }

        It 'given a file as destination, says of each annotation that it was not written' {
            Set-Content $destination 'a file'
            $stored | Export-StickyAnnotation $destination -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems.Count | Should -Be 5
            $problems.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'FileNotWritten,*'
            $problems.CategoryInfo.Category | Select-Object -Unique | Should -Be 'WriteError'
            Get-Content $destination | Should -Be 'a file'
        }

        It 'asks with -Confirm, and writes what it was told to' {
            # Who answers writes to the program; nothing else can.
            $script = "$destination.ps1"
            Set-Content $script @"
Import-Module '$ModulePath'
Connect-StickyPi '$full'
@(Get-StickyAnnotation 5c173ff2 -What Data | Export-StickyAnnotation '$destination' -Confirm).ForEach{ "wrote `$(`$_.Name)" }
"@
            $program, $arguments = @($PowerShell -ne '-NonInteractive') + $script
            $said = 'n', 'y', 'l' | & $program @arguments 2>&1
            @($said -like '*Are you sure*').Count | Should -Be 3
            $said -like 'wrote *' | Should -Be "wrote $($names[1]).svg"
            (Get-ChildItem $destination).Name | Should -Be "$($names[1]).svg"
        }

        It 'Select-Object -First stops it, and leaves no unfinished file behind' {
            @(Get-StickyAnnotation -What Data | Export-StickyAnnotation $destination | Select-Object -First 1).Count | Should -Be 1
            Start-Sleep -Milliseconds 300
            (Get-ChildItem $destination -Force).Extension | Select-Object -Unique | Should -Be '.svg'
            $count = @(Get-ChildItem $destination).Count
            @(Import-StickyAnnotation $destination).Count | Should -Be $count
            Get-StickyAnnotation -What Data | Export-StickyAnnotation $destination | Select-Object -First 1 | Should -Not -BeNullOrEmpty
        }

        It 'in the culture "<_>", writes the same bytes' -ForEach 'de-DE', 'sv-SE', 'th-TH', 'ar-SA' {
            $expected = Export-StickyAnnotation "$destination-invariant.json" $stored
            $culture = [cultureinfo]::CurrentCulture
            [cultureinfo]::CurrentCulture = $_
            try {
                $null = Export-StickyAnnotation $destination $stored[1..4]
                $json = Export-StickyAnnotation "$destination.json" $stored
                $imported = Import-StickyAnnotation $made, $json.FullName | Get-Line
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }

            Get-Md5 $json.FullName | Should -Be (Get-Md5 $expected.FullName)
            Get-Md5 "$destination/$($names[0]).svg" | Should -Be (Get-Md5 "$made/$($names[0]).svg")
            $imported | Should -Be (@(Import-StickyAnnotation $made, $json.FullName | Get-Line))
        }
    }

    Context 'COCO' {
        It 'writes one file for all, of the shape that COCO asks for' {
            $file = Get-StickyAnnotation -What Data | Export-StickyAnnotation -Destination "$destination/insects.json"
            $file | Should -BeOfType ((Get-Command Export-StickyAnnotation).OutputType[0].Name)
            $file.FullName | Should -Be (Join-Path $destination insects.json)
            $coco = Get-Content $file.FullName -Raw | ConvertFrom-Json -DateKind String
            $coco.psobject.Properties.Name | Should -Contain 'info'

            $coco.images.Count | Should -Be 5
            $coco.images.id | Should -Be 1, 2, 3, 4, 5
            $coco.images.file_name | Should -Be $stored.FileName
            $coco.images.md5 | Should -Be $stored.Md5
            $coco.images[1].width | Should -Be (Get-StickyImage 5c173ff2 $CardStart).Width
            $coco.images[1].height | Should -Be (Get-StickyImage 5c173ff2 $CardStart).Height
            $coco.images[1].date_captured | Should -Be '2021-06-01 19:40:00'

            $coco.categories.name | Should -Be 'insect', $outlines[1].name, 'pixel'
            $coco.annotations.Count | Should -Be 6
            $coco.annotations.id | Should -Be 1, 2, 3, 4, 5, 6
            $coco.annotations.image_id | Should -Be 1, 1, 2, 2, 4, 5
            $coco.annotations.category_id | Should -Be 1, 2, 1, 2, 1, 3
            $coco.annotations.iscrowd | Select-Object -Unique | Should -Be 0
            $coco.annotations[0].segmentation.Count | Should -Be 1
            $coco.annotations[0].segmentation[0] | Should -Be 1, 2, 30, 2, 30, 40
            $coco.annotations[0].bbox | Should -Be 1, 2, 29, 38
            $coco.annotations[0].area | Should -Be 551
            $coco.annotations[5].bbox | Should -Be 5, 5, 1, 1
            $coco.annotations[5].area | Should -Be 1
        }

        It 'one object on one picture is still an array of one' {
            $file = Export-StickyAnnotation "$destination.json" $stored[4]
            $coco = Get-Content $file.FullName -Raw | ConvertFrom-Json -AsHashtable
            foreach ($name in 'images', 'annotations', 'categories') {
                , $coco[$name] | Should -BeOfType ([object[]])
                $coco[$name].Count | Should -Be 1
            }
        }

        It 'holds several algorithms of a picture, but the same annotation only once' {
            $manual = @(Import-StickyAnnotation $made -AlgoName manual)
            $run = Invoke-InSession 'param($All, $To) $All | Export-StickyAnnotation $To' @{ All = $stored + $manual + $manual[0]; To = "$destination.json" }
            $run.Output.Count | Should -Be 1
            $run.Errors.Count | Should -Be 1
            $run.Errors[0].FullyQualifiedErrorId | Should -BeLike 'SeveralAnnotations,*'
            $run.Errors[0].Exception.Message | Should -Match 'given twice'
            $back = @(Import-StickyAnnotation $run.Output.FullName)
            $back.Count | Should -Be 9
            $back.AlgoName | Group-Object -NoElement | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be 'detector 5', 'manual 4'
        }

        It '-Format says what a destination is, whatever it is called' {
            (Export-StickyAnnotation "$destination/insects.coco" $stored -Format Coco).Name | Should -Be 'insects.coco'
            $files = Export-StickyAnnotation "$destination/drawings.json" $stored -Format Svg
            $files.Count | Should -Be 5
            Split-Path $files[0].DirectoryName -Leaf | Should -Be 'drawings.json'
        }

        It 'given a file in the way, says FileExists and leaves it; -Force overwrites it' {
            Set-Content "$destination.json" 'mine'
            $record = { Export-StickyAnnotation "$destination.json" $stored } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -Be 'FileExists,StickyPi.PowerShell.Annotations.ExportStickyAnnotationCommand'
            $record.CategoryInfo.Category | Should -Be 'ResourceExists'
            $record.TargetObject | Should -Be "$destination.json"
            $record.ErrorDetails.RecommendedAction | Should -Match '-Force'
            Get-Content "$destination.json" | Should -Be 'mine'

            (Export-StickyAnnotation "$destination.json" $stored -Force).FullName | Should -Be "$destination.json"
            @(Import-StickyAnnotation "$destination.json").Count | Should -Be 5
        }

        It 'refuses <What>' -ForEach @(
            @{ What = 'a folder'; To = { (New-Item -ItemType Directory "$destination.json").FullName }; ErrorId = 'InvalidDestination'; Action = 'insects\.json' }
            @{ What = 'what is not of the file system'; To = { 'Env:insects.json' }; ErrorId = 'NotAFileSystemPath'; Action = 'files or folders' }
            @{ What = 'a drive that does not exist'; To = { 'NoSuchDrive:/insects.json' }; ErrorId = 'FolderNotFound'; Action = 'path' }
        ) {
            $to = & $To
            $record = { Export-StickyAnnotation $to $stored } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
            $record.ErrorDetails.RecommendedAction | Should -Match $Action
        }

        It 'leaves out what it cannot export, and writes no file when nothing is left' {
            $run = Invoke-InSession 'param($To) Get-StickyAnnotation 5c173ff2 -DateTime 2021-06-01_19-40-00 | Export-StickyAnnotation $To' @{ To = "$destination.json" }
            $run.Errors.Count | Should -Be 1
            $run.Errors[0].FullyQualifiedErrorId | Should -BeLike 'NoAnnotationData,*'
            "$destination.json" | Should -Not -Exist
        }
    }
}

Describe 'Import-StickyAnnotation' {
    BeforeEach {
        Disconnect-AllStore
        $script:drawings = New-Folder
        Copy-Item "$made/*" $drawings
    }

    AfterAll {
        Disconnect-AllStore
    }

    Context 'A round trip' {
        BeforeEach {
            Open-Full
        }

        It 'of drawings into another store changes nothing' {
            $other = Open-Bare
            Import-StickyAnnotation $drawings | Add-StickyAnnotation -Connection $other
            Get-StickyAnnotation -What Data -Connection $other | Get-Line | Should -Be @($stored | Where-Object Device -EQ 5c173ff2 | Get-Line)
        }

        It 'of a COCO file into another store changes nothing' {
            $file = $stored | Export-StickyAnnotation "$drawings/insects.json"
            $other = Open-Bare
            $file | Import-StickyAnnotation | Add-StickyAnnotation -Connection $other
            Get-StickyAnnotation -What Data -Connection $other | Get-Line | Should -Be $lines
        }

        It 'of a drawing that was edited: what was drawn comes on top, under the name that is asked for' {
            $null = Open-Bare
            Import-StickyAnnotation $drawings | Add-StickyAnnotation
            Push-Location -LiteralPath $drawings
            try {
                $files = Get-StickyAnnotation -What Data | Export-StickyAnnotation -Destination ./drawings
                Add-Shape $files[0].FullName @'
<g xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" transform="translate(10,20) scale(2)" style="fill:rgb(0,128,255);stroke:none">
  <path inkscape:label="moth" value="3" d="m 5,5 c 7,0 14,0 21,0 l 0,21 z" />
</g>
<path id="path42" style="stroke:teal" d="m 60,40 a 10,10 0 1 1 -20,0 10,10 0 1 1 20,0 z" />
<rect width="2" height="3" />
'@
                $imported = Import-StickyAnnotation ./drawings/*.svg -AlgoName manual -WarningVariable warnings -WarningAction SilentlyContinue
                $added = $imported | Add-StickyAnnotation -PassThru
            }
            finally {
                Pop-Location
            }

            $warnings | Should -HaveCount 1
            $warnings[0] | Should -BeLike "In '$($files[0].FullName)', shapes that are no paths are left out (1 <rect>).*Object to Path*"
            $imported | Should -BeOfType ((Get-Command Import-StickyAnnotation).OutputType[0].Name)
            $added.AlgoName | Select-Object -Unique | Should -BeExactly 'manual'
            $added[0].AlgoVersion | Should -Match "^\d{10}-$(Get-Md5 $files[0].FullName)`$"

            $objects = (Get-StickyAnnotation 5c173ff2 -DateTime $CardStart -AlgoName manual -What Data).Objects
            $objects.Count | Should -Be 4
            $objects.Name | Should -Be 'insect', $outlines[1].name, 'moth', 'annotation'
            "$($objects[2].Contour)" | Should -Be '20,30 26,30 32,30 38,30 44,30 50,30 56,30 62,30 62,72'
            $objects[2].Value | Should -Be 3
            $objects[2].FillColour | Should -Be '#0080ff'
            $objects[2].StrokeColour | Should -Be '#0000ff' -Because 'a stroke of none is no colour'
            $objects[3].Contour.Count | Should -Be 14 -Because 'each half of a circle is two curves of eight points that share one'
            "$($objects[3].BoundingBox)" | Should -Be '40,30 21×21'
            $objects[3].StrokeColour | Should -Be '#008080'

            # What nobody touched is the same, but for who says so.
            Get-StickyAnnotation 5c173ff2 -StartTime $CardStart.AddSeconds(1) -AlgoName manual -What Data | ForEach-Object Objects | ForEach-Object { "$($_.Contour)" } |
                Should -Be ($stored | Where-Object { $_.Device -eq '5c173ff2' -and $_.DateTime -gt $CardStart } | ForEach-Object Objects | ForEach-Object { "$($_.Contour)" })
        }

        It 'of an edited drawing without -AlgoName is what the store has already, and AnnotationExists says so' {
            Add-Shape "$drawings/$($names[0]).svg" '<path d="M1 1H9V9z" />'
            $run = Invoke-There 'Import-StickyAnnotation $Drawings | Add-StickyAnnotation'
            $run.Errors.Count | Should -Be 4
            $run.Errors.FullyQualifiedErrorId | Select-Object -Unique | Should -Be 'AnnotationExists,StickyPi.PowerShell.Annotations.AddStickyAnnotationCommand'
            $run.Errors.CategoryInfo.Category | Select-Object -Unique | Should -Be 'ResourceExists'
            Get-StickyAnnotation -What Data | Get-Line | Should -Be $lines
        }
    }

    Context 'What paths mean' {
        It 'given <What>, imports <Expected>' -ForEach @(
            @{ What = 'a file'; Expected = , 0; Script = 'Import-StickyAnnotation "$Drawings/5c173ff2.2021-06-01_19-40-00.svg"' }
            @{ What = 'a folder'; Expected = 0, 1, 2, 3; Script = 'Import-StickyAnnotation $Drawings' }
            @{ What = 'a folder and a file in it'; Expected = 0, 1, 2, 3; Script = 'Import-StickyAnnotation $Drawings, "$Drawings/*19-40*.svg"' }
            @{ What = 'wildcards'; Expected = 1, 2, 3; Script = 'Import-StickyAnnotation "$Drawings/*_2*.svg"' }
            @{ What = 'classes of characters'; Expected = 1, 3; Script = 'Import-StickyAnnotation "$Drawings/*_2[01]-[04]0-*"' }
            @{ What = 'several'; Expected = 2, 1; Script = 'Import-StickyAnnotation "$Drawings/*20-20*", "$Drawings/*20-00*"' }
            @{ What = 'a relative path'; Expected = 0, 1, 2, 3; Script = 'Import-StickyAnnotation ./*.svg' }
            @{ What = 'the location'; Expected = 0, 1, 2, 3; Script = 'Import-StickyAnnotation .' }
            @{ What = 'a PSDrive'; Expected = , 1; Script = '$null = New-PSDrive -Name Drawn -PSProvider FileSystem -Root $Drawings; Import-StickyAnnotation Drawn:/*_20-00*' }
            @{ What = 'strings through the pipeline'; Expected = 1, 2; Script = '"$Drawings/*20-00*", "$Drawings/*20-20*" | Import-StickyAnnotation' }
            @{ What = 'Get-ChildItem'; Expected = 0, 1, 2, 3; Script = 'Get-ChildItem $Drawings | Import-StickyAnnotation' }
            @{ What = 'Get-Item of a folder'; Expected = 0, 1, 2, 3; Script = 'Get-Item $Drawings | Import-StickyAnnotation' }
            @{ What = 'a property Path, as of an imported CSV'; Expected = , 3; Script = '[pscustomobject] @{ Path = "$Drawings/*_20-40*" } | Import-StickyAnnotation' }
            @{ What = '-LiteralPath'; Expected = , 0; Script = 'Import-StickyAnnotation -LiteralPath "$Drawings/5c173ff2.2021-06-01_19-40-00.svg"' }
            @{ What = 'a name in capitals'; Expected = , 0; Script = 'Rename-Item "$Drawings/5c173ff2.2021-06-01_19-40-00.svg" 5C173FF2.2021-06-01_19-40-00.SVG; Import-StickyAnnotation *19-40-00*' }
        ) {
            # No store is open: a drawing says everything.
            if ($What -ne 'Get-ChildItem') {
                Set-Content "$drawings/notes.txt" 'rain'
            }

            $run = Invoke-There $Script
            $run.Errors, $run.Warnings | ForEach-Object { $_ } | Should -BeNullOrEmpty
            $run.Output.FileName | Should -Be ($names[$Expected] | ForEach-Object { "$_.jpg" })
            $run.Output.DateTime.Kind | Select-Object -Unique | Should -Be 'Utc'
        }

        It 'folders named with brackets work by <How>' -ForEach @(
            @{ How = '-LiteralPath'; Run = { param($odd) Import-StickyAnnotation -LiteralPath $odd } }
            @{ How = 'an escaped -Path'; Run = { param($odd) Import-StickyAnnotation "$([WildcardPattern]::Escape($odd))/*.svg" } }
            @{ How = 'Get-ChildItem'; Run = { param($odd) Get-ChildItem -LiteralPath $odd | Import-StickyAnnotation } }
            @{ How = 'Set-Location'; Run = { param($odd) Set-Location -LiteralPath $odd; Import-StickyAnnotation *.svg } }
            @{ How = 'what Export-StickyAnnotation returns'; Run = { param($odd) Open-Full; $stored[2] | Export-StickyAnnotation $odd | Import-StickyAnnotation } }
        ) {
            # "[x]" as a pattern means a folder called x: what is in it must not be taken for the other.
            $odd = (New-Item -ItemType Directory "$drawings/run [x] 1").FullName
            $null = New-Item -ItemType Directory "$drawings/run x 1"
            Copy-Item "$drawings/$($names[1]).svg" $odd
            Copy-Item "$drawings/$($names[3]).svg" "$drawings/run x 1"
            Push-Location
            try {
                $imported = & $Run $odd
            }
            finally {
                Pop-Location
            }

            $imported.FileName | Should -Be "$($names[1]).jpg"
        }

        It 'wildcards in -LiteralPath are only characters' {
            $run = Invoke-There 'Import-StickyAnnotation -LiteralPath "$Drawings/*.svg"'
            $run.Output | Should -BeNullOrEmpty
            $run.Errors.Count | Should -Be 1
        }

        It '<What> is a warning' -ForEach @(
            @{ What = 'a pattern that matches nothing'; Expected = '*none*.svg*'; Script = 'Import-StickyAnnotation "$Drawings/none*.svg"' }
            @{ What = 'a folder without drawings'; Expected = '*has no .svg files*'; Script = 'Import-StickyAnnotation (New-Item -ItemType Directory "$Drawings/empty")' }
            @{ What = 'a folder of folders'; Expected = '*has no .svg files*'; Script = 'Import-StickyAnnotation (Split-Path $Drawings)' }
        ) {
            $run = Invoke-There $Script
            $run.Output, $run.Errors | ForEach-Object { $_ } | Should -BeNullOrEmpty
            $run.Warnings.Count | Should -Be 1
            $run.Warnings[0].Message | Should -BeLike $Expected
        }

        It 'given nothing through the pipeline, says nothing' {
            $run = Invoke-There '@() | Import-StickyAnnotation'
            $run.Output, $run.Errors, $run.Warnings | ForEach-Object { $_ } | Should -BeNullOrEmpty
        }
    }

    Context 'Errors' {
        It 'given <What>, says <ErrorId> of it and goes on with the rest' -ForEach @(
            @{ What = 'broken XML'; ErrorId = 'InvalidSvg'; Message = 'is no drawing on a picture'; Make = { Set-Content "$drawings/$($names[2]).svg" '<svg xmlns="http://www.w3.org/2000/svg"><path' } }
            @{ What = 'an empty file'; ErrorId = 'InvalidSvg'; Message = 'is no drawing'; Make = { [IO.File]::WriteAllText("$drawings/$($names[2]).svg", '') } }
            @{ What = 'a drawing without a picture'; ErrorId = 'InvalidSvg'; Message = 'no <image>'; Make = { Set-Content "$drawings/$($names[2]).svg" '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0H9V9z" /></svg>' } }
            @{
                What = 'a drawing whose picture is only linked'; ErrorId = 'InvalidSvg'; Message = 'not embedded'
                Make = { Set-Content "$drawings/$($names[2]).svg" '<svg xmlns="http://www.w3.org/2000/svg"><image href="trap.jpg" /></svg>' }
            }
            @{
                What = 'a drawing of two pictures'; ErrorId = 'InvalidSvg'; Message = 'more than one <image> \(line \d+\)'
                Make = { Add-Shape "$drawings/$($names[2]).svg" '<image href="trap.jpg" />' }
            }
            @{ What = 'a web page'; ErrorId = 'InvalidSvg'; Message = '<html>'; Make = { Set-Content "$drawings/$($names[2]).svg" '<html><body /></html>' } }
            @{
                What = 'a document with entities'; ErrorId = 'InvalidSvg'; Message = 'entity'
                Make = { Set-Content "$drawings/$($names[2]).svg" '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>' }
            }
            @{
                What = 'a drawing with another name'; ErrorId = 'InvalidFileName'; Message = 'dot-separated fields'; Action = '<device>\.<YYYY'; Target = 'copy.svg'
                Make = { Rename-Item "$drawings/$($names[2]).svg" copy.svg }
            }
            @{
                What = 'a drawing named like another device'; ErrorId = 'InvalidFileName'; Message = 'trap1'; Action = '<device>\.<YYYY'; Target = 'trap1.2021-06-01_20-20-00.svg'
                Make = { Rename-Item "$drawings/$($names[2]).svg" 'trap1.2021-06-01_20-20-00.svg' }
            }
            @{
                What = 'another kind of file'; ErrorId = 'UnknownFormat'; Message = 'neither a drawing'; Action = '\.svg or \.json'; Target = 'notes.txt'
                Make = { Remove-Item "$drawings/$($names[2]).svg"; Set-Content "$drawings/notes.txt" 'rain' }
            }
            @{
                What = 'JSON that is no COCO'; ErrorId = 'InvalidCoco'; Message = "it has no 'images'"; Action = 'Add-StickyAnnotation -Path'; Target = 'found.json'
                Make = { Remove-Item "$drawings/$($names[2]).svg"; Set-Content "$drawings/found.json" '{"annotations": [], "metadata": {}}' }
            }
            @{
                What = 'a .json file that is no JSON'; ErrorId = 'InvalidCoco'; Message = 'is no COCO file'; Action = 'cocodataset\.org'; Target = 'found.json'
                Make = { Remove-Item "$drawings/$($names[2]).svg"; Set-Content "$drawings/found.json" 'rain' }
            }
        ) {
            & $Make
            $run = Invoke-There 'Import-StickyAnnotation "$Drawings/*"'
            $run.Failure | Should -BeNullOrEmpty
            $run.Output.FileName | Should -Be ($names[0, 1, 3] | ForEach-Object { "$_.jpg" })
            $run.Errors.Count | Should -Be 1
            $run.Errors[0].FullyQualifiedErrorId | Should -Be "$ErrorId,StickyPi.PowerShell.Annotations.ImportStickyAnnotationCommand"
            $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
            $run.Errors[0].TargetObject | Should -Be (Join-Path $drawings ($Target ?? "$($names[2]).svg"))
            $run.Errors[0].Exception.Message | Should -Match $Message
            $run.Errors[0].ErrorDetails.RecommendedAction | Should -Match ($Action ?? 'Export-StickyAnnotation')
        }

        It 'given <What>, says <ErrorId> of it and goes on with the rest' -ForEach @(
            @{ What = 'a missing file'; ErrorId = 'FileNotFound'; Category = 'ObjectNotFound'; Script = 'Import-StickyAnnotation "$Drawings/none.svg", $Drawings' }
            @{ What = 'a missing file, named exactly'; ErrorId = 'FileNotFound'; Category = 'ObjectNotFound'; Script = 'Import-StickyAnnotation -LiteralPath "$Drawings/5c173ff2.2022-02-02_02-02-02.svg", $Drawings' }
            @{ What = 'what is not of the file system'; ErrorId = 'NotAFileSystemPath'; Category = 'InvalidData'; Script = 'Import-StickyAnnotation Variable:PSHOME, $Drawings' }
        ) {
            $run = Invoke-There $Script
            $run.Output.Count | Should -Be 4
            $run.Errors.Count | Should -Be 1
            $run.Errors[0].FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
            $run.Errors[0].CategoryInfo.Category | Should -Be $Category
            $run.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }

        It '<What> is refused before anything is read' -ForEach @(
            @{ What = 'a version that is none'; ErrorId = 'InvalidAlgoVersion'; Run = { Import-StickyAnnotation $drawings -AlgoVersion 2.0 } }
            @{ What = 'a long name of an algorithm'; ErrorId = 'ParameterArgumentValidationError'; Run = { Import-StickyAnnotation $drawings -AlgoName ('x' * 65) } }
            @{ What = 'an empty name of objects'; ErrorId = 'ParameterArgumentValidationError'; Run = { Import-StickyAnnotation $drawings -DefaultName '' } }
            @{ What = '-Path with -LiteralPath'; ErrorId = 'AmbiguousParameterSet'; Run = { Import-StickyAnnotation -Path $drawings -LiteralPath $drawings } }
        ) {
            $Run | Should -Throw -ErrorId "$ErrorId,StickyPi.PowerShell.Annotations.ImportStickyAnnotationCommand"
        }

        It 'a version that is none says which one would be' {
            $record = { Import-StickyAnnotation $drawings -AlgoVersion 2.0 } | Should -Throw -PassThru
            $record.CategoryInfo.Category | Should -Be 'InvalidData'
            $record.TargetObject | Should -Be '2.0'
            $record.Exception.Message | Should -Match "timestamp-md5, such as $version"
            $record.ErrorDetails.RecommendedAction | Should -Match '-AlgoVersion'
        }

        It '-ErrorAction Stop makes an error an exception' {
            Set-Content "$drawings/notes.txt" 'rain'
            { Import-StickyAnnotation "$drawings/*.txt" -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownFormat,*'
        }
    }

    Context 'What the files do not say' {
        It '-DefaultName names paths without a name, and no others' {
            Add-Shape "$drawings/$($names[3]).svg" '<path d="M1 1H9V9z" /><path name="" d="M1 1H9V9z" />'
            (Import-StickyAnnotation "$drawings/$($names[3]).svg").Objects.Name | Should -Be 'pixel', 'annotation', 'annotation'
            (Import-StickyAnnotation "$drawings/$($names[3]).svg" -DefaultName insect).Objects.Name | Should -Be 'pixel', 'insect', 'insect'
        }

        It '-AlgoName and -AlgoVersion go before what a drawing says' {
            $file = "$drawings/$($names[3]).svg"
            (Import-StickyAnnotation $file | ForEach-Object { "$($_.AlgoName) $($_.AlgoVersion)" }) | Should -Be "detector $version"
            $other = '1700000000-0123456789abcdef0123456789abcdef'
            (Import-StickyAnnotation $file -AlgoVersion $other | ForEach-Object { "$($_.AlgoName) $($_.AlgoVersion)" }) | Should -Be "detector $other"
            $seconds = [DateTimeOffset]::new((Get-Item $file).LastWriteTimeUtc).ToUnixTimeSeconds()
            (Import-StickyAnnotation $file -AlgoName me | ForEach-Object { "$($_.AlgoName) $($_.AlgoVersion)" }) | Should -Be "me $seconds-$(Get-Md5 $file)"
        }

        It 'a drawing that was not exported is by "manual", of the picture that it embeds' {
            $jpeg = [Convert]::ToBase64String([IO.File]::ReadAllBytes("$card/5c173ff2/$($names[0]).jpg"))
            Set-Content "$drawings/$($names[0]).svg" "<svg xmlns='http://www.w3.org/2000/svg'><image href='data:image/jpeg;base64,$jpeg' /><path d='M1 1H9V9z' /></svg>"
            $imported = Import-StickyAnnotation "$drawings/$($names[0]).svg"
            $imported.AlgoName | Should -BeExactly 'manual'
            $imported.Md5 | Should -Be (Get-Md5 "$card/5c173ff2/$($names[0]).jpg")
            "$($imported.Objects.Contour)" | Should -Be '1,1 9,1 9,9'
        }

        It 'a drawing in pieces: <What>' -ForEach @(
            @{ What = 'a path of two parts is two objects'; Shape = '<path name="a" d="M1 1H9V9z m20 0h8v8z" />'; Contours = '1,1 9,1 9,9', '21,1 29,1 29,9'; Warning = $null }
            @{ What = 'a path that stops making sense counts up to there'; Shape = '<path name="a" d="M1 1H9V9 1Q oops" />'; Contours = , '1,1 9,1 9,9 9,1'; Warning = '*line 4: the data of a path has an error*' }
            @{ What = 'a line is left out'; Shape = '<path name="a" d="M1 1L9 9" />'; Contours = @(); Warning = '*line 4: *has 2 corners*' }
        ) {
            # The exported drawing has no objects, and its last line closes it.
            Add-Shape "$drawings/$($names[1]).svg" $Shape
            $run = Invoke-There 'Import-StickyAnnotation "*_20-00-00.svg"'
            $run.Errors | Should -BeNullOrEmpty
            $run.Output.Objects.ForEach{ "$($_.Contour)" } -join '; ' | Should -Be ($Contours -join '; ')
            $run.Output.ObjectCount | Should -Be $Contours.Count
            @($run.Warnings).Count | Should -Be ([int] [bool] $Warning)
            if ($Warning) {
                $run.Warnings[0].Message | Should -BeLike $Warning
            }
        }
    }

    Context 'COCO files of other programs' {
        BeforeEach {
            # Without anything that only we write.
            $script:coco = @{
                images      = @(@{ id = 11; file_name = "train/$($names[0]).jpg"; width = 640; height = 480 }, @{ id = 12; file_name = "train/$($names[1]).jpg"; width = 640; height = 480 })
                categories  = @(@{ id = 1; name = 'moth' }, @{ id = 7; name = 'fly' })
                annotations = @(
                    @{ id = 1; image_id = 12; category_id = 7; segmentation = @(, (1.4, 2.6, 30, 2, 30, 40)); bbox = 1, 2, 29, 38; area = 551; iscrowd = 0 }
                    @{ id = 2; image_id = 11; category_id = 1; bbox = 10, 20, 5, 6 }
                )
            }

            function script:Write-Coco {
                ConvertTo-Json $coco -Depth 9 | Set-Content "$drawings/found.json"
            }
        }

        It 'are about the pictures of the store that is open, or of -Connection' {
            Write-Coco
            Open-Full
            $imported = @(Import-StickyAnnotation "$drawings/found.json")
            $imported.FileName | Should -Be "$($names[0]).jpg", "$($names[1]).jpg"
            $imported.Md5 | Should -Be ($names[0..1] | ForEach-Object { Get-Md5 "$card/5c173ff2/$_.jpg" })
            $imported.AlgoName | Select-Object -Unique | Should -BeExactly 'manual'
            $imported.Objects.Name | Should -Be 'moth', 'fly'
            $imported.Objects | ForEach-Object { "$($_.Contour)" } | Should -Be '10,20 15,20 15,26 10,26', '1,3 30,2 30,40'

            $other = Connect-StickyPi (New-Folder) -PassThru
            $run = Invoke-InSession 'param($File, $Connection) Import-StickyAnnotation $File; Import-StickyAnnotation $File -Connection $Connection' @{
                File = "$drawings/found.json"; Connection = Get-StickyPiConnection | Where-Object Location -EQ $full
            }
            $run.Output.Count | Should -Be 2
            $run.Errors.FullyQualifiedErrorId | Should -Be (@('ImageNotFound,StickyPi.PowerShell.Annotations.ImportStickyAnnotationCommand') * 2)
            $run.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            "$($run.Errors[0].TargetObject)" | Should -Be '5c173ff2 2021-06-01 19:40:00'
            $run.Errors[0].Exception.Message | Should -Match ([regex]::Escape($other.Location))
            $run.Errors[0].ErrorDetails.RecommendedAction | Should -Match 'Send-StickyImage'
        }

        It 'without a store, say Md5Unknown of each picture that does not say its own' {
            $coco.images[0].md5 = '0123456789abcdef0123456789abcdef'
            Write-Coco
            $run = Invoke-There 'Import-StickyAnnotation found.json'
            $run.Output.Md5 | Should -Be $coco.images[0].md5
            $run.Errors.Count | Should -Be 1
            $run.Errors[0].FullyQualifiedErrorId | Should -Be 'Md5Unknown,StickyPi.PowerShell.Annotations.ImportStickyAnnotationCommand'
            $run.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            "$($run.Errors[0].TargetObject)" | Should -Be '5c173ff2 2021-06-01 20:00:00'
            $run.Errors[0].ErrorDetails.RecommendedAction | Should -Match 'Connect-StickyPi'
        }

        It 'given <What>, say InvalidCoco of it, with its id, and go on' -ForEach @(
            @{ What = 'a crowd'; Message = 'Annotation 1 \(id 1\).*crowd'; Change = { $coco.annotations[0].iscrowd = 1 } }
            @{ What = 'run-length encoding'; Message = 'Annotation 1 \(id 1\).*run-length'; Change = { $coco.annotations[0].segmentation = @{ size = 640, 480; counts = 'abc' } } }
            @{ What = 'half a corner'; Message = 'Annotation 1 \(id 1\).*5 numbers'; Change = { $coco.annotations[0].segmentation = @(, (1, 2, 3, 4, 5)) } }
            @{ What = 'an unknown category'; Message = 'Annotation 1 \(id 1\).*category_id 99'; Change = { $coco.annotations[0].category_id = 99 } }
            @{ What = 'an unknown picture'; Message = 'Annotation 1 \(id 1\).*image_id 99'; Change = { $coco.annotations[0].image_id = 99 }; Empty = $true }
            @{ What = 'a picture of another name'; Message = 'Image 3 \(id 13\).*holiday\.jpg'; Change = { $coco.images += @{ id = 13; file_name = 'holiday.jpg' } }; Whole = $true }
        ) {
            & $Change
            Write-Coco
            Open-Full
            $run = Invoke-There 'Import-StickyAnnotation found.json'
            $run.Failure | Should -BeNullOrEmpty
            $run.Errors.Count | Should -Be 1
            $run.Errors[0].FullyQualifiedErrorId | Should -Be 'InvalidCoco,StickyPi.PowerShell.Annotations.ImportStickyAnnotationCommand'
            $run.Errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
            $run.Errors[0].TargetObject | Should -Be (Join-Path $drawings found.json)
            $run.Errors[0].Exception.Message | Should -Match $Message

            # A picture whose annotation can't be read is not one on which nothing was found.
            $run.Output.FileName | Should -Be @("$($names[0]).jpg"; if ($Empty -or $Whole) { "$($names[1]).jpg" })
            $run.Output.ObjectCount | Should -Be @(1; if ($Empty) { 0 }; if ($Whole) { 1 })
        }
    }

    Context 'On the way' {
        It 'Select-Object -First stops it' {
            $fed = [Collections.Generic.List[string]]::new()
            $imported = 1..200 | ForEach-Object { Start-Sleep -Milliseconds 5; $fed.Add($_); "$drawings/$($names[0]).svg" } | Import-StickyAnnotation | Select-Object -First 1
            $imported.FileName | Should -Be "$($names[0]).jpg"
            $fed.Count | Should -BeLessThan 200
        }

        It '<Activity> is shown, throttled, and taken away at the end' -ForEach @(
            @{ Activity = 'Importing annotations'; Script = 'Get-ChildItem $Drawings | ForEach-Object { Start-Sleep -Milliseconds 150; $_ } | Import-StickyAnnotation' }
            @{ Activity = 'Exporting annotations'; Script = '$all = Import-StickyAnnotation $Drawings; $all | ForEach-Object { Start-Sleep -Milliseconds 150; $_ } | Export-StickyAnnotation "$Drawings/out"' }
        ) {
            Open-Full
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $run = Invoke-There $Script
            $run.Errors | Should -BeNullOrEmpty
            $run.Output.Count | Should -Be 4
            $records = @($run.Progress | Where-Object Activity -EQ $Activity)
            $records.Count | Should -BeGreaterThan 1
            $records.Count | Should -BeLessOrEqual (5 * $clock.Elapsed.TotalSeconds + 2)
            $records[0].StatusDescription | Should -Match '^\d+ of \d+'
            $records[-1].RecordType | Should -Be 'Completed'
        }

        It 'is a table of five columns in 80 columns, with times that no culture changes' {
            $culture = [cultureinfo]::CurrentCulture
            [cultureinfo]::CurrentCulture = 'th-TH'
            try {
                $text = (Import-StickyAnnotation $drawings | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n'
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }

            $text | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
            $text -match '^Device\s+DateTime \(UTC\)\s+Objects AlgoName\s+Source' | Should -HaveCount 1
            $text -match '^5c173ff2 2021-06-01 \d\d:\d0:00\s+\d detector\s+' | Should -HaveCount 4
        }
    }

    Context 'Drawings of the lab' {
        It 'have 87 and 23 objects, and a store takes them and gives them back unchanged' -Skip:(-not $samples) -ForEach @{ Samples = $samples } {
            $imported = @(Import-StickyAnnotation $Samples -DefaultName insect -WarningVariable warnings)
            $warnings.Count | Should -Be 2
            $warnings | Should -BeLike '*a path reaches beyond the picture, * and was clipped.'
            $imported.ObjectCount | Should -Be 87, 23
            $imported.AlgoName | Select-Object -Unique | Should -BeExactly 'manual'

            # Only the drawings have the pictures.
            $store = Connect-StickyPi (New-Folder) -PassThru
            $pictures = New-Folder
            foreach ($file in Get-ChildItem $Samples -Filter *.svg) {
                $jpeg = ([xml] [IO.File]::ReadAllText($file.FullName)).svg.image.href.Split(',')[1]
                [IO.File]::WriteAllBytes((Join-Path $pictures "$($file.BaseName).jpg"), [Convert]::FromBase64String($jpeg))
            }

            (Send-StickyImage $pictures).Status | Should -Be 'Added', 'Added'
            $imported | Add-StickyAnnotation -Connection $store
            $expected = @($imported | Get-Line)
            Get-StickyAnnotation -What Data | Get-Line | Should -Be $expected
            Get-StickyAnnotation -What Data | Export-StickyAnnotation "$pictures/out" | Import-StickyAnnotation | Get-Line | Should -Be $expected
            Get-StickyAnnotation -What Data | Export-StickyAnnotation "$pictures/out.json" | Import-StickyAnnotation | Get-Line | Should -Be $expected
        }
    }
}
