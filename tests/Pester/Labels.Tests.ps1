BeforeAll {
    . $PSScriptRoot/Common.ps1

    # What every label needs; tests change what they are about.
    $script:Label = @{ AlgoName = 'itc'; AlgoVersion = '1'; Label = 7; Pattern = '^Diptera.*'; Type = 'Insecta' }

    function script:Get-Id([int] $Number) {
        "5c173ff2.2021-06-01_00-00-00.2021-06-01_19-00-00.1606980656-91e2199f.$($Number.ToString('0000'))"
    }
}

Describe 'Add-StickyLabel' {
    BeforeEach {
        Disconnect-AllStore
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Connect-StickyPi "$folder/store"
        $script:series = Write-TuboidSeries "$folder/found"
        $null = Send-StickyTuboid $series sim
    }

    AfterAll {
        Disconnect-AllStore
    }

    It 'adds a label and returns nothing' {
        Add-StickyLabel (Get-Id 0) @Label | Should -BeNullOrEmpty
        $label = Get-StickyLabel
        $label.TuboidId | Should -BeExactly (Get-Id 0)
        $label.AlgoName, $label.AlgoVersion, $label.Label, $label.Pattern, $label.Type | Should -BeExactly 'itc', '1', 7, '^Diptera.*', 'Insecta'
        $label.Order, $label.Family, $label.Genus, $label.Species | Should -Be $null, $null, $null, $null
    }

    It '-PassThru returns it as the store has it' {
        $label = Add-StickyLabel (Get-Id 1) @Label -Order Diptera -Family Drosophilidae -Genus Drosophila -Species suzukii -PassThru
        $label | Should -BeOfType ((Get-Command Add-StickyLabel).OutputType[0].Name)
        "$label" | Should -BeExactly 'Drosophila suzukii'
        $label.CreatedAt.Kind | Should -Be 'Utc'
        Get-StickyLabel | Should -Be $label
    }

    It 'takes a CSV with <Columns>, in the culture "<Culture>"' -ForEach @(
        foreach ($culture in '', 'de-DE') {
            @{ Culture = $culture; Columns = 'the names of the parameters'; Header = 'TuboidId,AlgoName,AlgoVersion,Label,Pattern,Type,Order,Family,Genus,Species' }
            @{ Culture = $culture; Columns = 'the names of the Python client'; Header = 'tuboid_id,algo_name,algo_version,label,pattern,type,order,family,genus,species' }
        }
    ) {
        Set-Content "$folder/labels.csv" $Header, "$(Get-Id 0),itc,1,7,^Diptera.*,Insecta,Diptera,Muscidae,,", "$(Get-Id 1),itc,1,-1,.*,Background,,,,"
        $before = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $Culture
        try {
            $labels = @(Import-Csv "$folder/labels.csv" | Add-StickyLabel -PassThru)
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }

        $labels.TuboidId | Should -BeExactly (Get-Id 0), (Get-Id 1)
        $labels.Label | Should -Be 7, -1
        $labels[0].Family | Should -BeExactly 'Muscidae'
        $null -eq $labels[0].Genus | Should -BeTrue -Because 'an empty cell is no genus'
    }

    It 'takes tuboids from <What>' -ForEach @(
        @{ What = 'Get-StickyTuboid'; Run = { Get-StickyTuboid | Add-StickyLabel @Label } }
        @{ What = 'Send-StickyTuboid'; Run = { Send-StickyTuboid $series sim | Add-StickyLabel @Label } }
        @{ What = 'JSON'; Run = { '[0, 1, 2]' | ConvertFrom-Json | ForEach-Object { @{ tuboid_id = Get-Id $_; label = 7 } } | ConvertTo-Json | ConvertFrom-Json | Add-StickyLabel -AlgoName itc -AlgoVersion 1 -Pattern '^Diptera.*' -Type Insecta } }
    ) {
        & $Run
        $labels = @(Get-StickyLabel)
        $labels.TuboidId | Sort-Object | Should -Be (Get-Id 0), (Get-Id 1), (Get-Id 2)
        $labels.Label | Should -Be 7, 7, 7
    }

    It 'from tuboids that have a label, takes nothing of it into the new one' {
        Add-StickyLabel (Get-Id 0) @Label -Order Diptera -Family Muscidae
        $label = Get-StickyTuboid -IncludeLabel | Select-Object -First 1 | Add-StickyLabel -AlgoName expert -AlgoVersion 1 -Label 3 -Pattern '.*' -Type Insecta -PassThru
        $label.Label | Should -Be 3
        $null -eq $label.Order -and $null -eq $label.Family | Should -BeTrue
    }

    It 'copies labels to another version' {
        Get-StickyTuboid | Add-StickyLabel @Label -Family Muscidae
        Get-StickyLabel -AlgoVersion 1 | Add-StickyLabel -AlgoVersion 2
        $copies = @(Get-StickyLabel -AlgoVersion 2)
        $copies.Family | Should -Be 'Muscidae', 'Muscidae', 'Muscidae'
        $copies.Label | Should -Be 7, 7, 7
    }

    It 'stores <What> as it is' -ForEach @(
        @{ What = 'what SQL would run'; Text = "'); DROP TABLE labels; --" }
        @{ What = 'what LIKE would match'; Text = '%_[a]*?\%' }
        @{ What = 'Unicode'; Text = "$([char] 0xC9)ph$([char] 0xE9)m$([char] 0xE8)re $([char]::ConvertFromUtf32(0x1F98B))" }
    ) {
        $label = Add-StickyLabel (Get-Id 0) -AlgoName $Text -AlgoVersion $Text -Label 1 -Pattern $Text -Type $Text -Order $Text -Family $Text -Genus $Text -Species $Text -PassThru
        Get-StickyLabel | Should -Be $label
        $label.AlgoName, $label.AlgoVersion, $label.Pattern, $label.Type, $label.Order, $label.Family, $label.Genus, $label.Species |
            Should -BeExactly (@($Text) * 8)
    }

    It 'given nothing through the pipeline, adds nothing and says nothing' {
        Get-StickyTuboid ffff* 3>$null | Add-StickyLabel @Label -ErrorVariable problems -WarningVariable warnings -PassThru | Should -BeNullOrEmpty
        $problems, $warnings | ForEach-Object { $_ } | Should -BeNullOrEmpty
        Get-StickyLabel | Should -BeNullOrEmpty
    }

    It '-WhatIf adds nothing, and does not ask for -PassThru' {
        Get-StickyTuboid | Add-StickyLabel @Label -WhatIf -PassThru | Should -BeNullOrEmpty
        Get-StickyLabel | Should -BeNullOrEmpty
    }

    It 'adds to the store of -Connection' {
        $default = Get-StickyPiConnection
        $other = Connect-StickyPi "$folder/other" -PassThru
        Get-StickyTuboid -Connection $default | Add-StickyLabel @Label -Connection $default
        @(Get-StickyLabel -Connection $default).Count | Should -Be 3
        Get-StickyLabel -Connection $other | Should -BeNullOrEmpty
    }

    Context 'Errors' {
        It 'given <What>, says <ErrorId> of it and goes on with the rest' -ForEach @(
            @{ What = 'a tuboid that is not there'; ErrorId = 'TuboidNotFound'; Category = 'ObjectNotFound'; Says = '\.0009'; Action = 'Get-StickyTuboid'; Bad = @{ TuboidId = 9 } }
            @{ What = 'no tuboid'; ErrorId = 'TuboidNotFound'; Category = 'ObjectNotFound'; Says = "''"; Action = 'Get-StickyTuboid'; Bad = @{ TuboidId = '' } }
            @{ What = 'a label that is there'; ErrorId = 'LabelExists'; Category = 'ResourceExists'; Says = "'itc' version '0'.*4, Syrphidae"; Action = 'version'; Bad = @{ AlgoVersion = '0' } }
            @{ What = 'no name of an algorithm'; ErrorId = 'InvalidLabel'; Category = 'InvalidData'; Says = 'AlgoName is empty'; Action = 'Correct'; Bad = @{ AlgoName = '' } }
            @{ What = 'a blank version'; ErrorId = 'InvalidLabel'; Category = 'InvalidData'; Says = 'AlgoVersion is empty'; Action = 'Correct'; Bad = @{ AlgoVersion = ' ' } }
            @{ What = 'no pattern'; ErrorId = 'InvalidLabel'; Category = 'InvalidData'; Says = 'Pattern is empty'; Action = 'Correct'; Bad = @{ Pattern = '' } }
            @{ What = 'no type'; ErrorId = 'InvalidLabel'; Category = 'InvalidData'; Says = 'Type is empty'; Action = 'Correct'; Bad = @{ Type = '' } }
            foreach ($field in @{ AlgoName = 32; AlgoVersion = 46; Pattern = 128; Type = 32; Order = 32; Family = 32; Genus = 32; Species = 32 }.GetEnumerator()) {
                @{
                    What = "a long $($field.Key)"; ErrorId = 'InvalidLabel'; Category = 'InvalidData'; Action = 'Correct'; Bad = @{ $field.Key = 'x' * ($field.Value + 1) }
                    Says = "its $($field.Key) has $($field.Value + 1) characters, more than the $($field.Value) "
                }
            }
        ) {
            Add-StickyLabel (Get-Id 1) -AlgoName itc -AlgoVersion 0 -Label 4 -Pattern '.*' -Type Insecta -Family Syrphidae
            $row = $Label + @{ TuboidId = 1; Order = ''; Family = ''; Genus = ''; Species = '' }
            $Bad.GetEnumerator() | ForEach-Object { $row[$_.Key] = $_.Value }
            $row.TuboidId = $row.TuboidId -is [int] ? (Get-Id $row.TuboidId) : $row.TuboidId
            $good = @(0, 2).ForEach{ [pscustomobject] ($Label + @{ TuboidId = Get-Id $_ }) }
            $added = @($good[0], [pscustomobject] $row, $good[1] | Add-StickyLabel -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue)
            $added.TuboidId | Should -Be $good.TuboidId
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -Be "$ErrorId,StickyPi.PowerShell.Labels.AddStickyLabelCommand"
            $problems[0].CategoryInfo.Category | Should -Be $Category
            $problems[0].TargetObject.TuboidId | Should -Be $row.TuboidId
            $problems[0].Exception.Message | Should -Match $Says
            $problems[0].ErrorDetails.RecommendedAction | Should -Match $Action
            @(Get-StickyLabel).Count | Should -Be 3
        }

        It 'there is room for as many characters as it says' {
            $label = Add-StickyLabel (Get-Id 0) -AlgoName ('a' * 32) -AlgoVersion ('v' * 46) -Label 1 -Pattern ('p' * 128) -Type ('t' * 32) -Species ('s' * 32) -PassThru
            $label.Pattern.Length, $label.Species.Length | Should -Be 128, 32
        }

        It 'given <What> in the column Label, refuses the row and goes on with the rest' -ForEach @(
            @{ What = 'nothing'; Cell = '' }
            @{ What = 'a blank'; Cell = ' ' }
            @{ What = 'a fraction'; Cell = '2.5' }
            @{ What = 'a word'; Cell = 'fly' }
            @{ What = 'a number that is too large'; Cell = '99999999999' }
        ) {
            Set-Content "$folder/labels.csv" 'TuboidId,Label', "$(Get-Id 0),$Cell", "$(Get-Id 1),3"
            Import-Csv "$folder/labels.csv" | Add-StickyLabel -AlgoName itc -AlgoVersion 1 -Pattern '.*' -Type Insecta -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
            $problems[0].Exception.Message | Should -Match 'Label.*whole number'
            (Get-StickyLabel).Label | Should -Be 3
        }

        It 'the same label twice in one pipeline is added once' {
            0, 0 | ForEach-Object { [pscustomobject] @{ TuboidId = Get-Id $_ } } | Add-StickyLabel @Label -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems.FullyQualifiedErrorId | Should -BeLike 'LabelExists,*'
            @(Get-StickyLabel).Count | Should -Be 1
        }

        It '-ErrorAction Stop makes one an exception' {
            { Add-StickyLabel (Get-Id 9) @Label -ErrorAction Stop } | Should -Throw -ErrorId 'TuboidNotFound,*'
        }
    }
}

Describe 'Get-StickyLabel' {
    BeforeAll {
        Disconnect-AllStore
        $script:store = Connect-StickyPi "$TestDrive/store" -PassThru
        $null = Write-TuboidSeries "$TestDrive/found" -Count 4 | Send-StickyTuboid -AlgoName sim
        0..2 | ForEach-Object { [pscustomobject] @{ TuboidId = Get-Id $_ } } | Add-StickyLabel -AlgoName itc_1 -AlgoVersion 1.0 -Label 7 -Pattern '^Diptera.*' -Type Insecta -Order Diptera -Family Muscidae
        Add-StickyLabel (Get-Id 0) -AlgoName itcx1 -AlgoVersion 2.0 -Label 9 -Pattern '^Diptera;Drosophilidae;Drosophila suzukii$' -Type Insecta -Order Diptera -Family Drosophilidae -Genus Drosophila -Species suzukii
        Add-StickyLabel (Get-Id 1) -AlgoName 'itc%1' -AlgoVersion 1.0 -Label 0 -Pattern '.*' -Type Background
    }

    AfterAll {
        Disconnect-AllStore
    }

    It 'given nothing, returns all labels' {
        $labels = @(Get-StickyLabel)
        $labels | Should -BeOfType ((Get-Command Get-StickyLabel).OutputType[0].Name)
        $labels.Label | Sort-Object | Should -Be 0, 7, 7, 7, 9
    }

    It 'finds <Expected> by <What>' -ForEach @(
        @{ What = 'a tuboid'; Find = { Get-StickyLabel (Get-Id 0) }; Expected = 7, 9 }
        @{ What = 'two tuboids'; Find = { Get-StickyLabel (Get-Id 1), (Get-Id 2) }; Expected = 0, 7, 7 }
        @{ What = 'the same tuboid twice'; Find = { Get-StickyLabel (Get-Id 2), (Get-Id 2) }; Expected = 7 }
        @{ What = 'strings through the pipeline'; Find = { (Get-Id 0), (Get-Id 2) | Get-StickyLabel }; Expected = 7, 7, 9 }
        @{ What = 'tuboids through the pipeline'; Find = { Get-StickyTuboid | Get-StickyLabel }; Expected = 0, 7, 7, 7, 9 }
        @{ What = 'tuboids that come once for each label'; Find = { Get-StickyTuboid -IncludeLabel | Get-StickyLabel }; Expected = 0, 7, 7, 7, 9 }
        @{ What = 'labels through the pipeline'; Find = { Get-StickyLabel (Get-Id 0) | Get-StickyLabel }; Expected = 7, 9 }
        @{ What = 'a column tuboid_id'; Find = { "tuboid_id`n$(Get-Id 1)" | ConvertFrom-Csv | Get-StickyLabel }; Expected = 0, 7 }
        @{ What = 'a tuboid without label'; Find = { Get-StickyLabel (Get-Id 3) }; Expected = @() }
        @{ What = 'a tuboid that is not there'; Find = { Get-StickyLabel (Get-Id 9) }; Expected = @() }
        @{ What = 'a wildcard for tuboids, which is none'; Find = { Get-StickyLabel '5c173ff2*' }; Expected = @() }
        @{ What = 'an algorithm, whose _ is only itself'; Find = { Get-StickyLabel -AlgoName itc_1 }; Expected = 7, 7, 7 }
        @{ What = 'an algorithm in upper case'; Find = { Get-StickyLabel -AlgoName ITCX1 }; Expected = 9 }
        @{ What = 'an algorithm, whose % is only itself'; Find = { Get-StickyLabel -AlgoName itc%1 }; Expected = 0 }
        @{ What = 'algorithms by wildcards'; Find = { Get-StickyLabel -AlgoName *x1, 'itc`*', itc?1 }; Expected = 0, 7, 7, 7, 9 }
        @{ What = 'a version of a tuboid'; Find = { Get-StickyLabel (Get-Id 0) -AlgoVersion 2.* }; Expected = 9 }
        @{ What = 'SQL'; Find = { Get-StickyLabel "' OR 1=1 --" }; Expected = @() }
    ) {
        @(& $Find).Label | Sort-Object | Should -Be $Expected
    }

    It 'given no tuboid through the pipeline, returns nothing' {
        Get-StickyTuboid ffff* 3>$null | Get-StickyLabel | Should -BeNullOrEmpty
    }

    It 'asks the store of -Connection' {
        $empty = Connect-StickyPi "$TestDrive/empty" -PassThru
        try {
            Get-StickyLabel | Should -BeNullOrEmpty
            @(Get-StickyLabel -Connection $store).Count | Should -Be 5
        }
        finally {
            Disconnect-StickyPi $empty
        }
    }

    It 'ends when enough are there' {
        @(Get-StickyLabel | Select-Object -First 2).Count | Should -Be 2
    }

    It 'Group-Object counts families' {
        $groups = Get-StickyLabel -AlgoName itc_1, itcx1 | Group-Object Family
        $groups.Name | Should -Be 'Drosophilidae', 'Muscidae'
        $groups.ForEach{ $_.Count } | Should -Be 1, 3
    }

    It 'Export-Csv and Add-StickyLabel bring labels to another store' {
        Get-StickyLabel | Export-Csv "$TestDrive/labels.csv"
        $other = Connect-StickyPi "$TestDrive/other" -PassThru
        try {
            $null = Get-ChildItem "$TestDrive/found" -Directory | Send-StickyTuboid -AlgoName sim
            Import-Csv "$TestDrive/labels.csv" | Add-StickyLabel -ErrorAction Stop
            $properties = 'TuboidId', 'AlgoName', 'AlgoVersion', 'Label', 'Pattern', 'Type', 'Order', 'Family', 'Genus', 'Species'
            Compare-Object (Get-StickyLabel) (Get-StickyLabel -Connection $store) -Property $properties | Should -BeNullOrEmpty
        }
        finally {
            Disconnect-StickyPi $other
        }
    }

    It 'shows a table within 80 columns, with the narrowest taxon' {
        $lines = @((Get-StickyLabel (Get-Id 0) | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n' | Where-Object { $_ })
        $lines[0] | Should -Match '^\s*Tuboid\s+Label\s+Type\s+Taxon\s+Algorithm\s*$'
        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        $lines[2] | Should -Match '^5c173ff2.0000\s+7\s+Insecta\s+Muscidae\s+itc_1 1\.0'
        $lines[3] | Should -Match '^5c173ff2.0000\s+9\s+Insecta\s+Drosophila suzukii\s+itcx1 2\.0'
    }
}
