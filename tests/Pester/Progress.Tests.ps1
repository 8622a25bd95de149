BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:card = Join-Path $TestDrive 'card'
    $script:paths = @(Write-Card $card -Count 15)
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Progress' {
    BeforeEach {
        $script:store = Connect-StickyPi (Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))) -PassThru
    }

    It 'of <Command> is shown, and taken away at the end' -ForEach @(
        @{ Command = 'Send-StickyImage'; Activity = 'Sending pictures'; Script = '$Paths | ForEach-Object { Start-Sleep -Milliseconds 40; $_ } | Send-StickyImage' }
        @{
            Command = 'Save-StickyImage'; Activity = 'Saving pictures'
            Script = 'Send-StickyImage $Paths | ForEach-Object { Start-Sleep -Milliseconds 40; $_ } | Save-StickyImage -Destination $Out'
        }
    ) {
        $run = Invoke-InSession "param(`$Paths, `$Out)`n$Script" @{ Paths = $paths; Out = "$TestDrive/$Command" }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.Count | Should -Be 30
        $records = @($run.Progress | Where-Object Activity -EQ $Activity)
        $records.Count | Should -BeGreaterThan 1
        $records.ActivityId | Select-Object -Unique | Should -HaveCount 1
        $records.RecordType | Select-Object -SkipLast 1 | Select-Object -Unique | Should -Be 'Processing'
        $records[-1].RecordType | Should -Be 'Completed'
        $records[0].StatusDescription | Should -Match '^\d+ of \d+'
    }

    It 'of Remove-StickyStorageItem tells how many objects of how many are deleted' {
        # A file goes in no time: what takes its time is the pipeline.
        $null = New-Item -ItemType Directory "$TestDrive/many" -Force
        1..20 | ForEach-Object { Set-Content "$TestDrive/many/$_.txt" 'text' }
        $null = Send-StickyStorageItem "$TestDrive/many" -RelativeTo "$TestDrive/many"
        $run = Invoke-InSession '1..20 | ForEach-Object { Start-Sleep -Milliseconds 40; "$_.txt" } | Remove-StickyStorageItem -Confirm:$false'
        $run.Errors | Should -BeNullOrEmpty
        Get-StickyStorageItem | Should -BeNullOrEmpty
        $records = @($run.Progress | Where-Object Activity -EQ 'Deleting objects')
        $records[0].StatusDescription | Should -Match '^\d+ of \d+ so far, \d+/s\. \d+\.txt$'
        $records[-1].RecordType | Should -Be 'Completed'
    }

    It 'tells a percentage once all is known' {
        # A folder is listed at once, long before the last of its pictures is sent.
        $null = Write-Card "$card-long" -Count 80
        $run = Invoke-InSession 'param($Card) Send-StickyImage $Card -Recurse -ThrottleLimit 1' @{ Card = "$card-long" }
        $run.Output.Count | Should -Be 160
        $percents = @($run.Progress | Where-Object RecordType -EQ Processing).PercentComplete
        $percents[-1] | Should -BeGreaterThan 0
        $percents | Should -Be ($percents | Sort-Object)
        ($percents | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 100
        $run.Progress[-1].RecordType | Should -Be 'Completed'
    }

    It 'is not left open when <What>' -ForEach @(
        @{ What = 'Select-Object -First has enough'; Script = '$Paths | ForEach-Object { Start-Sleep -Milliseconds 40; $_ } | Send-StickyImage | Select-Object -First 20' }
        @{ What = '-ErrorAction Stop stops'; Script = 'try { $Paths + "no such file" | ForEach-Object { Start-Sleep -Milliseconds 40; $_ } | Send-StickyImage -ErrorAction Stop } catch { "caught" }' }
    ) {
        # What comes after it in a script would run under a bar that stands still.
        $run = Invoke-InSession "param(`$Paths)`n$Script" @{ Paths = $paths }
        $run.Failure | Should -BeNullOrEmpty
        $run.Progress.Count | Should -BeGreaterThan 0
        $run.Progress[-1].RecordType | Should -Be 'Completed'
    }
}
