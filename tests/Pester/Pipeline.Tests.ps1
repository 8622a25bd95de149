BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:card = Join-Path $TestDrive 'card'
    $null = Write-Card $card -Count 6
    $script:store = Connect-StickyPi (Join-Path $TestDrive 'store') -PassThru
    $null = Send-StickyImage $card -Recurse
    $script:all = @(Get-StickyImageSeries)
}

AfterAll {
    Disconnect-AllStore
}

Describe 'The pipeline' {
    Context 'Export-Csv and Import-Csv' {
        BeforeEach {
            $script:culture = [cultureinfo]::CurrentCulture
        }

        AfterEach {
            [cultureinfo]::CurrentCulture = $culture
        }

        It 'bring a series back by property name, in the culture "<_>"' -ForEach '', 'en-US', 'en-CA', 'de-DE', 'fr-CA', 'ja-JP', 'en-AU', 'es-ES' {
            # Export-Csv writes times as the culture does.
            [cultureinfo]::CurrentCulture = $_
            $file = Join-Path $TestDrive 'series.csv'
            Get-StickyImageSeries | Export-Csv $file
            $back = Import-Csv $file | Get-StickyImage -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems | Should -BeNullOrEmpty
            $back.FileName | Should -Be $all.FileName
        }

        It 'never swap a day and a month, in the culture "<_>": what could be either is refused, and what could not is found' -ForEach 'en-GB', 'fr-FR' {
            # There 01/06/2021 is the first of June; to everything in PowerShell but Export-Csv it is the sixth of January.
            $other = Connect-StickyPi (Join-Path $TestDrive "swapped $_") -PassThru
            try {
                $null = '2021-01-06', '2021-06-01', '2021-06-06', '2021-06-20' | ForEach-Object { Write-Picture "$TestDrive/swapped" -Time "$_ 10:00" } | Send-StickyImage
                [cultureinfo]::CurrentCulture = $_
                $file = Join-Path $TestDrive 'swapped.csv'
                Get-StickyImageSeries | Export-Csv $file
                $back = Import-Csv $file | Get-StickyImage -ErrorAction SilentlyContinue -ErrorVariable problems
                $back.FileName | Should -Be '5c173ff2.2021-06-06_10-00-00.jpg', '5c173ff2.2021-06-20_10-00-00.jpg'
                $problems.Count | Should -Be 2
                foreach ($problem in $problems) {
                    $problem.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
                    $problem.Exception.Message | Should -Match '2021-01-06'
                    $problem.Exception.Message | Should -Match '2021-06-01'
                }
            }
            finally {
                Disconnect-StickyPi $other
            }
        }

        It 'never swap a day and a month, in the culture "<_>", which writes them as PowerShell never does' -ForEach 'en-AU', 'es-ES' {
            $other = Connect-StickyPi (Join-Path $TestDrive "apart $_") -PassThru
            try {
                $null = '2021-01-06', '2021-06-01', '2021-06-06', '2021-06-20' | ForEach-Object { Write-Picture "$TestDrive/apart" -Time "$_ 10:00" } | Send-StickyImage
                [cultureinfo]::CurrentCulture = $_
                $file = Join-Path $TestDrive 'apart.csv'
                $sent = Get-StickyImageSeries
                $sent | Export-Csv $file
                (Import-Csv $file | Get-StickyImage).FileName | Should -Be $sent.FileName
            }
            finally {
                Disconnect-StickyPi $other
            }
        }

        It 'bring a series back in any culture, where times were written for a machine' {
            [cultureinfo]::CurrentCulture = 'en-GB'
            $file = Join-Path $TestDrive 'iso.csv'
            Get-StickyImageSeries | Select-Object Device, @{ Name = 'DateTime'; Expression = { $_.DateTime.ToString('o') } } | Export-Csv $file
            (Import-Csv $file | Get-StickyImage).FileName | Should -Be $all.FileName
        }

        It 'keep every column' {
            $file = Join-Path $TestDrive 'columns.csv'
            $all[0] | Export-Csv $file
            (Import-Csv $file).psobject.Properties.Name | Should -Be $all[0].psobject.Properties.Name
        }

        It 'ConvertTo-Json and ConvertFrom-Json bring it back as well' {
            $json = Get-StickyImageSeries | ConvertTo-Json -Depth 4
            ($json | ConvertFrom-Json | Get-StickyImage).FileName | Should -Be $all.FileName
        }
    }

    Context 'Commands of PowerShell' {
        It 'Group-Object counts devices' {
            $groups = Get-StickyImageSeries | Group-Object Device
            $groups.Name | Should -Be '0a5bb6f4', '5c173ff2'
            $groups.ForEach{ $_.Count } | Should -Be 6, 6
        }

        It 'Sort-Object sorts by what a picture carries' {
            $sorted = Get-StickyImageSeries | Sort-Object Temperature, DateTime
            $sorted[0].Temperature | Should -Be ($all.Temperature | Measure-Object -Minimum).Minimum
            $sorted[-1].Temperature | Should -Be ($all.Temperature | Measure-Object -Maximum).Maximum
        }

        It 'Where-Object filters by time and number' {
            @(Get-StickyImageSeries | Where-Object DateTime -GE $CardStart.AddMinutes(60)).Count | Should -Be 6
            @(Get-StickyImageSeries | Where-Object { $_.Humidity -gt 80 }).Device | Select-Object -Unique | Should -Be '5c173ff2'
        }

        It 'Measure-Object averages' {
            (Get-StickyImageSeries 5c173ff2 -First 4 | Measure-Object Temperature -Average).Average | Should -Be 17
        }

        It 'Tee-Object and several commands in one pipeline' {
            $files = Send-StickyImage $card -Recurse | Tee-Object -Variable sent | Get-StickyImage |
                Save-StickyImage -Destination "$TestDrive/out" -What ThumbnailMini
            $sent.Count | Should -Be 12
            $files.Count | Should -Be 12
        }

        It 'a command may run inside the pipeline of another one, on the same store' {
            $counts = Get-StickyDevice | ForEach-Object { @(Get-StickyImageSeries $_.Device).Count }
            $counts | Should -Be 6, 6
        }

        It 'a script may write to the store while it reads a series from it' {
            $second = Join-Path $TestDrive 'second'
            $null = Write-Card $second -Device bbbbbbbb -Count 6
            $other = Connect-StickyPi "$TestDrive/second store" -PassThru
            try {
                $null = Send-StickyImage $second -Recurse
                Get-StickyImageSeries | ForEach-Object { Remove-StickyImage $_.Device $_.DateTime -Confirm:$false }
                Get-StickyImageSeries -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            }
            finally {
                Disconnect-StickyPi $other
            }
        }
    }

    Context 'Names with line breaks and escape sequences' {
        BeforeAll {
            # A terminal would take these for commands: to retitle its window, to clear its screen, to write from right to left.
            $script:hostile = "a`r`nb`t`e]0;owned`a`ec$([char] 0x202E)gpj"
            $script:shown = 'a\r\nb\t\u001B]0;owned\u0007\u001Bc\u202Egpj'
            $script:parameters = @{ Hostile = $hostile; Root = Join-Path $TestDrive 'hostile'; Card = Join-Path $TestDrive "hostile/card $hostile" }
            $null = Write-Card $parameters.Card -Device 5c173ff2 -Count 2
            [IO.File]::WriteAllText("$($parameters.Card)/$hostile.jpg", 'no picture')
            [IO.File]::WriteAllText("$($parameters.Card)/0a5bb6f4.2021-06-01_19-40-00.jpg", 'no picture')
            [IO.File]::WriteAllText("$($parameters.Card)/0a5bb6f4.2021-06-01_19-40-00.svg", "<svg`n")
            [IO.File]::WriteAllText("$($parameters.Card)/bad.json", "{ `"a`":`n t$('o' * 10000) }")
            $script:shell = Open-Session

            # All that reaches the streams, as it would be shown. -Verbose tells what -Confirm would ask.
            function Get-Said {
                param([string] $Script)

                $shell.Commands.Clear()
                $shell.Streams.ClearStreams()
                $null = $shell.AddScript("param(`$Hostile, `$Root, `$Card)`n`$VerbosePreference = 'Continue'`n$Script").AddParameters($parameters)
                $errors = try {
                    $null = $shell.Invoke()
                    @($shell.Streams.Error)
                }
                catch {
                    $_.Exception.InnerException.ErrorRecord
                }

                $said = foreach ($record in $errors) {
                    $record.Exception.Message
                    "$($record.ErrorDetails)"
                    $record.ErrorDetails.RecommendedAction
                    $record.CategoryInfo.GetMessage()
                }

                $said += foreach ($record in $shell.Streams.Progress) { $record.Activity, $record.StatusDescription, $record.CurrentOperation }
                $said + $shell.Streams.Warning.Message + $shell.Streams.Verbose.Message + $shell.Streams.Information.ForEach{ "$($_.MessageData)" } | Where-Object { $_ }
            }
        }

        AfterAll {
            $shell.Dispose()
            Get-StickyPiConnection | Where-Object { $_.Location.Contains($hostile) } | Disconnect-StickyPi
        }

        It 'are told in one line by: <Script>' -Skip:$IsWindows -ForEach @(
            @{ Script = 'Connect-StickyPi "$Root/store $Hostile"'; Says = 'Made' }
            @{ Script = 'Send-StickyImage -LiteralPath $Card -Recurse'; Says = 'is not a whole picture' }
            @{ Script = 'Send-StickyImage -LiteralPath "$Root/none $Hostile"'; Says = 'does not exist' }
            @{ Script = 'Send-StickyImage "${Hostile}:/none"'; Says = 'a\r\nb' }
            @{ Script = 'Send-StickyImage "$Root/none $Hostile*"'; Says = 'Nothing matches' }
            @{ Script = 'Get-StickyImageSeries | Save-StickyImage -Destination "$Root/out $Hostile" -Verbose'; Says = 'Save picture' }
            @{ Script = 'Get-StickyImageSeries "$Hostile*"'; Says = 'The series is empty' }
            @{ Script = 'Save-StickyImage $Hostile 2021-06-01 "$Root/out"'; Says = 'a\r\nb' }
            @{ Script = 'Get-StickyImageSeries -StartTime $Hostile'; Says = 'is not a time' }
            @{ Script = 'Add-StickyAnnotation -LiteralPath "$Card/bad.json"'; Says = 'There is no valid JSON' }
            @{ Script = 'Import-StickyAnnotation -LiteralPath "$Card/0a5bb6f4.2021-06-01_19-40-00.svg"'; Says = 'is no drawing' }
            @{ Script = 'Save-StickyCatalog "$Root/catalog $Hostile"'; Says = 'Saved the catalog' }
            @{ Script = 'Save-StickyCatalog "$Card/bad.json/$Hostile"'; Says = 'cannot be made' }
            @{ Script = 'Send-StickyTuboid -LiteralPath $Card -AlgoName sim'; Says = 'a\r\nb' }
            @{ Script = 'Send-StickyStorageItem -LiteralPath $Card -RelativeTo $Root'; Says = 'a\r\nb' }
            @{ Script = 'Remove-StickyStorageItem $Hostile -Confirm:$false'; Says = 'a\r\nb' }
            @{ Script = 'Get-StickyStorageItem -Include "($Hostile"'; Says = 'is not a regular expression' }
            @{ Script = 'Set-StickyProperty 5c173ff2 -Name $Hostile -Value 1'; Says = $null }
            @{ Script = 'Update-StickyProperty 5c173ff2 -Value "{ $Hostile"'; Says = 'is not a JSON object' }
            @{ Script = 'Sync-StickyMlBundle $Hostile $Card -Direction Push'; Says = 'a\r\nb' }
            @{ Script = 'New-StickyUser $Hostile (ConvertTo-SecureString plover -AsPlainText)'; Says = 'a\r\nb' }
            @{ Script = 'Connect-StickyPi -Uri "http://127.0.0.1:1/$Hostile"'; Says = 'a\r\nb' }
            @{ Script = 'Clear-StickyCache -Verbose'; Says = 'Forget the statistics' }
        ) {
            $said = @(Get-Said $Script)
            if ($Says) {
                ($said -join "`n").Contains($Says) | Should -BeTrue -Because ($said -join "`n")
            }

            $said | Where-Object { $_ -match '[\p{Cc}\u2028\u2029\u202A-\u202E]' } | Should -BeNullOrEmpty
        }

        It 'are kept as they are in the target of the error' -Skip:$IsWindows {
            Send-StickyImage -LiteralPath "$($parameters.Card)/$hostile.jpg" -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.TargetObject | Should -BeExactly "$($parameters.Card)/$hostile.jpg"
            $problem.Exception.Message | Should -BeLike "*$($shown.Replace('[', '`['))*"
        }

        It 'are told in one line by every view of errors' -Skip:$IsWindows -ForEach 'ConciseView', 'NormalView', 'CategoryView' {
            $ErrorView = $_
            Send-StickyImage -LiteralPath "$($parameters.Card)/$hostile.jpg" -ErrorAction SilentlyContinue -ErrorVariable problem
            $said = $problem | Out-String -Width 1000
            $said | Should -Not -BeNullOrEmpty
            $said.Replace("`e[31;1m", '').Replace("`e[36;1m", '').Replace("`e[0m", '') -replace '[\r\n\t]' | Should -Not -Match '[\p{Cc}\u202E]'
        }
    }

    Context 'ForEach-Object -Parallel' {
        It 'reads through one connection by $using:' {
            $counts = 1..8 | ForEach-Object -Parallel {
                Import-Module $using:ModulePath
                @(Get-StickyImageSeries 5c173ff2 -Connection $using:store).Count
            } -ThrottleLimit 4
            $counts | Should -Be (@(6) * 8)
        }

        It 'reads through the default connection, without being told' {
            $files = '5c173ff2', '0a5bb6f4', '5c173ff2', '0a5bb6f4' | ForEach-Object -Parallel {
                Import-Module $using:ModulePath
                Get-StickyImageSeries $_ | ForEach-Object FileName
            } -ThrottleLimit 4
            $files | Sort-Object | Should -Be ($all.FileName + $all.FileName | Sort-Object)
        }

        It 'sends overlapping sets through one connection: every picture once, no error' {
            $many = Join-Path $TestDrive 'parallel'
            $paths = @(Write-Card $many -Device aaaaaaaa -Count 24)
            $other = Connect-StickyPi (Join-Path $TestDrive 'parallel store') -PassThru
            try {
                $results = 1..4 | ForEach-Object -Parallel {
                    Import-Module $using:ModulePath
                    Send-StickyImage $using:many -Recurse -Connection $using:other -ErrorAction Stop
                } -ThrottleLimit 4
                $results.Count | Should -Be (4 * $paths.Count)
                @($results | Where-Object Status -EQ Added).Count | Should -Be $paths.Count
                @($results | Where-Object Status -EQ Skipped).Count | Should -Be (3 * $paths.Count)
                @(Get-StickyImageSeries).Count | Should -Be $paths.Count
            }
            finally {
                Disconnect-StickyPi $other
            }
        }
    }

    It 'hands on files from a folder with brackets in its name' {
        $other = Connect-StickyPi (Join-Path $TestDrive 'brackets') -PassThru
        try {
            $null = Write-Card "$TestDrive/card [x]" -Count 2
            $results = Get-StickyImageMetadata -LiteralPath (Get-ChildItem -LiteralPath "$TestDrive/card [x]" -Directory).FullName | Send-StickyImage
            $results.Status | Should -Be 'Added', 'Added', 'Added', 'Added'
        }
        finally {
            Disconnect-StickyPi $other
        }
    }

    It 'ends as soon as the store fails, and not when its input does' {
        $other = Connect-StickyPi (Join-Path $TestDrive 'failing') -PassThru
        try {
            $files = Write-Card "$TestDrive/slow" -Count 20
            [IO.File]::WriteAllText("$TestDrive/failing/database.db", 'no database any more, and longer than the header of one would be')
            $script:handed = 0
            { $files | ForEach-Object { $script:handed++; Start-Sleep -Milliseconds 200; $_ } | Send-StickyImage } | Should -Throw -ErrorId 'NotAStore,*'
            $handed | Should -BeLessThan $files.Count
        }
        finally {
            Disconnect-StickyPi $other
        }
    }
}
