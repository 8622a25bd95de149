BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../out/StickyPi/StickyPi.psd1')

    # Import-StickyAnnotation asks a store only for what its files do not say.
    $script:onStores = Get-Command -Module StickyPi | Where-Object { $_.Parameters.ContainsKey('Connection') -and $_.Name -ne 'Import-StickyAnnotation' }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Connections' {
    BeforeEach {
        Disconnect-AllStore
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
    }

    AfterAll {
        Disconnect-AllStore
    }

    Context 'Given no open store' {
        It '<_> says NotConnected and what to do' -ForEach $onStores.Name {
            $user = [pscredential]::new('alice', (ConvertTo-SecureString 'a long password' -AsPlainText))
            $arguments = @{
                'Add-StickyAnnotation'      = @{ InputObject = '{}' }
                'Add-StickyLabel'           = @{ TuboidId = 'any'; AlgoName = 'itc'; AlgoVersion = '1'; Label = 1; Pattern = '.*'; Type = 'Insecta' }
                'Compare-StickyMlBundle'    = @{ Name = 'uid'; Path = $folder; Direction = 'Push' }
                'Export-StickyAnnotation'   = @{ Destination = $folder; Annotation = $null }
                'Get-StickyImage'           = @{ Device = '5c173ff2'; DateTime = '2021-06-01' }
                'Get-StickyProperty'        = @{ Device = '5c173ff2' }
                'Invoke-StickyApi'          = @{ Path = 'v1' }
                'New-StickyUser'            = @{ Credential = $user }
                'Remove-StickyAnnotation'   = @{ Device = '5c173ff2'; DateTime = '2021-06-01'; AlgoName = 'any'; AlgoVersion = '1'; Confirm = $false }
                'Remove-StickyImage'        = @{ Device = '5c173ff2'; DateTime = '2021-06-01'; Confirm = $false }
                'Remove-StickyIncompleteUpload' = @{
                    InputObject = [StickyPi.Core.Storage.StickyIncompleteUpload] @{ Key = 'a'; UploadId = '1'; Started = [datetime]::UtcNow; Size = 1 }
                }
                'Remove-StickyMlBundle'     = @{ Name = 'uid'; Confirm = $false }
                'Remove-StickyProperty'     = @{ Device = '5c173ff2'; Confirm = $false }
                'Remove-StickyStorageItem'  = @{ Prefix = 'a'; Confirm = $false }
                'Receive-StickyStorageItem' = @{ Prefix = 'a' }
                'Remove-StickyTuboidSeries' = @{ Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02'; Confirm = $false }
                'Remove-StickyUser'         = @{ UserName = 'alice'; Confirm = $false }
                'Save-StickyCatalog'        = @{ Path = $folder }
                'Save-StickyImage'          = @{ Device = '5c173ff2'; DateTime = '2021-06-01'; Destination = $folder }
                'Send-StickyImage'          = @{ Path = $PSScriptRoot }
                'Send-StickyStorageItem'    = @{ Path = $PSScriptRoot }
                'Send-StickyTuboid'         = @{ Path = $PSScriptRoot; AlgoName = 'sim' }
                'Set-StickyProperty'        = @{ Device = '5c173ff2'; Name = 'note'; Value = 1 }
                'Set-StickyUser'            = @{ Credential = $user }
                'Sync-StickyMlBundle'       = @{ Name = 'uid'; Path = $folder; Direction = 'Push' }
                'Update-StickyProperty'     = @{ Device = '5c173ff2'; Value = @{ note = 1 } }
                'Test-StickyUser'           = @{ Credential = $user }
            }[$_] ?? @{}
            $record = { & $_ @arguments -ErrorAction Stop } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'NotConnected,*'
            $record.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
            $record.ErrorDetails.RecommendedAction | Should -Match 'Connect-StickyPi'
        }

        It 'Get-StickyPiConnection returns nothing' {
            Get-StickyPiConnection | Should -BeNullOrEmpty
        }
    }

    Context 'Given two open stores' {
        BeforeEach {
            Connect-StickyPi $folder
            Connect-StickyPi "$folder-other"
        }

        It '<_> says that it takes one of them' -ForEach 'Get-StickyDevice', 'Clear-StickyCache', 'Disconnect-StickyPi' {
            $record = { & $_ -Connection (Get-StickyPiConnection | Where-Object Kind -EQ Local) } | Should -Throw -PassThru
            $record.Exception.Message | Should -BeLike '*-Connection takes one connection, and 2 were given.'
            { & $_ -Connection @() } | Should -Throw '*-Connection takes one connection, and none was given.'
            @(Get-StickyPiConnection).Count | Should -Be 2
        }

        It 'takes a list of one' {
            Disconnect-StickyPi -Connection @(Get-StickyPiConnection | Where-Object Location -EQ $folder)
            (Get-StickyPiConnection).Location | Should -Be "$folder-other"
        }
    }

    Context 'Connect-StickyPi' {
        It 'makes a store in a folder that does not exist, and returns nothing unless asked' {
            Connect-StickyPi $folder | Should -BeNullOrEmpty
            Join-Path $folder 'database.db' | Should -Exist
            (Get-StickyPiConnection).Location | Should -Be $folder
        }

        It 'returns the connection with -PassThru' {
            $before = [datetime]::UtcNow
            $connection = Connect-StickyPi -Path $folder -PassThru
            $connection | Should -BeOfType ((Get-Command Connect-StickyPi).OutputType[0].Name)
            $connection.Kind | Should -Be 'Local'
            $connection.Location | Should -Be $folder
            $connection.CatalogPath | Should -Be (Join-Path $folder 'database.db')
            $connection.Endpoint | Should -BeNullOrEmpty
            $connection.IsDefault | Should -BeTrue
            $connection.ConnectedAt.Kind | Should -Be 'Utc'
            $connection.ConnectedAt | Should -BeGreaterOrEqual $before
            $connection.ConnectedAt | Should -BeLessOrEqual ([datetime]::UtcNow)
        }

        It 'says with -Verbose what makes the thumbnails' {
            try {
                foreach ($case in @{ Name = ''; Like = 'Thumbnails are made by libvips 8.*' },
                    @{ Name = 'libvips'; Like = 'Thumbnails are made by libvips 8.*' },
                    @{ Name = 'managed'; Like = 'Thumbnails are made by the managed engine (ImageSharp 2.*), which was asked for.' },
                    @{ Name = 'fast'; Like = "Pictures cannot be sent, because no thumbnails can be made: *'fast'*'libvips' or 'managed'*" }) {
                    $env:STICKYPI_JPEG_ENGINE = $case.Name
                    $said = Connect-StickyPi "$TestDrive/verbose" -Verbose 4>&1 | ForEach-Object Message
                    @($said -like $case.Like).Count | Should -Be 1 -Because "$($case.Name) gave: $said"
                }
            }
            finally {
                $env:STICKYPI_JPEG_ENGINE = $null
            }

            Connect-StickyPi "$TestDrive/verbose" 4>&1 | Should -BeNullOrEmpty
        }

        It 'takes a path relative to the location of the session' {
            $null = New-Item -ItemType Directory $folder
            Push-Location -LiteralPath $folder
            try {
                (Connect-StickyPi traps -PassThru).Location | Should -Be (Join-Path $folder 'traps')
            }
            finally {
                Pop-Location
            }
        }

        It 'takes a path on a PSDrive' {
            $null = New-Item -ItemType Directory $folder
            $null = New-PSDrive -Name Lab -PSProvider FileSystem -Root $folder
            try {
                (Connect-StickyPi Lab:/traps -PassThru).Location | Should -Be (Join-Path $folder 'traps')
            }
            finally {
                Remove-PSDrive Lab
            }
        }

        It 'takes brackets and spaces as they are' {
            $odd = Join-Path $folder 'my [x] traps'
            (Connect-StickyPi $odd -PassThru).Location | Should -BeExactly $odd
            [IO.File]::Exists((Join-Path $odd 'database.db')) | Should -BeTrue
        }

        It 'finds the pictures of a store that was closed' {
            Connect-StickyPi $folder
            Write-Picture "$folder-card" | Send-StickyImage | Out-Null
            Disconnect-StickyPi
            Connect-StickyPi $folder
            (Get-StickyImageSeries).FileName | Should -Be '5c173ff2.2021-06-01_19-40-00.jpg'
        }

        It 'refuses a file' {
            Set-Content $folder 'a file'
            $record = { Connect-StickyPi $folder } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'NotAStore,*'
            $record.TargetObject | Should -Be $folder
        }

        It 'refuses a database that is none, and leaves it alone' {
            $null = New-Item -ItemType Directory $folder
            $database = Join-Path $folder 'database.db'
            Set-Content $database ('This is my diary. ' * 100)
            $before = (Get-FileHash $database).Hash
            $record = { Connect-StickyPi $folder } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'NotAStore,*'
            (Get-FileHash $database).Hash | Should -Be $before
            Get-StickyPiConnection | Should -BeNullOrEmpty
        }

        It 'tells that <Path> is an address, and what to do with it' -ForEach @(
            @{ Path = 'http://localhost:5000'; Action = 'Connect to a server with Connect-StickyPi -Uri http://localhost:5000.' }
            @{ Path = 'HTTPS://stickypi.example.org/lab/'; Action = 'Connect to a server with Connect-StickyPi -Uri HTTPS://stickypi.example.org/lab/.' }
            @{ Path = 's3://traps'; Action = 'Open a bucket with Connect-StickyPi -Bucket traps.' }
            @{ Path = 's3://traps/lab/2021/'; Action = 'Open a bucket with Connect-StickyPi -Bucket traps -BasePath lab/2021.' }
        ) {
            $record = { Connect-StickyPi $Path } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidPath,*'
            $record.Exception.Message | Should -BeExactly "'$Path' is an address, and not the path of a folder."
            $record.ErrorDetails.RecommendedAction | Should -BeExactly $Action
        }

        It 'does not repeat the password of an address' {
            $record = { Connect-StickyPi 'https://ana:Zq7address@stickypi.example.org' } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidPath,*'
            "$($record.Exception.Message) $($record.TargetObject) $($record.ErrorDetails.RecommendedAction)" | Should -Not -Match 'Zq7address'
        }

        It 'refuses <Path> with <ErrorId>' -ForEach @(
            @{ Path = 'Env:traps'; ErrorId = 'NotAFileSystemPath'; Category = 'InvalidData' }
            @{ Path = 'NoSuchDrive:/traps'; ErrorId = 'FolderNotFound'; Category = 'ObjectNotFound' }
        ) {
            $record = { Connect-StickyPi $Path } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
            $record.CategoryInfo.Category | Should -Be $Category
            $record.TargetObject | Should -Be $Path
        }
    }

    Context 'Connect-StickyPi -Bucket' {
        # What a server has to say to it is in S3.Tests.ps1; here, whoever asked one would wait for an answer.
        It 'refuses <What> before it asks a server' -ForEach @(
            @{ What = 'a credential beside a profile'; Parameter = @{ Credential = [pscredential]::new('key', [securestring]::new()); ProfileName = 'lab' }; ErrorId = 'InvalidBucketOptions' }
            @{ What = 'URLs that are good for no time'; Parameter = @{ UrlLifetime = [timespan]::Zero }; ErrorId = 'InvalidBucketOptions' }
            @{ What = 'a lifetime of ticks'; Parameter = @{ UrlLifetime = [timespan]::FromTicks(3600) }; ErrorId = 'InvalidBucketOptions' }
            @{ What = 'URLs that are good for more than a week'; Parameter = @{ UrlLifetime = '7.00:00:01' }; ErrorId = 'InvalidBucketOptions' }
            @{ What = 'a base path that leads out of the bucket'; Parameter = @{ BasePath = '../other' }; ErrorId = 'InvalidKey' }
            @{ What = 'a catalog that is not in the file system'; Parameter = @{ CatalogPath = 'Env:catalog' }; ErrorId = 'NotAFileSystemPath' }
        ) {
            $record = { Connect-StickyPi -Bucket traps -Endpoint http://127.0.0.1:9 @Parameter } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
            $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            Get-StickyPiConnection | Should -BeNullOrEmpty
        }

        It 'takes no folder beside a bucket' {
            { Connect-StickyPi -Path $folder -Bucket traps } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }

        It 'takes the only argument for a folder, and beside an endpoint for a bucket' {
            (Connect-StickyPi $folder -PassThru).Kind | Should -Be 'Local'
            { Connect-StickyPi traps -Endpoint http://127.0.0.1:9 -BasePath ../other } | Should -Throw -ErrorId 'InvalidKey,*'
        }
    }

    Context 'Given two open stores' {
        BeforeEach {
            $script:first = Connect-StickyPi "$folder-1" -PassThru
            $script:second = Connect-StickyPi "$folder-2" -PassThru
            $null = Write-Picture "$folder-card" -Time $CardStart | Send-StickyImage -Connection $first
            $null = Write-Card "$folder-card" -Count 2 | Send-StickyImage
        }

        It 'the one that was opened last is the default' {
            $second.IsDefault | Should -BeTrue
            $first.IsDefault | Should -BeFalse
            (Get-StickyPiConnection).Location | Should -Be @("$folder-2", "$folder-1")
        }

        It 'a command works on the default one, or on the one it is told' {
            (Get-StickyImageSeries | Measure-Object).Count | Should -Be 4
            (Get-StickyImageSeries -Connection $second | Measure-Object).Count | Should -Be 4
            (Get-StickyImageSeries -Connection $first | Measure-Object).Count | Should -Be 1
            (Get-StickyDevice -Connection $first).ImageCount | Should -Be 1
        }

        It 'pictures go from one to the other in one pipeline' {
            Get-StickyImageSeries -What Image -Connection $second |
                ForEach-Object Url |
                Send-StickyImage -Connection $first |
                Group-Object Status -AsHashTable -AsString |
                ForEach-Object { $_['Added'].Count, $_['Skipped'].Count } |
                Should -Be 3, 1
        }

        It 'Disconnect-StickyPi closes the default one, and the other takes its place' {
            Disconnect-StickyPi | Should -BeNullOrEmpty
            $first.IsDefault | Should -BeTrue
            (Get-StickyImageSeries | Measure-Object).Count | Should -Be 1
        }

        It 'Disconnect-StickyPi closes the one that it is told' {
            Disconnect-StickyPi $first
            (Get-StickyPiConnection).Location | Should -Be "$folder-2"
            $second.IsDefault | Should -BeTrue
        }

        It 'Disconnect-StickyPi closes all that come through the pipeline' {
            Get-StickyPiConnection | Disconnect-StickyPi
            Get-StickyPiConnection | Should -BeNullOrEmpty
        }

        It 'a closed connection says ConnectionClosed, and is not replaced by the default one' {
            Disconnect-StickyPi $first
            $record = { Get-StickyImageSeries -Connection $first } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'ConnectionClosed,*'
            $record.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
            $record.ErrorDetails.RecommendedAction | Should -Match 'Connect-StickyPi'
        }
    }

    It 'a store that was closed can be moved away' {
        Connect-StickyPi $folder
        $null = Write-Picture "$folder-card" | Send-StickyImage
        Disconnect-StickyPi
        Rename-Item $folder "$folder-moved"
        (Connect-StickyPi "$folder-moved" -PassThru).Location | Should -Be "$folder-moved"
        (Get-StickyDevice).ImageCount | Should -Be 1
    }
}
