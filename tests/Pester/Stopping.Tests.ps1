BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore

    # Enough work that stopping after three pictures is far from the end, on one worker.
    $script:card = Join-Path $TestDrive 'card'
    $script:paths = @(Write-Card $card -Count 100)

    $script:full = Connect-StickyPi (Join-Path $TestDrive 'full') -PassThru
    $null = Send-StickyImage $card -Recurse -Connection $full

    function script:Get-RowCount($Connection) {
        @(Get-StickyImageSeries -Connection $Connection -WarningAction SilentlyContinue).Count
    }

    # Nothing may go on in the background: not a row more after some time; and the store, opened anew, has only whole pictures.
    function script:Test-Quiet($Connection) {
        $rows = Get-RowCount $Connection
        Start-Sleep -Milliseconds 300
        Get-RowCount $Connection | Should -Be $rows
        $location = $Connection.Location
        Disconnect-StickyPi $Connection
        Get-ChildItem $location -Recurse -Force -Filter *.partial | Should -BeNullOrEmpty
        $again = Connect-StickyPi $location -PassThru
        foreach ($image in Get-StickyImageSeries -What Image -Connection $again -WarningAction SilentlyContinue) {
            Get-Md5 $image.Url | Should -BeExactly $image.Md5
            "$($image.Url).thumbnail" | Should -Exist
            "$($image.Url).thumbnail-mini" | Should -Exist
        }

        $again
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'Select-Object -First' {
    BeforeEach {
        $script:store = Connect-StickyPi (Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))) -PassThru
    }

    It 'stops Send-StickyImage at once, and what was left is sent the next time' {
        $results = @(Send-StickyImage $card -Recurse -ThrottleLimit 1 | Select-Object -First 3)
        $results.Count | Should -Be 3
        Get-RowCount $store | Should -BeGreaterOrEqual 3
        Get-RowCount $store | Should -BeLessThan $paths.Count
        $again = Test-Quiet $store
        @(Send-StickyImage $card -Recurse -Connection $again).Count | Should -Be $paths.Count
        Get-RowCount $again | Should -Be $paths.Count
    }

    It 'stops whatever feeds Send-StickyImage' {
        $fed = [Collections.Generic.List[string]]::new()
        $results = @($paths | ForEach-Object { Start-Sleep -Milliseconds 5; $fed.Add($_); $_ } | Send-StickyImage | Select-Object -First 3)
        $results.Count | Should -Be 3
        $fed.Count | Should -BeLessThan $paths.Count
        $null = Test-Quiet $store
    }

    It 'stops Save-StickyImage' {
        $out = "$TestDrive/saved"
        $files = @(Get-StickyImageSeries -Connection $full |
            Save-StickyImage -Destination $out -ThrottleLimit 1 -What Image, Thumbnail -Connection $full |
            Select-Object -First 3)
        $files.Count | Should -Be 3
        $count = @(Get-ChildItem $out -Recurse -File).Count
        $count | Should -BeLessThan (2 * $paths.Count)
        Start-Sleep -Milliseconds 300
        @(Get-ChildItem $out -Recurse -File).Count | Should -Be $count
        Get-ChildItem $out -Recurse -Force -Filter *.partial | Should -BeNullOrEmpty
    }

    It 'stops Get-StickyImageMetadata' {
        @(Get-ChildItem $card -Recurse -File | Get-StickyImageMetadata | Select-Object -First 3).Count | Should -Be 3
    }

    It 'stops Get-StickyImageSeries, a hundred times over, and leaves nothing open' {
        $process = [Diagnostics.Process]::GetCurrentProcess()
        $null = Get-StickyImageSeries -Connection $full | Select-Object -First 3
        $process.Refresh()
        $before = $process.HandleCount
        foreach ($time in 1..100) {
            (Get-StickyImageSeries -Connection $full | Select-Object -First 3).FileName |
                Should -Be '0a5bb6f4.2021-06-01_19-40-00.jpg', '0a5bb6f4.2021-06-01_20-00-00.jpg', '0a5bb6f4.2021-06-01_20-20-00.jpg' -Because "this is time $time"
        }

        $process.Refresh()
        $process.HandleCount | Should -BeLessThan ($before + 50)
    }

    It 'after Get-StickyImageSeries, leaves the store free for writing' {
        $null = Get-StickyImageSeries -Connection $full | Select-Object -First 1
        $picture = Write-Picture "$TestDrive/late" -Device eeeeeeee
        (Send-StickyImage $picture -Connection $full).Status | Should -Be 'Added'
        Remove-StickyImage eeeeeeee $CardStart -Confirm:$false -Connection $full
    }

    It 'works with -First on <_>' -ForEach 'Send-StickyImage of one file', 'Get-StickyDevice', 'Get-StickyImage', 'Get-StickyStorageItem' {
        $result = switch ($_) {
            'Get-StickyDevice' { Get-StickyDevice -Connection $full | Select-Object -First 1 }
            'Get-StickyStorageItem' { Get-StickyStorageItem -Connection $full | Select-Object -First 1 }
            'Get-StickyImage' { Get-StickyImageSeries -Connection $full | Get-StickyImage -Connection $full | Select-Object -First 1 }
            default { Send-StickyImage $paths[0] | Select-Object -First 1 }
        }

        @($result).Count | Should -Be 1
    }

    It 'a break in the consumer stops the work as well' {
        foreach ($once in 1) {
            Send-StickyImage $card -Recurse -ThrottleLimit 1 | ForEach-Object { break }
        }

        Get-RowCount $store | Should -BeLessThan $paths.Count
        $null = Test-Quiet $store
    }

    It 'an exception in the consumer stops the work and comes through' {
        { Send-StickyImage $card -Recurse -ThrottleLimit 1 | ForEach-Object { throw 'enough' } } | Should -Throw 'enough'
        Get-RowCount $store | Should -BeLessThan $paths.Count
        $null = Test-Quiet $store
    }
}

Describe 'Ctrl-C' {
    # Stopping a PowerShell is what Ctrl-C does. The bound is generous: it must tell apart a command that stops from one that does not,
    # on any machine.
    BeforeEach {
        $script:store = Connect-StickyPi (Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))) -PassThru
        $script:shell = Open-Session
    }

    AfterEach {
        $shell.Dispose()
    }

    It 'ends <What> within five seconds' -ForEach @(
        @{ What = 'Send-StickyImage at work'; Script = 'Send-StickyImage $Card -Recurse -ThrottleLimit 1 | ForEach-Object { $Seen.Add($_) }' }
        @{ What = 'Send-StickyImage before a slow consumer'; Script = 'Send-StickyImage $Card -Recurse | ForEach-Object { $Seen.Add($_); Start-Sleep 60 }' }
        @{ What = 'Send-StickyImage behind a slow producer'; Script = '& { Get-ChildItem $Card/5c173ff2 | Select-Object -First 1; $Seen.Add(1); Start-Sleep 60 } | Send-StickyImage' }
        @{ What = 'Save-StickyImage at work'; Script = 'Get-StickyImageSeries -Connection $Full | Save-StickyImage -Destination $Out -ThrottleLimit 1 -Connection $Full | ForEach-Object { $Seen.Add($_); Start-Sleep 60 }' }
        @{ What = 'Get-StickyImageSeries before a slow consumer'; Script = 'Get-StickyImageSeries -Connection $Full | ForEach-Object { $Seen.Add($_); Start-Sleep 60 }' }
        @{ What = 'Get-StickyImageMetadata before a slow consumer'; Script = 'Get-StickyImageMetadata $Card/* | ForEach-Object { $Seen.Add($_); Start-Sleep 60 }' }
    ) {
        $seen = [Collections.Concurrent.ConcurrentBag[object]]::new()
        $null = $shell.AddScript("param(`$Card, `$Full, `$Out, `$Seen)`n$Script").AddParameters(
            @{ Card = $card; Full = $full; Out = "$TestDrive/stopped"; Seen = $seen })
        $running = $shell.BeginInvoke()
        $clock = [Diagnostics.Stopwatch]::StartNew()
        while ($seen.IsEmpty -and -not $running.IsCompleted -and $clock.Elapsed.TotalSeconds -lt 30) {
            Start-Sleep -Milliseconds 5
        }

        $seen.IsEmpty | Should -BeFalse -Because 'the work has begun'
        $clock.Restart()
        $shell.Stop()
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        Get-RowCount $store | Should -BeLessOrEqual $paths.Count
        $null = Test-Quiet $store
    }

    It 'ends Send-StickyImage well before its last picture' {
        $null = $shell.AddScript('param($Card) Send-StickyImage $Card -Recurse -ThrottleLimit 1').AddParameter('Card', $card)
        $running = $shell.BeginInvoke()
        while (-not (Get-ChildItem $store.Location -Recurse -File -Filter *.jpg) -and -not $running.IsCompleted) {
            Start-Sleep -Milliseconds 5
        }

        $shell.Stop()
        Get-RowCount $store | Should -BeLessThan $paths.Count
        $null = Test-Quiet $store
    }

    It 'ends <What> of one large file within five seconds, and leaves nothing of it' -ForEach @(
        @{ What = 'Send-StickyStorageItem'; Script = 'Send-StickyStorageItem $Big -RelativeTo $Folder'; Where = 'store' }
        @{ What = 'Receive-StickyStorageItem'; Script = 'Receive-StickyStorageItem big/1.db -Destination $Out'; Where = 'out' }
        @{ What = 'Sync-StickyMlBundle'; Script = 'Sync-StickyMlBundle uid $Big -Direction Push'; Where = 'store' }
        @{ What = 'Send-StickyStorageItem that compares'; Script = 'Send-StickyStorageItem $Big -RelativeTo $Folder'; Where = 'compare' }
    ) {
        # A file without a byte on the disk, which takes minutes to copy and as long to read.
        $big = "$TestDrive/huge/big"
        $out = "$TestDrive/huge-out"
        function script:Write-Huge([string] $Path) {
            $null = [IO.Directory]::CreateDirectory((Split-Path $Path))
            $stream = [IO.File]::Create($Path)
            $stream.SetLength(100GB)
            $stream.Dispose()
        }

        if ($Where -ne 'out') {
            Write-Huge "$big/1.db"
        }

        if ($Where -ne 'store') {
            Write-Huge "$($store.Location)/big/1.db"
        }

        $null = $shell.AddScript("param(`$Big, `$Folder, `$Out)`n$Script").AddParameters(@{ Big = $big; Folder = (Split-Path $big); Out = $out })
        $running = $shell.BeginInvoke()
        $clock = [Diagnostics.Stopwatch]::StartNew()
        while (-not $shell.Streams.Progress.Count -and -not $running.IsCompleted -and $clock.Elapsed.TotalSeconds -lt 30) {
            Start-Sleep -Milliseconds 5
        }

        $shell.Streams.Progress.Count | Should -BeGreaterThan 0 -Because 'the work has begun'
        $clock.Restart()
        $shell.Stop()
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        if (Test-Path $out) {
            Get-ChildItem $out -Recurse -File | Should -BeNullOrEmpty
        }

        if ($Where -eq 'store') {
            Get-ChildItem $store.Location -Recurse -File -Filter '1.db*' | Should -BeNullOrEmpty
        }

        Remove-Item $big, "$($store.Location)/big" -Recurse -ErrorAction Ignore
    }

    It 'ends <Command> within five seconds where a server takes the request and never answers' -ForEach @(
        @{ Command = 'Connect-StickyPi' }
        @{ Command = 'New-StickyBucket' }
    ) {
        $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        try {
            $null = $shell.AddCommand($Command).AddParameters(@{
                    Bucket     = 'traps'
                    Endpoint   = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"
                    Credential = [pscredential]::new('key', (ConvertTo-SecureString 'secret' -AsPlainText))
                })
            if ($Command -eq 'Connect-StickyPi') {
                $null = $shell.AddParameter('CatalogPath', "$TestDrive/hanging/catalog.db")
            }

            $running = $shell.BeginInvoke()
            $clock = [Diagnostics.Stopwatch]::StartNew()
            while (-not $listener.Pending() -and -not $running.IsCompleted -and $clock.Elapsed.TotalSeconds -lt 30) {
                Start-Sleep -Milliseconds 5
            }

            $listener.Pending() | Should -BeTrue -Because 'the server was asked'
            $clock.Restart()
            $shell.Stop()
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            @(Get-StickyPiConnection).Location | Should -Not -Match '^s3:'
            "$TestDrive/hanging" | Should -Not -Exist
        }
        finally {
            $listener.Stop()
        }
    }
}
