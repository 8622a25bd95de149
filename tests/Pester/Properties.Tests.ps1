BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    Connect-StickyPi (Join-Path $TestDrive 'store')
    $null = Write-Card (Join-Path $TestDrive 'card') -Count 2 | Send-StickyImage
    $null = Send-StickyTuboid "$(Write-TuboidSeries (Join-Path $TestDrive 'found') -Count 2)/*" sim
    $null = New-Item -ItemType Directory "$TestDrive/uid/data"
    Set-Content "$TestDrive/uid/data/1.jpg" 'picture'
    $null = Sync-StickyMlBundle uid "$TestDrive/uid" -Direction Push
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Extra properties' {
    AfterEach {
        Get-StickyDevice | Remove-StickyProperty -Confirm:$false
    }

    It 'hang on <What>' -ForEach @(
        @{ What = 'pictures'; Objects = { Get-StickyImageSeries 5c173ff2 -First 1 }; Kind = 'Image'; Id = '5c173ff2.2021-06-01_19-40-00' }
        @{ What = 'devices'; Objects = { Get-StickyDevice 5c173ff2 }; Kind = 'Device'; Id = '5c173ff2' }
        @{ What = 'series, by a tuboid'; Objects = { Get-StickyTuboid | Select-Object -First 1 }; Kind = 'Series'; Id = '5c173ff2.2021-06-01_00-00-00.2021-06-01_19-00-00.sim.1606980656-91e2199f' }
        @{ What = 'bundles'; Objects = { Get-StickyMlBundle uid }; Kind = 'Bundle'; Id = 'uid' }
        @{ What = 'whatever has a device and a time'; Objects = { [pscustomobject] @{ Device = '5C173FF2'; DateTime = '2021-06-01 19:40' } }; Kind = 'Image'; Id = '5c173ff2.2021-06-01_19-40-00' }
        @{ What = 'hashtables of a device and a time'; Objects = { @{ Device = '5c173ff2'; DateTime = '2021-06-01_19-40-00' } }; Kind = 'Image'; Id = '5c173ff2.2021-06-01_19-40-00' }
    ) {
        $before = [datetime]::UtcNow.AddSeconds(-1)
        $set = & $Objects | Set-StickyProperty -Name note -Value 'sunny' -PassThru
        $read = & $Objects | Get-StickyProperty
        foreach ($properties in $set, $read) {
            $properties.Kind | Should -Be $Kind
            $properties.Id | Should -BeExactly $Id
            $properties.Properties.note | Should -Be 'sunny'
            $properties.UpdatedAt.Kind | Should -Be 'Utc'
            $properties.UpdatedAt | Should -BeGreaterThan $before
        }

        & $Objects | Remove-StickyProperty -Confirm:$false
        $after = & $Objects | Get-StickyProperty
        $after.Properties.psobject.Properties | Should -BeNullOrEmpty
        $after.UpdatedAt | Should -BeNullOrEmpty
    }

    It 'hang on <What> that are named' -ForEach @(
        @{ What = 'pictures'; Named = @{ Device = '5C173FF2'; DateTime = '2021-06-01 19:40' }; Id = '5c173ff2.2021-06-01_19-40-00' }
        @{ What = 'devices'; Named = @{ Device = '5c173ff2' }; Id = '5c173ff2' }
        @{ What = 'series'; Named = @{ Series = '5c173ff2.2021-06-01_00-00-00.2021-06-01_19-00-00.sim.1606980656-91e2199f' }; Id = '5c173ff2.2021-06-01_00-00-00.2021-06-01_19-00-00.sim.1606980656-91e2199f' }
        @{ What = 'bundles'; Named = @{ Bundle = 'uid' }; Id = 'uid' }
    ) {
        (Set-StickyProperty @Named -Name note -Value 1 -PassThru).Id | Should -BeExactly $Id
        (Update-StickyProperty @Named -Value @{ more = 2 } -PassThru).Properties.more | Should -Be 2
        (Get-StickyProperty @Named).Properties.note | Should -Be 1
        Remove-StickyProperty @Named -Name note -Confirm:$false
        (Get-StickyProperty @Named).Properties.psobject.Properties.Name | Should -Be 'more'
        Remove-StickyProperty @Named -Confirm:$false
    }

    It 'take devices and times by position' {
        Set-StickyProperty 5c173ff2 -Name note -Value 'the device'
        Set-StickyProperty 5c173ff2 2021-06-01T19:40:00 -Name note -Value 'the picture'
        (Get-StickyProperty 5c173ff2).Properties.note | Should -Be 'the device'
        (Get-StickyProperty 5c173ff2 2021-06-01T19:40:00).Properties.note | Should -Be 'the picture'
        Remove-StickyProperty 5c173ff2 2021-06-01T19:40:00 -Confirm:$false
    }

    It 'keep <What> as it is' -ForEach @(
        @{ What = 'a text'; Value = 'a "text" of ß and 小' }
        @{ What = 'an empty text'; Value = '' }
        @{ What = 'a text that looks like JSON'; Value = '{"a":1}' }
        @{ What = 'a whole number'; Value = 5 }
        @{ What = 'a large number'; Value = 12345678901234 }
        @{ What = 'a number that is no integer of the machine'; Value = [bigint]::Parse('123456789012345678901234567890') }
        @{ What = 'a number with a point'; Value = 0.1 }
        @{ What = 'a number with a point that happens to be whole'; Value = 3.0 }
        @{ What = 'a number of more digits than a double has'; Value = 1.2345678901234567890123d }
        @{ What = 'true'; Value = $true }
        @{ What = 'a time'; Value = [datetime]::new(2021, 6, 1, 19, 40, 0, [DateTimeKind]::Utc) }
        @{ What = 'a time with a fraction'; Value = [datetime]::new(637581804001234567, [DateTimeKind]::Utc) }
        @{ What = 'a text that is nearly a time'; Value = '2021-06-01T19:40:00.000Z' }
    ) {
        Set-StickyProperty 5c173ff2 -Name value -Value $Value
        $read = (Get-StickyProperty 5c173ff2).Properties.value
        $read | Should -BeExactly $Value
        $read | Should -BeOfType $Value.GetType()
    }

    It 'keep null, arrays and objects within each other' {
        $value = [ordered] @{ none = $null; empty = @(); one = @('a'); mixed = 1, 2.5, $null, @('x', @{ y = $true }) }
        Set-StickyProperty 5c173ff2 -Name value -Value $value
        $read = Get-StickyProperty 5c173ff2
        $read.ToJson() | Should -BeExactly '{"value":{"none":null,"empty":[],"one":["a"],"mixed":[1,2.5,null,["x",{"y":true}]]}}'
        $read.Properties.value.one -is [array] | Should -BeTrue
        $read.Properties.value.mixed[3][1].y | Should -BeTrue
        $read.Properties.value.psobject.Properties.Name | Should -Be 'none', 'empty', 'one', 'mixed'
    }

    It 'store a local time in UTC' {
        Set-StickyProperty 5c173ff2 -Name value -Value ([datetime]::new(2021, 6, 1, 17, 10, 0, [DateTimeKind]::Utc).ToLocalTime())
        (Get-StickyProperty 5c173ff2).ToJson() | Should -BeExactly '{"value":"2021-06-01T17:10:00Z"}'
    }

    It 'may have names that PowerShell cannot tell apart' {
        $read = Set-StickyProperty 5c173ff2 -Value '{"a":1,"A":2,"":3}' -PassThru
        $read.Properties['a'] | Should -Be 1
        $read.Properties['A'] | Should -Be 2
        Set-StickyProperty 5c173ff2 -Value $read.Properties -PassThru | ForEach-Object ToJson | Should -BeExactly '{"a":1,"A":2,"":3}'
    }

    It 'of pictures of the second generation are what the firmware wrote' {
        $read = Get-StickyImageSeries 0a5bb6f4 -First 1 | Get-StickyProperty
        $read.Properties.battery | Should -Be 87
        $read.Properties.psobject.Properties.Name | Should -Be 'battery', 'luminosity', 'lastSync', 'buttonPressed'
    }
}

Describe 'Set-StickyProperty' {
    AfterEach {
        Get-StickyDevice | Remove-StickyProperty -Confirm:$false
    }

    It 'returns nothing unless asked' {
        Set-StickyProperty 5c173ff2 -Name a -Value 1 | Should -BeNullOrEmpty
        Update-StickyProperty 5c173ff2 -Value @{ b = 1 } | Should -BeNullOrEmpty
    }

    It 'replaces the value of one name, and leaves the others' {
        Set-StickyProperty 5c173ff2 -Value @{ a = @{ b = 1; c = 2 }; d = 3 }
        $after = Set-StickyProperty 5c173ff2 -Name a -Value @{ c = $null } -PassThru
        $after.Properties.a.psobject.Properties.Name | Should -Be 'c'
        $after.Properties.d | Should -Be 3
    }

    It 'can set null' {
        (Set-StickyProperty 5c173ff2 -Name a -Value $null -PassThru).ToJson() | Should -BeExactly '{"a":null}'
    }

    It 'replaces all by <What>' -ForEach @(
        @{ What = 'a hashtable'; Value = @{ b = $null } }
        @{ What = 'an object'; Value = [pscustomobject] @{ b = $null } }
        @{ What = 'JSON'; Value = '{"b":null}' }
    ) {
        Set-StickyProperty 5c173ff2 -Name a -Value 1
        (Set-StickyProperty 5c173ff2 -Value $Value -PassThru).ToJson() | Should -BeExactly '{"b":null}'
    }

    It 'never takes a name that is <What> for all' -ForEach @{ What = 'null'; Empty = $null }, @{ What = 'empty'; Empty = '' } {
        Set-StickyProperty 5c173ff2 -Name a -Value 1
        { Set-StickyProperty 5c173ff2 -Name $Empty -Value @{ b = 1 } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { Remove-StickyProperty 5c173ff2 -Name $Empty -Confirm:$false } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        (Get-StickyProperty 5c173ff2).ToJson() | Should -BeExactly '{"a":1}'
    }

    It 'refuses <What> for all' -ForEach @(
        @{ What = 'a number'; Value = 5 }
        @{ What = 'a list'; Value = 1, 2 }
        @{ What = 'null'; Value = $null }
        @{ What = 'text that is no JSON'; Value = 'sunny' }
        @{ What = 'JSON that is no object'; Value = '[1]' }
        @{ What = 'JSON with a name twice'; Value = '{"a":1,"a":2}' }
    ) {
        $record = { Set-StickyProperty 5c173ff2 -Value $Value } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'InvalidProperties,*'
        $record.CategoryInfo.Category | Should -Be 'InvalidData'
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'refuses what has no end' {
        $endless = @{}
        $endless.inner = @{ outer = 1 }
        for ($i = 0; $i -lt 40; $i++) { $endless = @{ inner = $endless } }
        { Set-StickyProperty 5c173ff2 -Name a -Value $endless -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidProperties,*'
    }
}

Describe 'Update-StickyProperty' {
    AfterEach {
        Get-StickyDevice | Remove-StickyProperty -Confirm:$false
    }

    It 'merges <What>, and null removes' -ForEach @(
        @{ What = 'a hashtable'; Value = @{ a = @{ b = $null; c = 3 }; e = $null } }
        @{ What = 'an object'; Value = [pscustomobject] @{ a = [pscustomobject] @{ b = $null; c = 3 }; e = $null } }
        @{ What = 'JSON'; Value = '{"a":{"b":null,"c":3},"e":null}' }
    ) {
        Set-StickyProperty 5c173ff2 -Value '{"a":{"b":1,"d":2},"e":4,"f":5}'
        $after = Update-StickyProperty 5c173ff2 -Value $Value -PassThru
        $after.Properties.a.psobject.Properties.Name | Should -Be 'd', 'c'
        $after.Properties.psobject.Properties.Name | Sort-Object | Should -Be 'a', 'f'
    }

    It 'changes all that the pipeline brings' {
        Get-StickyDevice | Update-StickyProperty -Value @{ site = 'orchard' }
        (Get-StickyProperty -Kind Device).Id | Should -Be '0a5bb6f4', '5c173ff2'
    }
}

Describe 'Get-StickyProperty' {
    BeforeAll {
        Set-StickyProperty 5c173ff2 -Name a -Value 1
        Get-StickyMlBundle | Set-StickyProperty -Name a -Value 1
    }

    It 'lists what has properties, by kind, pattern or both' {
        (Get-StickyProperty -Kind Device).Id | Should -Be '5c173ff2'
        (Get-StickyProperty 5C17*).Id | Should -Be '5c173ff2'
        (Get-StickyProperty -Bundle *).Id | Should -Be 'uid'
        (Get-StickyProperty -Kind Image -Id 0a5b*).Device | Select-Object -Unique | Should -Be '0a5bb6f4'
        Get-StickyProperty -Kind Image -Id 5c17* | Should -BeNullOrEmpty
    }

    It 'returns objects that other commands take' {
        $first = Get-StickyProperty -Kind Image | Select-Object -First 1
        ($first | Get-StickyImage).FileName | Should -Be '0a5bb6f4.2021-06-01_19-40-00.jpg'
        $first.DateTime.Kind | Should -Be 'Utc'
    }

    It 'returns nothing for an empty pipeline' {
        @() | Get-StickyProperty | Should -BeNullOrEmpty
        @() | Remove-StickyProperty -Confirm:$false
        (Get-StickyProperty 5c173ff2).ToJson() | Should -BeExactly '{"a":1}'
    }

    It 'says <ErrorId> of <What>, and goes on' -ForEach @(
        @{ What = 'null'; Object = $null; ErrorId = 'InvalidPropertyTarget' }
        @{ What = 'a text'; Object = '5c173ff2'; ErrorId = 'InvalidPropertyTarget' }
        @{ What = 'an object that says too little'; Object = [pscustomobject] @{ Device = '5c173ff2' }; ErrorId = 'InvalidPropertyTarget' }
        @{ What = 'an object without its time'; Object = [pscustomobject] @{ Device = '5c173ff2'; DateTime = $null }; ErrorId = 'InvalidPropertyTarget' }
        @{ What = 'a time that is none'; Object = [pscustomobject] @{ Device = '5c173ff2'; DateTime = 'soon' }; ErrorId = 'InvalidPropertyTarget' }
        @{ What = 'a picture that is not there'; Object = [pscustomobject] @{ Device = '5c173ff2'; DateTime = '2020-01-01' }; ErrorId = 'ImageNotFound' }
    ) {
        $found = @($Object, (Get-StickyDevice 5c173ff2)) | Get-StickyProperty -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Id | Should -Be '5c173ff2'
        @($problems).FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"

        # What is not understood is left alone by those that change, too.
        $Object | Remove-StickyProperty -Confirm:$false -ErrorAction SilentlyContinue
        (Get-StickyProperty 5c173ff2).ToJson() | Should -BeExactly '{"a":1}'
    }

    It 'says what is not there' {
        { Get-StickyProperty ffffffff -ErrorAction Stop } | Should -Throw -ErrorId 'DeviceNotFound,*'
        { Get-StickyProperty -Bundle nix -ErrorAction Stop } | Should -Throw -ErrorId 'BundleNotFound,*'
        { Get-StickyProperty -Series nix -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidPropertyTarget,*'
    }
}
