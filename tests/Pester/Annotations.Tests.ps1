BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore

    # Versions count by the number before the dash: the oldest is the last as text.
    $script:old = '999999999-ffffffffffffffffffffffffffffffff'
    $script:new = '1598113346-ad2cd78dfaca12821046dfb8994724d5'
    $script:newest = '1700000000-0123456789abcdef0123456789abcdef'

    # A store with pictures and nothing said about them. Tests that write get a copy, which is much faster than sending again.
    $script:template = Join-Path $TestDrive 'template'
    $made = Connect-StickyPi $template -PassThru
    $script:card = Join-Path $TestDrive 'card'
    $null = Write-Card $card
    $null = Send-StickyImage $card -Recurse
    Disconnect-StickyPi $made

    function script:Open-Copy {
        $folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Copy-Item -LiteralPath $template $folder -Recurse
        Connect-StickyPi $folder -PassThru
    }

    function script:Get-Stored($Connection = $store) {
        Get-StickyAnnotation -What Data -Connection $Connection -WarningAction SilentlyContinue
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Add-StickyAnnotation' {
    BeforeEach {
        Disconnect-AllStore
        $script:store = Open-Copy
        $script:images = @(Get-StickyImageSeries)
        $script:image = $images[0]
    }

    It 'an object that refers to itself is refused like any that is wrong' {
        $self = @{}
        1..6 | ForEach-Object { $self["key$_"] = $self }
        $self, (New-Element $image) | Add-StickyAnnotation -ContinueOnError -ErrorVariable refused -ErrorAction SilentlyContinue
        $refused.FullyQualifiedErrorId | Should -Be 'InvalidAnnotation,StickyPi.PowerShell.Annotations.AddStickyAnnotationCommand'
        @(Get-Stored).Count | Should -Be 1
    }

    It 'an object that leads through half a session is refused, and not followed' {
        $deep = New-Element $image
        $deep.more = 1..4 | ForEach-Object { @{ a = @{ b = @{ c = @{ d = @{ e = @{ f = @{ g = @{ h = 1 } } } } } } } } }
        $deep | Add-StickyAnnotation -ErrorVariable refused -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        "$refused" | Should -BeLike '*it leads to much that is not part of an annotation*'
    }

    It 'a pipe is refused, and not waited for' -Skip:(-not (Get-Command mkfifo -ErrorAction Ignore)) {
        $pipe = Join-Path $TestDrive 'pipe.json'
        mkfifo $pipe
        { Add-StickyAnnotation -LiteralPath $pipe -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidJson,*'
    }

    Context 'What it takes' {
        It '<What>' -ForEach @(
            @{ What = 'a hashtable'; Make = { $e = New-Element $image; @{ annotations = @($e.annotations | ForEach-Object { @{} + $_ }); metadata = @{} + $e.metadata } } }
            @{ What = 'an ordered hashtable'; Make = { New-Element $image } }
            @{ What = 'an object'; Make = { [pscustomobject] (New-Element $image) } }
            @{ What = 'an object of objects'; Make = { $e = New-Element $image; [pscustomobject] @{ annotations = @([pscustomobject] $e.annotations[0]); metadata = [pscustomobject] $e.metadata } } }
            @{ What = 'what ConvertFrom-Json returns'; Make = { New-Element $image | ConvertTo-Json -Depth 9 | ConvertFrom-Json } }
            @{ What = 'what ConvertFrom-Json -AsHashtable returns'; Make = { New-Element $image | ConvertTo-Json -Depth 9 | ConvertFrom-Json -AsHashtable } }
            @{ What = 'JSON text'; Make = { New-Element $image | ConvertTo-Json -Depth 9 } }
            @{ What = 'JSON text of an array'; Make = { New-Element $image | ConvertTo-Json -Depth 9 -AsArray } }
            @{ What = 'a contour of pairs, as PowerShell people write it'; Make = { $e = New-Element $image; $e.annotations[0].contour = (1, 2), (30, 2), (30, 40); $e } }
            @{ What = 'a contour of points'; Make = { $e = New-Element $image; $e.annotations[0].contour = (1, 2), (30, 2), (30, 40) | ForEach-Object { [StickyPi.Core.Annotations.ContourPoint]::new($_[0], $_[1]) }; $e } }
            @{ What = 'a contour of doubles that are whole'; Make = { $e = New-Element $image; $e.annotations[0].contour = (1.0, 2.0), (3e1, 2), ([decimal] 30, 40L); $e } }
            @{
                What = 'a typed object'
                Make = {
                    $points = (1, 2), (30, 2), (30, 40) | ForEach-Object { [StickyPi.Core.Annotations.ContourPoint]::new($_[0], $_[1]) }
                    $e = New-Element $image
                    $e.annotations = @([StickyPi.Core.Annotations.AnnotatedObject] @{ Contour = [StickyPi.Core.Annotations.ContourPoint[]] $points; Name = 'insect' })
                    $e
                }
            }
            @{ What = 'one object that is no array, as a pipeline makes it of one'; Make = { $e = New-Element $image; $e.annotations = $e.annotations | ForEach-Object { $_ }; $e } }
        ) {
            $made = & $Make
            $made | Add-StickyAnnotation | Should -BeNullOrEmpty
            $stored = @(Get-Stored)
            $stored.Count | Should -Be 1
            $stored[0].ObjectCount | Should -Be 1
            $stored[0].FileName | Should -Be $image.FileName
            $stored[0].AlgoName | Should -BeExactly 'detector'
            $stored[0].AlgoVersion | Should -BeExactly $new
            $stored[0].Objects[0].Name | Should -BeExactly 'insect'
            $stored[0].Objects[0].Value | Should -BeNullOrEmpty
            "$($stored[0].Objects[0].Contour)" | Should -Be '1,2 30,2 30,40'
        }

        It 'by argument, several' {
            Add-StickyAnnotation ($images | New-Element)
            (Get-Stored).FileName | Should -Be $images.FileName
        }

        It 'JSON text of several, in an array or one after the other' {
            $texts = $images | New-Element | ForEach-Object { $_ | ConvertTo-Json -Depth 9 }
            "[$($texts[0..2] -join ',')]", ($texts[3..7] -join "`n") | Add-StickyAnnotation
            (Get-Stored).FileName | Should -Be $images.FileName
        }

        It 'a picture on which nothing was found' {
            $element = New-Element $image
            $element.annotations = @()
            ($element | Add-StickyAnnotation -PassThru).ObjectCount | Should -Be 0
            (Get-Stored).Objects.Count | Should -Be 0
        }

        It 'JSON text is kept byte for byte: white space, other keys, other scripts' {
            $json = '  ' + (New-Element $image | ConvertTo-Json -Depth 9).Replace('"insect"', "`t`"Käfer 虫 \u00e9`" , `"score`": 0.50")
            Add-StickyAnnotation $json
            $stored = Get-Stored
            $stored.Json | Should -BeExactly $json.Trim()
            $stored.Objects[0].Name | Should -BeExactly 'Käfer 虫 é'
        }

        It 'a time that is <What>' -ForEach @(
            @{ What = 'UTC'; Time = { $image.DateTime } }
            @{ What = 'local'; Time = { $image.DateTime.ToLocalTime() } }
            @{ What = 'of no kind'; Time = { [datetime]::SpecifyKind($image.DateTime, 'Unspecified') } }
            @{ What = 'a DateTimeOffset'; Time = { [DateTimeOffset]::new($image.DateTime).ToOffset([timespan]::FromHours(-2.5)) } }
            @{ What = 'wrapped in a PSObject'; Time = { [psobject]::AsPSObject($image.DateTime) } }
            @{ What = 'ISO 8601 that went through ConvertFrom-Json'; Time = { ('{"t":"' + $image.DateTime.ToString('o') + '"}' | ConvertFrom-Json).t } }
        ) {
            $element = New-Element $image
            $element.metadata.datetime = & $Time
            $stored = $element | Add-StickyAnnotation -PassThru
            $stored.DateTime | Should -Be $image.DateTime
            $stored.DateTime.Kind | Should -Be 'Utc'
            (Get-Stored).Json | Should -Match '"datetime":"2021-06-01_19-40-00"'
        }

        It 'numbers and times are written for no culture' {
            $culture = [cultureinfo]::CurrentCulture
            try {
                [cultureinfo]::CurrentCulture = 'de-DE'
                $element = New-Element $image
                $element.metadata.datetime = $image.DateTime
                $element.annotations[0].contour = (1.0, 2e2), (123.0, 2), (30, 40)
                $element.annotations[0].value = 1234567
                $element | Add-StickyAnnotation
                $stored = Get-Stored
                $stored.Json | Should -Match ([regex]::Escape('"contour":[[[1,200]],[[123,2]],[[30,40]]]'))
                $stored.Json | Should -Match '"value":1234567,'
                $stored.Json | Should -Match '"datetime":"2021-06-01_19-40-00"'
                $stored.Objects[0].Value | Should -Be 1234567
                "$($stored.Objects[0].BoundingBox)" | Should -Be '1,2 123×199'
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }
        }

        It 'an element with a file or itself among its keys, which are not followed' {
            $element = New-Element $image
            $element.file = Get-Item -LiteralPath $card
            $element.self = $element
            $element | Add-StickyAnnotation
            (Get-Stored).Json.Length | Should -BeLessThan 20000
            (Get-Stored).ObjectCount | Should -Be 1
        }

        It 'nothing from an empty pipeline, without an error or a warning' {
            $run = Invoke-InSession 'Get-StickyDevice ffff* | Get-StickyAnnotation -What Data | Add-StickyAnnotation -PassThru'
            $run.Output | Should -BeNullOrEmpty
            $run.Errors | Should -BeNullOrEmpty
            $run.Warnings | Should -BeNullOrEmpty
        }
    }

    Context 'Files' {
        BeforeEach {
            $script:folder = New-Item -ItemType Directory (Join-Path $TestDrive "files $([guid]::NewGuid().ToString('N'))")
            New-Element $images[0] | ConvertTo-Json -Depth 9 | Set-Content -LiteralPath "$folder/one.json"
            $images[1..2] | New-Element | ConvertTo-Json -Depth 9 | Set-Content -LiteralPath "$folder/two.json" -Encoding utf8BOM
            New-Element $images[3] | ConvertTo-Json -Depth 9 -Compress | Set-Content -LiteralPath "$folder/three [x].json"
            Set-Content -LiteralPath "$folder/three x.json" 'no JSON'
        }

        It '<What>' -ForEach @(
            @{ What = '-Path of one element'; Run = { Add-StickyAnnotation -Path "$folder/one.json" }; Expected = , 0 }
            @{ What = '-Path of an array, with a byte order mark'; Run = { Add-StickyAnnotation -Path "$folder/two.json" }; Expected = 1, 2 }
            @{ What = '-Path with wildcards'; Run = { Add-StickyAnnotation -Path "$folder/*o*.json" }; Expected = 0, 1, 2 }
            @{ What = '-Path of several'; Run = { Add-StickyAnnotation -Path "$folder/two.json", "$folder/one.json" }; Expected = 0, 1, 2 }
            @{ What = 'a relative -Path'; Run = { Push-Location -LiteralPath $folder; try { Add-StickyAnnotation -Path one.json } finally { Pop-Location } }; Expected = , 0 }
            @{ What = '-LiteralPath with brackets'; Run = { Add-StickyAnnotation -LiteralPath "$folder/three [x].json" }; Expected = , 3 }
            @{ What = 'Get-ChildItem, whatever the names'; Run = { Get-ChildItem "$folder/*.json" -Exclude 'three x*' | Add-StickyAnnotation }; Expected = 0, 1, 2, 3 }
            @{ What = 'Get-Content -Raw'; Run = { Get-Content "$folder/two.json" -Raw | Add-StickyAnnotation }; Expected = 1, 2 }
        ) {
            & $Run
            (Get-Stored).FileName | Should -Be $images[$Expected].FileName
        }

        It '-Path that matches a pattern takes brackets for one' {
            $null = Add-StickyAnnotation -Path "$folder/three [x].json" -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidJson,*'
            $problems[0].Exception.Message | Should -Match 'three x\.json'
        }

        It '<What> is refused as <ErrorId>, and then nothing is stored, like with any refusal' -ForEach @(
            @{ What = 'a path that does not exist'; Run = { param($Common) Add-StickyAnnotation -Path "$folder/one.json", "$folder/none.json" @Common }; ErrorId = 'FileNotFound'; Category = 'ObjectNotFound' }
            @{ What = 'a literal path that does not exist'; Run = { param($Common) Add-StickyAnnotation -LiteralPath "$folder/one.json", "$folder/none.json" @Common }; ErrorId = 'FileNotFound'; Category = 'ObjectNotFound' }
            @{ What = 'a folder'; Run = { param($Common) Add-StickyAnnotation -Path "$folder/one.json", $folder @Common }; ErrorId = 'FileUnreadable'; Category = 'ReadError' }
            @{ What = 'a path that is none of the file system'; Run = { param($Common) Add-StickyAnnotation -Path "$folder/one.json", 'Variable:PSHOME' @Common }; ErrorId = 'NotAFileSystemPath'; Category = 'InvalidData' }
            @{ What = 'a file of no JSON'; Run = { param($Common) Add-StickyAnnotation -Path "$folder/one.json", "$folder/three x.json" @Common }; ErrorId = 'InvalidJson'; Category = 'InvalidData' }
        ) {
            # A child of a scope has variables of its own.
            & $Run @{ ErrorVariable = '+global:stickyProblems'; ErrorAction = 'SilentlyContinue'; WarningVariable = '+global:stickyWarnings'; WarningAction = 'SilentlyContinue' }
            $problems, $warnings = @($global:stickyProblems), @($global:stickyWarnings)
            Remove-Variable stickyProblems, stickyWarnings -Scope Global
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be "$ErrorId,StickyPi.PowerShell.Annotations.AddStickyAnnotationCommand"
            $problems[0].CategoryInfo.Category | Should -Be $Category
            $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            $warnings | Should -HaveCount 1
            $warnings[0] | Should -Match '1 of 2'
            Get-Stored | Should -BeNullOrEmpty
        }

        It 'a pattern that nothing matches is a warning, and the rest is stored' {
            Add-StickyAnnotation -Path "$folder/one.json", "$folder/none*.json" -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            $warnings[0] | Should -Match 'none\*\.json'
            (Get-Stored).FileName | Should -Be $images[0].FileName
        }

        It 'Get-Content without -Raw brings lines: the error says so' {
            Get-Content "$folder/one.json" | Add-StickyAnnotation -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidJson,*'
            $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Get-Content -Raw'
            Get-Stored | Should -BeNullOrEmpty
        }

        It 'a file name in the place of an element: the error says so' {
            Add-StickyAnnotation "$folder/one.json" -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidJson,*'
            $problems[0].ErrorDetails.RecommendedAction | Should -Match '-Path'
        }
    }

    Context 'Refusals' {
        It '<What> is <ErrorId>' -ForEach @(
            @{ What = 'a picture that the store does not have'; Change = { $_.metadata.datetime = '2020-01-01_00-00-00' }; ErrorId = 'ImageNotFound'; Category = 'ObjectNotFound'; Says = '0a5bb6f4 at 2020-01-01_00-00-00 \(UTC\)'; Action = 'Send-StickyImage' }
            @{ What = 'another picture'; Change = { $_.metadata.md5 = '0' * 32 }; ErrorId = 'Md5Mismatch'; Category = 'ResourceExists'; Says = '0{32}'; Action = 'Save-StickyImage' }
            @{ What = 'an algorithm that was there'; Change = { $_.metadata.algo_name = 'there' }; ErrorId = 'AnnotationExists'; Category = 'ResourceExists'; Says = 'there 1598113346-'; Action = 'Remove-StickyAnnotation' }
            @{ What = 'a contour of two points'; Change = { $_.annotations[0].contour = (1, 2), (3, 4) }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = 'object 1.*2 points'; Action = 'ContinueOnError' }
            @{ What = 'a contour of fractions'; Change = { $_.annotations[0].contour = (1, 2), (3, 4.5), (6, 7) }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = 'point 2.*whole numbers'; Action = 'ContinueOnError' }
            @{ What = 'a contour of numbers'; Change = { $_.annotations[0].contour = 1, 2, 3 }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = 'point 1.*\[\[x, y\]\]'; Action = 'ContinueOnError' }
            @{ What = 'a colour by name'; Change = { $_.annotations[0].fill_colour = 'red' }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = "fill_colour 'red'"; Action = 'ContinueOnError' }
            @{ What = 'no name'; Change = { $_.annotations[0].Remove('name') }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = 'no name'; Action = 'ContinueOnError' }
            @{ What = 'a value that is text'; Change = { $_.annotations[0].value = '3' }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = 'value is no whole number'; Action = 'ContinueOnError' }
            @{ What = 'a version of another form'; Change = { $_.metadata.algo_version = '1.0' }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = "algo_version '1\.0'"; Action = 'ContinueOnError' }
            @{ What = 'a time in another format'; Change = { $_.metadata.datetime = '2021-06-01T19:40:00Z' }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = 'YYYY-MM-DD_HH-MM-SS'; Action = 'ContinueOnError' }
            @{ What = 'a device that is none'; Change = { $_.metadata.device = '*' }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = "device '\*'"; Action = 'ContinueOnError' }
            @{ What = 'metadata without md5'; Change = { $_.metadata.Remove('md5') }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = "no 'md5'"; Action = 'ContinueOnError' }
            @{ What = 'no metadata'; Change = { $_.Remove('metadata') }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = "no 'metadata'"; Action = 'ContinueOnError' }
            @{ What = 'annotations that are null'; Change = { $_.annotations = $null }; ErrorId = 'InvalidAnnotation'; Category = 'InvalidData'; Says = "'annotations' is no array"; Action = 'ContinueOnError' }
        ) {
            $there = New-Element $image -AlgoName there
            $there | Add-StickyAnnotation
            $element = New-Element $image
            $element | ForEach-Object $Change
            $element | Add-StickyAnnotation -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be "$ErrorId,StickyPi.PowerShell.Annotations.AddStickyAnnotationCommand"
            $problems[0].CategoryInfo.Category | Should -Be $Category
            "$($problems[0].TargetObject)" | Should -Be 'element 1 of the input'
            $problems[0].Exception.Message | Should -Match 'element 1 of the input'
            $problems[0].Exception.Message | Should -Match $Says
            $problems[0].ErrorDetails.RecommendedAction | Should -Match $Action
            (Get-Stored).AlgoName | Should -Be 'there'
        }

        It '<What> is refused, whatever it is' -ForEach @(
            @{ What = 'a folder'; Value = { Get-Item -LiteralPath $card } }
            @{ What = 'a process'; Value = { Get-Process -Id $PID } }
            @{ What = 'a picture'; Value = { $image } }
            @{ What = 'a number'; Value = { 5 } }
            @{ What = 'null'; Value = { $null } }
        ) {
            (& $Value), (New-Element $image) | Add-StickyAnnotation -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems.FullyQualifiedErrorId | Should -Be 'InvalidAnnotation,StickyPi.PowerShell.Annotations.AddStickyAnnotationCommand'
            $problems[0].Exception.Message | Should -Match '^Element 1 of the input'
            Get-Stored | Should -BeNullOrEmpty
        }

        It 'text that is no JSON is InvalidJson, and says where: "<_>"' -ForEach '', '  ', '{', '{"annotations": []', '[1,', 'found', '{} x' {
            $_ | Add-StickyAnnotation -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems[-1].FullyQualifiedErrorId | Should -Be 'InvalidJson,StickyPi.PowerShell.Annotations.AddStickyAnnotationCommand'
            $problems[-1].CategoryInfo.Category | Should -Be 'InvalidData'
            $problems[-1].TargetObject | Should -Be 'element 1 of the input'
            $problems[-1].Exception.Message | Should -Match 'element 1 of the input'
        }

        It 'says which element of which file' {
            $elements = @($images | New-Element)
            $elements[2].metadata.md5 = '0' * 32
            $elements[5].annotations = 'none'
            $file = Join-Path $TestDrive 'which.json'
            ConvertTo-Json $elements -Depth 9 | Set-Content $file
            Add-StickyAnnotation -Path $file -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems.ForEach{ "$($_.TargetObject)" } | Should -Be "element 3 of '$file'", "element 6 of '$file'"
            $problems[0].TargetObject.FileName | Should -Be $images[2].FileName
        }
    }

    Context 'All or none' {
        BeforeEach {
            $script:elements = @($images | New-Element)
            $elements[1].metadata.datetime = '2020-01-01_00-00-00'
            $elements[2].metadata.md5 = '0' * 32
            $elements[4].annotations[0].name = ''
            New-Element $images[6] | Add-StickyAnnotation
            $script:expected = 'ImageNotFound', 'Md5Mismatch', 'InvalidAnnotation', 'AnnotationExists'
        }

        It 'where some are refused, stores none, tells each, and warns' {
            $returned = $elements | Add-StickyAnnotation -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue -WarningVariable warnings -WarningAction SilentlyContinue
            $returned | Should -BeNullOrEmpty
            $problems.FullyQualifiedErrorId.ForEach{ $_.Split(',')[0] } | Should -Be $expected
            $problems.ForEach{ "$($_.TargetObject)" } | Should -Be (2, 3, 5, 7 | ForEach-Object { "element $_ of the input" })
            $warnings | Should -HaveCount 1
            $warnings[0] | Should -Match '4 of 8'
            $warnings[0] | Should -Match '-ContinueOnError'
            (Get-Stored).FileName | Should -Be $images[6].FileName
        }

        It '-ContinueOnError stores the others and tells the same, without the warning' {
            $returned = $elements | Add-StickyAnnotation -ContinueOnError -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue -WarningVariable warnings
            $returned.FileName | Should -Be $images[0, 3, 5, 7].FileName
            $problems.FullyQualifiedErrorId.ForEach{ $_.Split(',')[0] } | Should -Be $expected
            $warnings | Should -BeNullOrEmpty
            (Get-Stored).FileName | Should -Be $images[0, 3, 5, 6, 7].FileName
        }

        It '-ErrorAction Stop makes the first refusal an exception, and stores none' {
            { $elements | Add-StickyAnnotation -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
            (Get-Stored).FileName | Should -Be $images[6].FileName
        }

        It 'the same twice in one call stores none; with -ContinueOnError, the first' {
            $twice = @((New-Element $images[0]), (New-Element $images[0] -Count 2), (New-Element $images[1]))
            $twice | Add-StickyAnnotation -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $problems.FullyQualifiedErrorId | Should -BeLike 'AnnotationExists,*'
            "$($problems[0].TargetObject)" | Should -Be 'element 2 of the input'
            @(Get-Stored).Count | Should -Be 1
            $stored = $twice | Add-StickyAnnotation -ContinueOnError -PassThru -ErrorAction SilentlyContinue
            $stored.FileName | Should -Be $images[0, 1].FileName
            $stored.ObjectCount | Should -Be 1, 1
        }

        It 'what the consumer does not wait for is stored all the same' {
            Disconnect-AllStore
            $script:store = Open-Copy
            $returned = @($images | New-Element | Add-StickyAnnotation -PassThru | Select-Object -First 1)
            $returned.Count | Should -Be 1
            (Get-Stored).FileName | Should -Be $images.FileName
        }

        It 'an exception in the producer, or Ctrl-C, stores none' {
            { & { $elements[0]; throw 'enough' } | Add-StickyAnnotation } | Should -Throw 'enough'
            $shell = Open-Session
            try {
                $seen = [Collections.Concurrent.ConcurrentBag[object]]::new()
                $null = $shell.AddScript('param($Element, $Seen) & { $Element; $Seen.Add(1); Start-Sleep 60 } | Add-StickyAnnotation').AddParameters(@{ Element = $elements[0]; Seen = $seen })
                $running = $shell.BeginInvoke()
                while ($seen.IsEmpty -and -not $running.IsCompleted) {
                    Start-Sleep -Milliseconds 5
                }

                $shell.Stop()
            }
            finally {
                $shell.Dispose()
            }

            (Get-Stored).FileName | Should -Be $images[6].FileName
        }
    }

    It '-PassThru returns what is stored, without its objects' {
        $stored = @($images | New-Element -Count 3 | Add-StickyAnnotation -PassThru)
        $stored | Should -BeOfType ((Get-Command Add-StickyAnnotation).OutputType[0].Name)
        $stored.FileName | Should -Be $images.FileName
        $stored.ObjectCount | Select-Object -Unique | Should -Be 3
        $stored.What | Select-Object -Unique | Should -Be 'Metadata'
        $stored.Objects.Count | Should -Be 0
        $stored[0].Json | Should -BeExactly ''
        $stored.Id | Should -Be (Get-Stored).Id
    }

    It 'copies from one store to another, byte for byte' {
        $images | New-Element -Count 3 | Add-StickyAnnotation
        $other = Open-Copy
        Get-StickyAnnotation -What Data -Connection $store | Add-StickyAnnotation -Connection $other
        $copied = @(Get-Stored $other)
        $copied.Count | Should -Be 8
        $copied.Json | Should -Be (Get-Stored $store).Json
        Get-StickyAnnotation -What Data -Connection $store | Add-StickyAnnotation -Connection $other -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $problems.Count | Should -Be 8
        $problems[0].Exception.Message | Should -Match '0a5bb6f4 2021-06-01 19:40:00 detector'
    }

    It 'refuses to copy metadata alone, and says what to do' {
        New-Element $image | Add-StickyAnnotation
        $other = Open-Copy
        Get-StickyAnnotation -Connection $store | Add-StickyAnnotation -Connection $other -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'InvalidAnnotation,*'
        $problems[0].Exception.Message | Should -Match 'Get-StickyAnnotation -What Data'
        Get-Stored $other | Should -BeNullOrEmpty
    }

    It 'takes what a pipeline makes of pictures that it reads from the same store' {
        Get-StickyImageSeries 5c17* | New-Element | Add-StickyAnnotation
        (Get-Stored).FileName | Should -Be (Get-StickyImageSeries 5c17*).FileName
    }

    It 'takes what a pipeline makes of annotations that it reads from the same store, those it adds not among them' {
        $images | New-Element | Add-StickyAnnotation
        Get-StickyAnnotation -What Data | ForEach-Object {
            $element = $_.Json | ConvertFrom-Json
            $element.metadata.algo_name = 'checked'
            $element
        } | Add-StickyAnnotation -ContinueOnError
        @(Get-StickyAnnotation -AlgoName checked).Count | Should -Be 8
        @(Get-StickyAnnotation).Count | Should -Be 16
    }

    It '-Confirm asks for each' {
        $run = Invoke-InSession 'param($Elements) $Elements | Add-StickyAnnotation -Confirm' @{ Elements = @($images | New-Element) }
        @($run.Errors) + @($run.Failure) | Should -Not -BeNullOrEmpty
        Get-Stored | Should -BeNullOrEmpty
    }

    It '-WhatIf still tells what would be refused, the same twice among it' {
        $elements = @($images | New-Element)
        $elements[3].metadata.md5 = '0' * 32
        $elements += $elements[0]
        $run = Invoke-InSession 'param($Elements) $Elements | Add-StickyAnnotation -WhatIf' @{ Elements = $elements }
        $run.Errors.FullyQualifiedErrorId.ForEach{ $_.Split(',')[0] } | Should -Be 'Md5Mismatch', 'AnnotationExists'
        Get-Stored | Should -BeNullOrEmpty
    }
}

Describe 'Annotations that are stored' {
    BeforeAll {
        Disconnect-AllStore
        $script:store = Open-Copy
        $script:images = @(Get-StickyImageSeries)

        # Of 0a5bb6f4, then of 5c173ff2, whose last two pictures nobody looked at.
        @(
            New-Element $images[0] -Count 12
            New-Element $images[0] -AlgoName a_b
            New-Element $images[1] -Count 3
            New-Element $images[1] -AlgoName 'a%b'
            New-Element $images[4] -AlgoVersion $old
            New-Element $images[4] -Count 11
            New-Element $images[4] -AlgoVersion $newest -Count 2
            New-Element $images[5] -AlgoName axb
            New-Element $images[5] -AlgoName 'a[x]b' -AlgoVersion $old
        ) | Add-StickyAnnotation

        function script:Get-Name($Annotation) {
            foreach ($one in $Annotation) {
                "$([array]::IndexOf($images.FileName, $one.FileName)) $($one.AlgoName) $($one.AlgoVersion.Split('-')[0])"
            }
        }

        $script:all = @(
            '0 a_b 1598113346', '0 detector 1598113346', '1 a%b 1598113346', '1 detector 1598113346'
            '4 detector 1598113346', '4 detector 1700000000', '4 detector 999999999', '5 a[x]b 999999999', '5 axb 1598113346'
        )
    }

    AfterAll {
        Disconnect-AllStore
    }

    Context 'Get-StickyAnnotation' {
        It 'given nothing, returns all, ordered by device, time, algorithm and version' {
            $found = Get-StickyAnnotation
            $found | Should -BeOfType ((Get-Command Get-StickyAnnotation).OutputType[0].Name)
            Get-Name $found | Should -Be $all
        }

        It 'returns every column' {
            $annotation = Get-StickyAnnotation 0a5bb6f4 -AlgoName detector | Select-Object -First 1
            $annotation.Device | Should -BeExactly '0a5bb6f4'
            $annotation.DateTime | Should -Be $CardStart
            $annotation.DateTime.Kind | Should -Be 'Utc'
            $annotation.Md5 | Should -BeExactly $images[0].Md5
            $annotation.ImageId | Should -Be $images[0].Id
            $annotation.AlgoName | Should -BeExactly 'detector'
            $annotation.AlgoVersion | Should -BeExactly $new
            $annotation.ObjectCount | Should -Be 12
            $annotation.CreatedAt.Kind | Should -Be 'Utc'
            [Math]::Abs(([datetime]::UtcNow - $annotation.CreatedAt).TotalMinutes) | Should -BeLessThan 10 -Because 'it was added just now'
            $annotation.ApiVersion | Should -Be $images[0].ApiVersion
            $annotation.ApiUser | Should -BeNullOrEmpty
            $annotation.What | Should -Be 'Metadata'
            $annotation.Objects.Count | Should -Be 0
            $annotation.Json | Should -BeExactly ''
            "$annotation" | Should -Be "0a5bb6f4 2021-06-01 19:40:00 detector $new"
        }

        It '-What Data brings typed objects' {
            $annotation = Get-StickyAnnotation 0a5bb6f4 -What Data -AlgoName detector | Select-Object -First 1
            $annotation.What | Should -Be 'Data'
            $annotation.Objects.Count | Should -Be $annotation.ObjectCount
            $object = $annotation.Objects[1]
            $object | Should -BeOfType StickyPi.Core.Annotations.AnnotatedObject
            $object.Contour | Should -BeOfType StickyPi.Core.Annotations.ContourPoint
            $object.Contour.X | Should -Be 1, 30, 30
            $object.Contour.Y | Should -Be 3, 3, 41
            $object.Area | Should -Be 551
            $object.Area | Should -BeOfType double
            $object.BoundingBox.X, $object.BoundingBox.Y, $object.BoundingBox.Width, $object.BoundingBox.Height | Should -Be 1, 3, 30, 39
            $null -eq $object.Value | Should -BeTrue
            $object.Name | Should -BeExactly 'insect'
            $object.StrokeColour | Should -BeExactly '#0000ff'
            $object.FillColour | Should -BeExactly '#ff0000'
        }

        It '-What Data brings the JSON, which ConvertFrom-Json reads' {
            $annotation = Get-StickyAnnotation 0a5bb6f4 -What Data -AlgoName detector | Select-Object -First 1
            $element = $annotation.Json | ConvertFrom-Json
            $element.annotations.Count | Should -Be 12
            $element.metadata.md5 | Should -BeExactly $images[0].Md5
            [Text.Encoding]::UTF8.GetString($annotation.GetUtf8Json().ToArray()) | Should -BeExactly $annotation.Json
        }

        It 'objects of all pictures are only a pipeline away' {
            $objects = Get-StickyAnnotation -What Data -AlgoName detector -Latest | ForEach-Object Objects
            $objects.Count | Should -Be 17
            ($objects | Measure-Object Area -Sum).Sum | Should -Be (17 * 551)
        }

        It 'of a series of pictures, filtered by what was found' {
            $found = Get-StickyImageSeries -StartTime 2021-06-01 -EndTime 2021-06-02 | Get-StickyAnnotation -What Data | Where-Object { $_.ObjectCount -gt 10 }
            Get-Name $found | Should -Be '0 detector 1598113346', '4 detector 1598113346'
        }

        It '<What> means <Expected>' -ForEach @(
            @{ What = 'a device'; Run = { Get-StickyAnnotation 5C173FF2 }; Expected = 4..8 }
            @{ What = 'a pattern'; Run = { Get-StickyAnnotation 0a% }; Expected = 0..3 }
            @{ What = 'several devices'; Run = { Get-StickyAnnotation -Device 5c17*, 0a5bb6f4, 5c173ff2 }; Expected = 0..8 }
            @{ What = 'a range, half-open'; Run = { Get-StickyAnnotation * 2021-06-01T19:40 2021-06-01T20:00 }; Expected = 0, 1, 4, 5, 6 }
            @{ What = 'a start'; Run = { Get-StickyAnnotation -StartTime '2021-06-01_19-40-01' }; Expected = 2, 3, 7, 8 }
            @{ What = 'an end'; Run = { Get-StickyAnnotation 5c17* -EndTime '2021-06-01_20-00-00' }; Expected = 4..6 }
            @{ What = 'devices through the pipeline'; Run = { '5c17*', '0a5bb6f4' | Get-StickyAnnotation }; Expected = 0..8 }
            @{ What = 'Get-StickyDevice'; Run = { Get-StickyDevice 5c17* | Get-StickyAnnotation -EndTime '2021-06-01_20-00-00' }; Expected = 4..6 }
            @{ What = 'one picture'; Run = { Get-StickyAnnotation -Device 5c173ff2 -DateTime 2021-06-01T20:00 }; Expected = 7, 8 }
            @{ What = 'several pictures, in their order'; Run = { Get-StickyAnnotation -Device 0a5bb6f4 -DateTime '2021-06-01_20-00-00', $CardStart.ToLocalTime() }; Expected = 2, 3, 0, 1 }
            @{ What = 'pictures through the pipeline, in their order'; Run = { Get-StickyImageSeries | Sort-Object DateTime, Device | Get-StickyAnnotation }; Expected = 0, 1, 4, 5, 6, 2, 3, 7, 8 }
            @{ What = 'Get-StickyImage'; Run = { Get-StickyImage 0a5bb6f4 $CardStart | Get-StickyAnnotation }; Expected = 0, 1 }
            @{ What = 'what Send-StickyImage returned'; Run = { Send-StickyImage $card/0a5bb6f4 -ThrottleLimit 1 | Get-StickyAnnotation }; Expected = 0..3 }
            @{ What = 'an annotation: all of its picture'; Run = { Get-StickyAnnotation -AlgoName 'a?b' 0a* | Get-StickyAnnotation }; Expected = 0..3 }
            @{ What = 'devices and pictures through the pipeline, the pictures first'; Run = { & { Get-StickyDevice 5c17*; $images[1] } | Get-StickyAnnotation }; Expected = 2..8 }
            @{ What = 'a table of one''s own'; Run = { [pscustomobject] @{ Device = '5C173FF2'; DateTime = '2021-06-01_20-00-00' } | Get-StickyAnnotation }; Expected = 7, 8 }
        ) {
            Get-Name (& $Run) | Should -Be $all[$Expected]
        }

        It 'given no device, or no picture, through the pipeline, returns nothing: it does not stand for all' {
            Get-StickyDevice ffff* | Get-StickyAnnotation -WarningVariable warnings | Should -BeNullOrEmpty
            Get-StickyImage 5c173ff2 2020-01-01 | Get-StickyAnnotation -WarningVariable +warnings | Should -BeNullOrEmpty
            @() | Get-StickyAnnotation -WarningVariable +warnings | Should -BeNullOrEmpty
            $warnings | Should -BeNullOrEmpty
        }

        It 'the algorithm <Pattern> means <Expected>' -ForEach @(
            @{ Pattern = 'detector'; Expected = 1, 3, 4, 5, 6 }
            @{ Pattern = 'DET*'; Expected = 1, 3, 4, 5, 6 }
            @{ Pattern = 'a_b'; Expected = , 0 }
            @{ Pattern = 'a%b'; Expected = , 2 }
            @{ Pattern = 'a?b'; Expected = 0, 2, 8 }
            @{ Pattern = 'a*b'; Expected = 0, 2, 7, 8 }
            @{ Pattern = 'a[x]b'; Expected = , 7 }
            @{ Pattern = '%'; Expected = @() }
            @{ Pattern = '_%'; Expected = @() }
            @{ Pattern = 'a`?b'; Expected = @() }
            @{ Pattern = "' OR 1=1 --"; Expected = @() }
            @{ Pattern = @('a_b', 'axb', 'a_*'); Expected = 0, 8 }
        ) {
            $expectedNames = @($Expected | ForEach-Object { $all[$_] })
            @(Get-Name (Get-StickyAnnotation -AlgoName $Pattern -WarningAction SilentlyContinue)) | Should -Be $expectedNames
            @(Get-Name ($images | Get-StickyAnnotation -AlgoName $Pattern)) | Should -Be $expectedNames
        }

        It 'the version <Pattern> means <Expected>' -ForEach @(
            @{ Pattern = '9*'; Expected = 6, 7 }
            @{ Pattern = '1700000000-0123456789abcdef0123456789abcdef'; Expected = , 5 }
            @{ Pattern = '17*', '9*'; Expected = 5, 6, 7 }
            @{ Pattern = '1%'; Expected = @() }
            @{ Pattern = '*AD2CD78*'; Expected = 0, 1, 2, 3, 4, 8 }
        ) {
            @(Get-Name (Get-StickyAnnotation -AlgoVersion $Pattern -WarningAction SilentlyContinue)) | Should -Be @($Expected | ForEach-Object { $all[$_] })
        }

        It '-Latest returns the newest version of each algorithm of each picture, by number' {
            Get-Name (Get-StickyAnnotation -Latest) | Should -Be $all[0, 1, 2, 3, 5, 7, 8]
            Get-Name ($images | Get-StickyAnnotation -Latest) | Should -Be $all[0, 1, 2, 3, 5, 7, 8]
        }

        It '-Latest is the newest of those that match' {
            Get-Name (Get-StickyAnnotation 5c17* -AlgoName det* -Latest -AlgoVersion 9*, 15*) | Should -Be $all[4]
        }

        It 'a series without any is a warning that says of what' {
            Get-StickyAnnotation 5c173ff2 -StartTime 2030-01-01 -WarningVariable warnings -WarningAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
            $problems | Should -BeNullOrEmpty
            $warnings | Should -HaveCount 1
            $warnings[0] | Should -Match '5c173ff2'
            $warnings[0] | Should -Match '2030-01-01'
        }

        It 'pictures without any, and a series with some, warn of nothing' {
            $images[6..7] | Get-StickyAnnotation -WarningVariable warnings | Should -BeNullOrEmpty
            $null = Get-StickyAnnotation 5c17* -WarningVariable +warnings
            $warnings | Should -BeNullOrEmpty
        }

        It '<What> is refused, as neither pictures nor a series' -ForEach @(
            @{ What = 'a time without a device'; Run = { Get-StickyAnnotation -DateTime 2021-06-01 } }
            @{ What = 'a picture and a start'; Run = { Get-StickyAnnotation 5c173ff2 -DateTime $CardStart -StartTime 2021-06-01 } }
            @{ What = 'pictures through the pipeline and an end'; Run = { $images | Get-StickyAnnotation -EndTime 2021-06-01 } }
        ) {
            $record = $Run | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'AmbiguousPictures,*'
            $record.CategoryInfo.Category | Should -Be 'InvalidData'
            $record.ErrorDetails.RecommendedAction | Should -Match '-StartTime'
        }

        It 'a pattern with a time is an error, and the other devices are answered' {
            $found = Get-StickyAnnotation 5c17*, 0a5bb6f4 -DateTime $CardStart -ErrorVariable problems -ErrorAction SilentlyContinue
            Get-Name $found | Should -Be $all[0, 1]
            $problems.FullyQualifiedErrorId | Should -BeLike 'InvalidDevice,*'
            $problems[0].TargetObject | Should -Be '5c17*'
        }

        It 'a range the other way round is refused' {
            { Get-StickyAnnotation -StartTime 2021-06-02 -EndTime 2021-06-01 } | Should -Throw -ErrorId 'InvalidTimeRange,*'
        }

        It 'Select-Object -First stops it, and whatever feeds it, at once' {
            $script:fed = 0
            $found = & { for ($i = 0; $i -lt 20000; $i++) { $script:fed++; $images[0]; $images[1] } } | Get-StickyAnnotation | Select-Object -First 3
            Get-Name $found | Should -Be $all[0, 1, 2]
            $fed | Should -BeLessThan 20000
            Get-Name (Get-StickyAnnotation -What Data | Select-Object -First 2) | Should -Be $all[0, 1]
        }

        It 'Export-Csv and Import-Csv keep its columns, in the culture "<_>"' -ForEach '', 'de-DE', 'ja-JP' {
            $culture = [cultureinfo]::CurrentCulture
            try {
                [cultureinfo]::CurrentCulture = $_
                $file = Join-Path $TestDrive 'annotations.csv'
                Get-StickyAnnotation -AlgoName a_b, 'a%b' | Export-Csv $file
                Get-Name (Import-Csv $file | Get-StickyAnnotation -AlgoName a_b, 'a%b') | Should -Be $all[0, 2]
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }
        }

        It 'says numbers of objects as the culture does, and their geometry as none does' {
            $culture = [cultureinfo]::CurrentCulture
            try {
                [cultureinfo]::CurrentCulture = 'de-DE'
                $object = (Get-StickyAnnotation 0a5bb6f4 -What Data | Select-Object -First 1).Objects[0]
                "$($object.BoundingBox)" | Should -Be '1,2 30×39'
                "$($object.Contour[1])" | Should -Be '30,2'
                $object | Out-String -Width 120 | Should -Match '551,0'
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }
        }
    }

    Context 'ForEach-Object -Parallel' {
        It 'reads typed objects through one connection' {
            $counts = 1..6 | ForEach-Object -Parallel {
                Import-Module $using:ModulePath
                @(Get-StickyImageSeries -Connection $using:store | Get-StickyAnnotation -What Data -Connection $using:store | ForEach-Object Objects).Count
            } -ThrottleLimit 3
            $counts | Should -Be (@(33) * 6)
        }
    }

    Context 'Get-StickyAnnotatedImage' {
        It 'joins each picture with its annotations, and returns one without any once' {
            $joined = @(Get-StickyAnnotatedImage)
            $joined | Should -BeOfType ((Get-Command Get-StickyAnnotatedImage).OutputType[0].Name)
            $joined.FileName | Should -Be $images[0, 0, 1, 1, 2, 3, 4, 4, 4, 5, 5, 6, 7].FileName
            $joined.Annotation.Id | Should -Be (Get-StickyAnnotation).Id
            $alone = $joined[-1]
            $null -eq $alone.Annotation | Should -BeTrue
            $null -eq $alone.ObjectCount | Should -BeTrue
            $alone.Objects.Count | Should -Be 0
        }

        It 'carries the columns of both' {
            $joined = Get-StickyAnnotatedImage 0a5bb6f4 -What Image -AnnotationWhat Data -AlgoName detector | Select-Object -First 1
            $joined.Image.Temperature | Should -Be $images[0].Temperature
            $joined.Url | Should -Exist
            $joined.Annotation.AlgoVersion | Should -Be $new
            $joined.ObjectCount | Should -Be 12
            $joined.Objects.Count | Should -Be 12
            $joined.Objects[0].Area | Should -Be 551
        }

        It 'reads only metadata unless told' {
            $joined = Get-StickyAnnotatedImage 0a5bb6f4 | Select-Object -First 1
            $joined.Url | Should -BeExactly ''
            $joined.Objects.Count | Should -Be 0
            $joined.ObjectCount | Should -Be 1
        }

        It 'a picture without those that were asked for comes once, alone' {
            $joined = Get-StickyAnnotatedImage 5c17* -AlgoName detector -Latest
            $joined.FileName | Should -Be $images[4..7].FileName
            $joined.ObjectCount | Should -Be 2, $null, $null, $null
        }

        It 'takes devices, a range and the pipeline as Get-StickyImageSeries does' {
            (Get-StickyAnnotatedImage 5c17* '2021-06-01_20-00-00' '2021-06-01_20-40-00' -AlgoName axb).FileName | Should -Be $images[5, 6].FileName
            (Get-StickyDevice 0a* | Get-StickyAnnotatedImage -AlgoVersion 9*).FileName | Should -Be $images[0..3].FileName
            Get-StickyDevice ffff* | Get-StickyAnnotatedImage -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        }

        It 'warns of an empty series' {
            Get-StickyAnnotatedImage ffff* -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $warnings | Should -HaveCount 1
            $warnings[0] | Should -Match 'ffff\*'
        }

        It 'stops at once with Select-Object -First' {
            (Get-StickyAnnotatedImage -AnnotationWhat Data | Select-Object -First 2).AlgoName | Should -Be 'a_b', 'detector'
        }

        It 'finds the pictures that nobody looked at' {
            (Get-StickyAnnotatedImage | Where-Object { -not $_.Annotation }).FileName | Should -Be $images[2, 3, 6, 7].FileName
        }
    }

    Context 'Default views' {
        It 'of <Name> is a table of <Columns>, which fits 80 columns' -ForEach @(
            @{ Name = 'StickyAnnotation'; Run = { Get-StickyAnnotation }; Columns = 'Device', 'DateTime (UTC)', 'Objects', 'AlgoName', 'AlgoVersion' }
            @{ Name = 'StickyAnnotatedImage'; Run = { Get-StickyAnnotatedImage -What Image }; Columns = 'Device', 'DateTime (UTC)', 'Objects', 'AlgoName', 'File' }
            @{ Name = 'AnnotatedObject'; Run = { (Get-StickyAnnotation -What Data).Objects }; Columns = 'Name', 'Value', "Area px$([char] 0xB2)", 'BoundingBox', 'Contour' }
        ) {
            $objects = @(& $Run)
            $objects[0].GetType().Name | Should -Be $Name
            $shape = @($objects | Format-Table)[0].shapeInfo
            @($shape.tableColumnInfoList | ForEach-Object { $_.label ? $_.label : $_.propertyName }) | Should -Be $Columns
            $lines = ($objects | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n' | Where-Object { $_ }
            $lines.Count | Should -Be ($objects.Count + 2)
            $lines[0] | Should -Match ($Columns.ForEach{ [regex]::Escape($_) } -join '\s+')
            $lines | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        }

        It 'show what counts' {
            Get-StickyAnnotation -AlgoVersion 17* | Out-String -Width 200 | Should -Match "5c173ff2\s+2021-06-01 19:40:00\s+2\s+detector\s+$newest"
            Get-StickyAnnotatedImage 5c17* -AlgoVersion 17* | Select-Object -First 1 | Out-String -Width 120 |
                Should -Match '5c173ff2\s+2021-06-01 19:40:00\s+2\s+detector\s+5c173ff2\.2021-06-01_19-40-00\.jpg'
            (Get-StickyAnnotation -AlgoVersion 17* -What Data).Objects[0] | Out-String -Width 120 | Should -Match 'insect\s+551\S0\s+1,2 30×39\s+\{1,2, 30,2, 30,40\}'
        }

        It 'show the largest value whole' {
            [StickyPi.Core.Annotations.AnnotatedObject] @{ Contour = [StickyPi.Core.Annotations.ContourPoint[]] @(); Value = [int]::MaxValue } |
                Out-String -Width 80 | Should -Match '2147483647'
        }
    }
}

Describe 'Annotations of annotations' {
    It 'a picture that comes once for each of its annotations is answered once' {
        Disconnect-AllStore
        $null = Open-Copy
        $image = Get-StickyImageSeries -First 1
        foreach ($version in $old, $new) {
            $element = New-Element $image
            $element.metadata.algo_version = $version
            $element | Add-StickyAnnotation
        }
        @(Get-StickyAnnotation | Get-StickyAnnotation -What Data).Count | Should -Be 2
        @(Get-StickyAnnotatedImage -Device $image.Device | Where-Object ObjectCount | Get-StickyAnnotatedImage).Count | Should -Be 2
    }
}

Describe 'Remove-StickyAnnotation' {
    BeforeEach {
        Disconnect-AllStore
        $script:store = Open-Copy
        $script:images = @(Get-StickyImageSeries)
        ($images | New-Element), ($images | New-Element -AlgoVersion $newest), (New-Element $images[0] -AlgoName 'a*b') | Add-StickyAnnotation
    }

    It 'given an annotation, removes it and nothing else, and returns nothing' {
        Get-StickyAnnotation 0a* -AlgoVersion 17* | Select-Object -First 1 | Remove-StickyAnnotation -Confirm:$false | Should -BeNullOrEmpty
        @(Get-StickyAnnotation).Count | Should -Be 16
        $images[0] | Get-StickyAnnotation | ForEach-Object AlgoVersion | Should -Be $new, $new
        @(Get-StickyImageSeries).Count | Should -Be 8
        @(Get-ChildItem "$($store.Location)/raw_images" -Recurse -File).Count | Should -Be 24
    }

    It 'given the names, in any case of the device, removes it' {
        Remove-StickyAnnotation 5C173FF2 '2021-06-01_19-40-00' detector $newest -Confirm:$false
        Get-StickyAnnotation -Device 5c173ff2 -DateTime $CardStart | ForEach-Object AlgoVersion | Should -Be $new
        @(Get-StickyAnnotation).Count | Should -Be 16
    }

    It 'removes what is read while it is read' {
        Get-StickyAnnotation 5c17* | Remove-StickyAnnotation -Confirm:$false
        (Get-StickyAnnotation).Device | Select-Object -Unique | Should -Be '0a5bb6f4'
    }

    It 'takes joined pictures, and what -PassThru returned' {
        Get-StickyAnnotatedImage 5c17* -AlgoName detector | Remove-StickyAnnotation -Confirm:$false
        (Get-StickyAnnotation).Device | Select-Object -Unique | Should -Be '0a5bb6f4'
        $images[4..7] | New-Element | Add-StickyAnnotation -PassThru | Remove-StickyAnnotation -Confirm:$false
        (Get-StickyAnnotation).Device | Select-Object -Unique | Should -Be '0a5bb6f4'
    }

    It 'takes joined pictures without any annotation, which have none to remove' {
        Get-StickyAnnotatedImage -AlgoName none | Remove-StickyAnnotation -Confirm:$false -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
        @(Get-StickyAnnotation).Count | Should -Be 17
    }

    It 'given pictures, by way of what was found on them, leaves the others of the device alone' {
        $images[4] | Get-StickyAnnotation | Remove-StickyAnnotation -Confirm:$false
        @(Get-StickyAnnotation 5c173ff2).Count | Should -Be 6
    }

    It 'what was removed can be added again' {
        $kept = Get-Stored
        Get-StickyAnnotation | Remove-StickyAnnotation -Confirm:$false
        Get-Stored | Should -BeNullOrEmpty
        $kept | Add-StickyAnnotation
        (Get-Stored).Json | Should -Be $kept.Json
    }

    It 'given nothing through the pipeline, removes nothing' {
        Get-StickyAnnotation -AlgoName none -WarningAction SilentlyContinue | Remove-StickyAnnotation -Confirm:$false
        @(Get-StickyAnnotation).Count | Should -Be 17
    }

    It 'takes no wildcards' {
        Remove-StickyAnnotation 0a5bb6f4 $CardStart 'a*b' '*' -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'AnnotationNotFound,*'
        Remove-StickyAnnotation 0a5bb6f4 $CardStart 'a*b' $new -Confirm:$false
        $images[0] | Get-StickyAnnotation | ForEach-Object AlgoName | Should -Be 'detector', 'detector'
    }

    It 'given one that the store does not have, says AnnotationNotFound and goes on' {
        $references = @(
            [pscustomobject] @{ Device = '0a5bb6f4'; DateTime = $CardStart; AlgoName = 'none'; AlgoVersion = $new }
            [pscustomobject] @{ Device = '0a5bb6f4'; DateTime = $CardStart; AlgoName = 'detector'; AlgoVersion = $new }
        )
        $references | Remove-StickyAnnotation -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'AnnotationNotFound,StickyPi.PowerShell.Annotations.RemoveStickyAnnotationCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$($problems[0].TargetObject)" | Should -Be "0a5bb6f4 2021-06-01 19:40:00 none $new"
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Get-StickyAnnotation'
        @(Get-StickyAnnotation).Count | Should -Be 16
    }

    It '-ErrorAction Stop makes that an exception' {
        { Remove-StickyAnnotation 0a5bb6f4 $CardStart none $new -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'AnnotationNotFound,*'
    }

    It 'asks before it removes, unless told not to' {
        $run = Invoke-InSession 'Get-StickyAnnotation | Remove-StickyAnnotation'
        @($run.Errors) + @($run.Failure) | Should -Not -BeNullOrEmpty
        @(Get-StickyAnnotation).Count | Should -Be 17
    }

    It 'removes from the store of -Connection alone' {
        $other = Open-Copy
        Get-Stored $store | Add-StickyAnnotation -Connection $other
        Get-StickyAnnotation -Connection $store | Remove-StickyAnnotation -Connection $store -Confirm:$false
        Get-Stored $store | Should -BeNullOrEmpty
        @(Get-Stored $other).Count | Should -Be 17
    }

    It 'goes with its picture when that is removed' {
        $images[0] | Remove-StickyImage -Confirm:$false
        @(Get-StickyAnnotation).Count | Should -Be 14
    }
}
