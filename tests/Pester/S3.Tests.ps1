# Against the S3 server that STICKYPI_TEST_S3, STICKYPI_TEST_S3_KEY and STICKYPI_TEST_S3_SECRET name, such as the one that
# tests/start-radosgw.sh runs. Where they are not set, all of it is skipped.
BeforeDiscovery {
    $script:noServer = -not $env:STICKYPI_TEST_S3
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore

    # Default catalogs go to the user's data folder.
    $script:dataFolder = $env:XDG_DATA_HOME
    $env:XDG_DATA_HOME = Join-Path $TestDrive 'data'
    if ($env:STICKYPI_TEST_S3) {
        $script:bucket = @{
            Bucket     = "pester-$([guid]::NewGuid().ToString('N'))"
            Endpoint   = $env:STICKYPI_TEST_S3
            Region     = 'us-east-1'
            Credential = [pscredential]::new($env:STICKYPI_TEST_S3_KEY, (ConvertTo-SecureString $env:STICKYPI_TEST_S3_SECRET -AsPlainText))
        }
        $script:made = New-StickyBucket @bucket
    }

    function script:Write-Text([string] $Path, [string] $Text = $Path) {
        $null = [IO.Directory]::CreateDirectory((Split-Path $Path))
        [IO.File]::WriteAllText($Path, $Text)
        $Path
    }

    function script:Write-Random([string] $Path, [int] $Size) {
        $null = [IO.Directory]::CreateDirectory((Split-Path $Path))
        $bytes = [byte[]]::new($Size)
        [Random]::new($Size).NextBytes($bytes)
        [IO.File]::WriteAllBytes($Path, $bytes)
        $Path
    }
}

AfterAll {
    Disconnect-AllStore
    if ($env:STICKYPI_TEST_S3) {
        Connect-StickyPi @bucket -CatalogPath "$TestDrive/clean/catalog.db"
        Get-StickyIncompleteUpload | Remove-StickyIncompleteUpload -Confirm:$false
        Get-StickyStorageItem | Remove-StickyStorageItem -Confirm:$false
        Disconnect-AllStore

        # There is no command for it, but the module has loaded the SDK into a context of its own.
        $sdk = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'AWSSDK.S3' } | Select-Object -First 1
        $config = $sdk.GetType('Amazon.S3.AmazonS3Config')::new()
        $config.ServiceURL = $env:STICKYPI_TEST_S3
        $config.AuthenticationRegion = 'us-east-1'
        $config.ForcePathStyle = $true
        $client = $sdk.GetType('Amazon.S3.AmazonS3Client')::new($env:STICKYPI_TEST_S3_KEY, $env:STICKYPI_TEST_S3_SECRET, $config)
        $null = $client.DeleteBucketAsync($bucket.Bucket).GetAwaiter().GetResult()
        $client.Dispose()
    }

    $env:XDG_DATA_HOME = $dataFolder
}

Describe 'A bucket' -Skip:$noServer {
    BeforeEach {
        Disconnect-AllStore
        $script:base = [guid]::NewGuid().ToString('N')
        $script:root = Join-Path $TestDrive $base
        $null = New-Item -ItemType Directory $root
    }

    Context 'New-StickyBucket' {
        It 'makes a bucket, and returns one that is there already' {
            $made | Should -BeOfType ([StickyPi.Core.Storage.StickyBucket])
            $made.Name | Should -Be $bucket.Bucket
            $made.Created | Should -BeTrue
            $again = New-StickyBucket @bucket
            $again | Should -HaveCount 1
            $again.Created | Should -BeFalse
        }

        It 'makes none with -WhatIf' {
            $other = $bucket + @{}
            $other.Bucket = "pester-$base"
            New-StickyBucket @other -WhatIf | Should -BeNullOrEmpty
            { Connect-StickyPi @other } | Should -Throw -ErrorId 'BucketNotFound,*'
        }

        It 'refuses a name that no bucket may have' {
            $other = $bucket + @{}
            $other.Bucket = 'No Bucket'
            $record = { New-StickyBucket @other } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidBucketOptions,*'
            $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }
    }

    Context 'Connect-StickyPi' {
        It 'opens a store whose rows lie on this machine, in a file for each bucket and base path' -Skip:(-not $IsLinux) {
            $first = Connect-StickyPi @bucket -BasePath "$base/one" -PassThru
            $first.Kind | Should -Be 'S3'
            $first.Endpoint | Should -Be ([uri] $env:STICKYPI_TEST_S3)
            Get-StickyPiConnection | Select-Object -First 1 | Format-List | Out-String | Should -Match "Endpoint\s+: $([regex]::Escape($env:STICKYPI_TEST_S3))"
            $first.Location | Should -Be "s3://$($bucket.Bucket)/$base/one"
            $first.CatalogPath | Should -BeLike "$TestDrive/data/StickyPi/*$($bucket.Bucket.Substring(0, 20))*/catalog.db"
            $first.CatalogPath | Should -Exist
            $second = Connect-StickyPi @bucket -BasePath "$base\two\" -PassThru
            $second.Location | Should -Be "s3://$($bucket.Bucket)/$base/two"
            $second.CatalogPath | Should -Not -Be $first.CatalogPath
            (Connect-StickyPi @bucket -BasePath "$base/one" -PassThru).CatalogPath | Should -Be $first.CatalogPath
        }

        It 'takes the path of the catalog relative to the location of the session' {
            Push-Location -LiteralPath $root
            try {
                (Connect-StickyPi @bucket -CatalogPath rows/traps.db -PassThru).CatalogPath | Should -Be (Join-Path $root 'rows/traps.db')
                "$root/rows/traps.db" | Should -Exist
            }
            finally {
                Pop-Location
            }
        }

        It 'makes no catalog with -WhatIf, and writes nothing into one that is there' {
            Connect-StickyPi @bucket -CatalogPath "$root/rows/traps.db" -WhatIf -PassThru | Should -BeNullOrEmpty
            "$root/rows" | Should -Not -Exist
            Connect-StickyPi @bucket -CatalogPath "$root/rows/traps.db"
            Disconnect-StickyPi
            $before = Get-TreeState $root
            (Connect-StickyPi @bucket -CatalogPath "$root/rows/traps.db" -WhatIf -PassThru).Kind | Should -Be 'S3'
            Disconnect-StickyPi
            Get-TreeState $root | Should -Be $before
        }

        It 'says what the server said where <What>' -ForEach @(
            @{ What = 'there is no such bucket'; Change = @{ Bucket = 'no-such-bucket-at-all' }; ErrorId = 'BucketNotFound'; Category = 'ObjectNotFound'; Code = 'NoSuchBucket'; Status = 404 }
            @{ What = 'the secret key is wrong'; Change = @{ Credential = 'wrong' }; ErrorId = 'CredentialRefused'; Category = 'PermissionDenied'; Code = 'SignatureDoesNotMatch'; Status = 403 }
            @{ What = 'the access key is unknown'; Change = @{ Credential = 'unknown' }; ErrorId = 'CredentialRefused'; Category = 'PermissionDenied'; Code = 'InvalidAccessKeyId'; Status = 403 }
        ) {
            $other = $bucket + @{}
            if ($Change.Credential) {
                $key = $Change.Credential -eq 'unknown' ? 'NOSUCHKEY' : $env:STICKYPI_TEST_S3_KEY
                $other.Credential = [pscredential]::new($key, (ConvertTo-SecureString 'not the secret' -AsPlainText))
            }
            else {
                $other.Bucket = $Change.Bucket
            }

            $record = { Connect-StickyPi @other -CatalogPath "$root/rows/traps.db" } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
            $record.CategoryInfo.Category | Should -Be $Category
            $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            $record.Exception.Service.Service | Should -Be 'S3'
            $record.Exception.Service.Code | Should -Be $Code
            $record.Exception.Service.Status | Should -Be $Status
            $record.Exception.Service.RequestId | Should -Not -BeNullOrEmpty
            ($record | Out-String) -replace '[\s|]+' | Should -Match ([regex]::Escape($record.Exception.Service.RequestId))
            "$root/rows" | Should -Not -Exist
            Get-StickyPiConnection | Should -BeNullOrEmpty
        }

        It 'says StorageUnavailable where nothing listens' {
            $other = $bucket + @{}
            $other.Endpoint = 'http://127.0.0.1:9'
            $record = { Connect-StickyPi @other -CatalogPath "$root/rows/traps.db" } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'StorageUnavailable,*'
            $record.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        }
    }

    Context 'Given an open store' {
        BeforeEach {
            $script:store = Connect-StickyPi @bucket -BasePath $base -CatalogPath "$root/rows/catalog.db" -UrlLifetime 0:10:00 -PassThru
        }

        It 'pictures go in and out by the commands of any store, and by URLs that are good for as long as was said' {
            $card = Write-Card "$root/card" -Count 2
            (Send-StickyImage "$root/card" -Recurse).Status | Should -Be (@('Added') * 4)
            (Send-StickyImage "$root/card" -Recurse).Status | Should -Be (@('Skipped') * 4)
            $images = Get-StickyImageSeries 5c173ff2 -What Image
            $images.Count | Should -Be 2
            $images[0].Url | Should -Match 'X-Amz-Expires=60[01]&'
            Invoke-WebRequest $images[0].Url -OutFile "$root/fetched.jpg"
            Get-Md5 "$root/fetched.jpg" | Should -Be $images[0].Md5
            (Get-StickyImageSeries | Save-StickyImage -Destination "$root/saved").Count | Should -Be 4
            (Get-FileHash $card).Hash | Should -Be (Get-ChildItem "$root/saved" -Recurse -File | Sort-Object { $_.Directory.Name -ne '5c173ff2' }, Name | Get-FileHash).Hash
            Get-StickyImageSeries 0a5bb6f4 | Remove-StickyImage -Confirm:$false
            @(Get-StickyStorageItem).Count | Should -Be 6
        }

        It 'objects are seen below the base path only, and go there and back with names of every kind and their times' {
            $names = 'with space.txt', 'a+b.txt', '100%.txt', '50%25.txt', 'no #1.txt', "gr$([char] 0xFC)n.txt", 'ab/cd [x].txt', 'empty.txt', 'ab.txt'
            $time = [datetime]::new(2021, 6, 1, 19, 40, 0, [DateTimeKind]::Utc)
            foreach ($name in $names) {
                $file = Write-Text "$root/names/$name" ($name -eq 'empty.txt' ? '' : $name)
                [IO.File]::SetLastWriteTimeUtc($file, $time)
            }

            (Send-StickyStorageItem "$root/names" -RelativeTo $root).Synced.Count | Should -Be $names.Count
            (Send-StickyStorageItem "$root/names" -RelativeTo $root).OnTargetEqual.Count | Should -Be $names.Count
            (Get-StickyStorageItem names/ab).Key | Should -Be 'names/ab/cd [x].txt'
            $item = Get-StickyStorageItem names/a+b.txt
            $item.Size | Should -Be 7
            $item.ETag | Should -Be (Get-Md5 "$root/names/a+b.txt")
            $null = Receive-StickyStorageItem names -Destination "$root/back"
            foreach ($name in $names) {
                $back = Get-Item -LiteralPath "$root/back/names/$name"
                [IO.File]::ReadAllText($back.FullName) | Should -BeExactly ($name -eq 'empty.txt' ? '' : $name)
                $back.LastWriteTimeUtc | Should -Be $time
            }

            $null = Connect-StickyPi @bucket -BasePath "$base/names/ab" -CatalogPath "$root/rows/inner.db"
            (Get-StickyStorageItem).Key | Should -Be 'cd [x].txt'
            Disconnect-StickyPi
            Remove-StickyStorageItem names/ab -Confirm:$false
            @(Get-StickyStorageItem).Count | Should -Be ($names.Count - 1)
            $null = Connect-StickyPi @bucket -BasePath "$base/nam" -CatalogPath "$root/rows/beside.db"
            Get-StickyStorageItem | Should -BeNullOrEmpty
        }

        It 'nothing moves where something differs, unless -Force' {
            $null = Write-Text "$root/push/1.txt" 'old'
            $null = Send-StickyStorageItem "$root/push" -RelativeTo $root
            $null = Write-Text "$root/push/1.txt" 'new'
            $summary = Send-StickyStorageItem "$root/push" -RelativeTo $root -ErrorVariable problems -ErrorAction SilentlyContinue
            $summary.RequiresForce | Should -BeTrue
            $summary.Target | Should -Be "s3://$($bucket.Bucket)/$base"
            $problems | Should -HaveCount 1
            (Send-StickyStorageItem "$root/push" -RelativeTo $root -Force).Synced.Key | Should -Be 'push/1.txt'
            (Get-StickyStorageItem).ETag | Should -Be (Get-Md5 "$root/push/1.txt")
        }

        It 'bundles go from a folder to the bucket, to a local store, and back, and stay the same' {
            $null = Write-Text "$root/uid/data/1.jpg" 'picture'
            $null = Write-Text "$root/uid/config/config.yaml" 'a: 1'
            $null = Write-Random "$root/uid/output/model_final.pth" 20MB
            $time = [datetime]::new(2021, 6, 1, 19, 40, 0, [DateTimeKind]::Utc)
            [IO.File]::SetLastWriteTimeUtc("$root/uid/output/model_final.pth", $time)
            (Sync-StickyMlBundle uid "$root/uid" -Direction Push).Synced.Count | Should -Be 4
            (Compare-StickyMlBundle uid "$root/uid" -Direction Push).OnTargetEqual.Count | Should -Be 4
            (Sync-StickyMlBundle uid "$root/uid" -Direction Push -Force).Synced.Count | Should -Be 0
            $listed = Get-StickyMlBundle
            $listed.FileCount | Should -Be 4
            $listed.Version | Should -Be (Get-Content "$root/uid/output/.version.txt")
            $null = Get-StickyMlBundle | Sync-StickyMlBundle -Path { "$root/pulled/$($_.Name)" } -Direction Pull
            (Get-FileHash "$root/pulled/uid/output/model_final.pth").Hash | Should -Be (Get-FileHash "$root/uid/output/model_final.pth").Hash
            (Get-Item "$root/pulled/uid/output/model_final.pth").LastWriteTimeUtc | Should -Be $time
            $local = Connect-StickyPi "$root/local" -PassThru
            (Sync-StickyMlBundle uid "$root/pulled/uid" -Direction Push -Connection $local).Synced.Count | Should -Be 4
            (Compare-StickyMlBundle uid "$root/local/ml/uid" -Direction Pull -Connection $store).OnTargetEqual.Count | Should -Be 4
            Remove-StickyMlBundle uid -Confirm:$false -Connection $store
            Get-StickyMlBundle -Connection $store | Should -BeNullOrEmpty
        }

        It 'an upload whose program was killed is listed, gone on with, and can be given up' {
            $null = Write-Random "$root/big.bin" 160MB
            $said = "$root/child.txt"
            $script = "$root/push.ps1"
            Set-Content -LiteralPath $script @"
Import-Module '$ModulePath'
`$credential = [pscredential]::new(`$env:STICKYPI_TEST_S3_KEY, (ConvertTo-SecureString `$env:STICKYPI_TEST_S3_SECRET -AsPlainText))
Connect-StickyPi -Bucket '$($bucket.Bucket)' -Endpoint `$env:STICKYPI_TEST_S3 -Region us-east-1 -Credential `$credential -BasePath $base -CatalogPath '$root/rows/catalog.db'
Send-StickyStorageItem '$root/big.bin' -RelativeTo '$root' -ThrottleLimit 1
"@
            function Stop-InUpload {
                $program, $arguments = $PowerShell + $script
                $process = Start-Program $program $arguments $said
                $clock = [Diagnostics.Stopwatch]::StartNew()
                while ($clock.Elapsed.TotalSeconds -lt 60 -and -not $process.HasExited -and (Get-StickyIncompleteUpload | Measure-Object Size -Sum).Sum -lt 40MB) {
                    Start-Sleep -Milliseconds 20
                }

                $process.Kill()
                $process.WaitForExit()
            }

            Stop-InUpload
            $upload = Get-StickyIncompleteUpload big.bin
            $upload | Should -HaveCount 1
            $upload.Key | Should -Be 'big.bin'
            $upload.Size | Should -BeGreaterOrEqual 40MB
            $upload.UploadId | Should -Not -BeNullOrEmpty
            Get-StickyStorageItem | Should -BeNullOrEmpty
            (Send-StickyStorageItem "$root/big.bin" -RelativeTo $root).Synced.Key | Should -Be 'big.bin'
            Get-StickyIncompleteUpload | Should -BeNullOrEmpty
            (Send-StickyStorageItem "$root/big.bin" -RelativeTo $root).OnTargetEqual.Key | Should -Be 'big.bin'

            Remove-StickyStorageItem big.bin -Confirm:$false
            Stop-InUpload
            Get-StickyIncompleteUpload | Remove-StickyIncompleteUpload -WhatIf
            @(Get-StickyIncompleteUpload) | Should -HaveCount 1
            Get-StickyIncompleteUpload | Remove-StickyIncompleteUpload -Confirm:$false
            Get-StickyIncompleteUpload | Should -BeNullOrEmpty
        }

        It 'Ctrl-C ends <Command> within five seconds, and leaves nothing half-done under a final name' -ForEach @(
            @{ Command = 'Send-StickyStorageItem'; Script = 'Send-StickyStorageItem "$Root/huge.bin" -RelativeTo $Root -ThrottleLimit 1' }
            @{ Command = 'Receive-StickyStorageItem'; Script = 'Receive-StickyStorageItem huge.bin -Destination "$Root/out" -ThrottleLimit 1' }
        ) {
            # As much as is needed to last a second.
            $null = Write-Random "$root/huge.bin" 240MB
            if ($Command -like 'Receive*') {
                $null = Send-StickyStorageItem "$root/huge.bin" -RelativeTo $root
            }

            $shell = Open-Session
            try {
                $null = $shell.AddScript("param(`$Root)`n$Script").AddParameter('Root', $root)
                $running = $shell.BeginInvoke()
                $clock = [Diagnostics.Stopwatch]::StartNew()
                while (-not ($shell.Streams.Progress.StatusDescription -match '^0 of 1 files, \d') -and -not $running.IsCompleted -and $clock.Elapsed.TotalSeconds -lt 30) {
                    Start-Sleep -Milliseconds 5
                }

                $running.IsCompleted | Should -BeFalse
                $clock.Restart()
                $shell.Stop()
                $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            }
            finally {
                $shell.Dispose()
            }

            if ($Command -like 'Send*') {
                Get-StickyStorageItem | Should -BeNullOrEmpty
            }
            else {
                "$root/out/huge.bin" | Should -Not -Exist
            }

            Get-StickyIncompleteUpload | Remove-StickyIncompleteUpload -Confirm:$false
            Remove-Item "$root/huge.bin"
        }

        It 'an object that is deleted behind the back of a command is an error of its own' {
            'a', 'b' | ForEach-Object { $null = Write-Text "$root/push/$_.txt" }
            $null = Send-StickyStorageItem "$root/push" -RelativeTo $root
            $items = Get-StickyStorageItem push
            Remove-StickyStorageItem push/a.txt -Confirm:$false
            $items | Remove-StickyStorageItem -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ObjectNotFound,*'
            Get-StickyStorageItem | Should -BeNullOrEmpty
        }
    }
}

Describe 'The secret key of a bucket' -Skip:$noServer {
    It 'is in no output, error, transcript or exported file, and in no file of the store' {
        Disconnect-AllStore
        $said = (New-Item -ItemType Directory "$TestDrive/said").FullName
        $rows = "$TestDrive/secret rows"
        $file = "$TestDrive/secrecy.ps1"
        $wrong = 'Zq7wrong6LpNotTheKey'
        Set-Content -LiteralPath $file @'
param([string] $Module, [string] $Bucket, [string] $Rows, [string] $Said)
Start-Transcript -LiteralPath "$Said/transcript.txt"
$PSStyle.OutputRendering = 'PlainText'
$VerbosePreference = 'Continue'
$DebugPreference = 'Continue'
Import-Module $Module -Verbose:$false
function New-Credential([string] $Key, [string] $Secret) { [pscredential]::new($Key, (ConvertTo-SecureString $Secret -AsPlainText)) }
function Invoke-Attempt([scriptblock] $Script) { try { & $Script } catch { "Terminated: $_" } }
$right = @{ Bucket = $Bucket; Endpoint = $env:STICKYPI_TEST_S3; Region = 'us-east-1'; Credential = New-Credential $env:STICKYPI_TEST_S3_KEY $env:STICKYPI_TEST_S3_SECRET }
New-StickyBucket @right -Verbose -Debug
New-StickyBucket @right -WhatIf
$connection = Connect-StickyPi @right -BasePath secrecy -CatalogPath "$Rows/catalog.db" -PassThru -Verbose -Debug
$connection
Set-Content "$Rows/1.txt" 'text'
Send-StickyStorageItem "$Rows/1.txt" -RelativeTo $Rows -Verbose -Debug | Format-List * -Force
Get-StickyStorageItem -Verbose -Debug | Format-List * -Force
Receive-StickyStorageItem 1.txt -Destination "$Rows/out" -Verbose -Debug
Send-StickyStorageItem $Rows -RelativeTo $Rows -Include none -WhatIf
Remove-StickyStorageItem . -Confirm:$false
Get-StickyIncompleteUpload
$connection | Format-Custom -Depth 4
$connection | ConvertTo-Json -Depth 4 -WarningAction Ignore
$connection | Export-Clixml "$Said/connection.xml" -Depth 4
$connection | Get-Member -Force
Disconnect-StickyPi
Invoke-Attempt { Get-StickyStorageItem -Connection $connection }
foreach ($command in 'New-StickyBucket', 'Connect-StickyPi') {
    foreach ($change in @(
            @{ Credential = New-Credential $env:STICKYPI_TEST_S3_KEY $env:SECRET_Wrong }
            @{ Credential = New-Credential 'NOSUCHKEY' $env:SECRET_Wrong }
            @{ Credential = New-Credential $env:STICKYPI_TEST_S3_KEY "$env:SECRET_Wrong`n" }
            @{ Endpoint = 'http://127.0.0.1:9' }
            @{ Endpoint = 'ftp://127.0.0.1' }
            @{ Endpoint = 'traps' }
            @{ Endpoint = "http://key:$($env:SECRET_Wrong)@127.0.0.1:9/" }
            @{ Bucket = 'No Bucket' }
            @{ Region = '' }
            @{ ProfileName = 'none' }
        )) {
        $parameters = $right + @{}
        $change.Keys | ForEach-Object { $parameters[$_] = $change[$_] }
        Invoke-Attempt { & $command @parameters -Verbose -Debug }
    }
}
$Error | Format-List * -Force
$Error | Get-Error
$Error | Export-Clixml "$Said/errors.xml"
$Error | Select-Object * -ExcludeProperty Exception | ConvertTo-Json -Depth 3 -WarningAction Ignore > "$Said/errors.json"
Stop-Transcript
'The end.'
'@
        $program, $arguments = $PowerShell + $file
        $null = New-Item -ItemType Directory $rows
        $env:SECRET_Wrong = $wrong
        try {
            & $program @arguments $ModulePath $bucket.Bucket $rows $said > "$said/output.txt" 2> "$said/errors.txt"
        }
        finally {
            $env:SECRET_Wrong = $null
        }

        # Or nothing would be found because nothing was done.
        Get-Content "$said/output.txt" -Raw | Should -Match 'The end\.\s*$'
        $transcript = Get-Content "$said/transcript.txt" -Raw
        'CredentialRefused', 'StorageUnavailable', 'InvalidBucketOptions', 'Upload 1 file', 's3://' | Where-Object { -not $transcript.Contains($_) } | Should -BeNullOrEmpty
        (Import-Clixml "$said/errors.xml").Count | Should -BeGreaterThan 15
        Find-Secret $said, $rows $env:STICKYPI_TEST_S3_SECRET, $wrong | Should -BeNullOrEmpty
    }
}
