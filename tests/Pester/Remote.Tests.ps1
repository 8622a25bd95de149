BeforeDiscovery {
    $script:configuration = (Split-Path (Split-Path $PSScriptRoot) | Join-Path -ChildPath src/StickyPi.Server/bin | Get-ChildItem -Directory -ErrorAction Ignore |
        Where-Object { Test-Path (Join-Path $_.FullName net10.0/StickyPi.Server.dll) } | Sort-Object LastWriteTimeUtc | Select-Object -Last 1).FullName
    $script:missing = -not $configuration
    if ($missing) {
        Write-Warning "The server is not built: run 'dotnet build' to run the tests of remote stores."
    }
}

Describe 'A store that a server serves' -Skip:$missing {
    BeforeAll {
        . $PSScriptRoot/Common.ps1
        Disconnect-AllStore

        # What belongs to the user goes to folders of the test, and all that is said and left behind is searched for secrets at the end. Pester
        # empties its own folder at the end of each context, and would take the files of the store with it.
        $script:root = [IO.Directory]::CreateTempSubdirectory('stickypi-').FullName
        $script:earlier = @{ XDG_CONFIG_HOME = $env:XDG_CONFIG_HOME; XDG_DATA_HOME = $env:XDG_DATA_HOME }
        $env:XDG_CONFIG_HOME = "$root/config"
        $env:XDG_DATA_HOME = "$root/data"
        $script:secret = 'Zq7server9Kw'
        $script:password = ConvertTo-SecureString $secret -AsPlainText
        $script:wrong = ConvertTo-SecureString 'Zq7wrong6Lp' -AsPlainText

        Connect-StickyPi "$root/store"
        $null = New-StickyUser ada $password -Admin
        $null = New-StickyUser wanda $password
        $null = New-StickyUser rita $password -ReadOnly
        Disconnect-StickyPi
        $null = Write-Card "$root/card" -Count 3

        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $script:address = "http://127.0.0.1:$($listener.LocalEndpoint.Port)/"
        $listener.Stop()
        $built = Get-ChildItem (Join-Path $RepositoryRoot src/StickyPi.Server/bin) -Recurse -Filter StickyPi.Server.dll |
            Where-Object { $_.Directory.Name -eq 'net10.0' } | Sort-Object LastWriteTimeUtc | Select-Object -Last 1

        # Logging in is limited, and these tests log in as nobody else does.
        $arguments = $built.FullName, '--path', "$root/store", '--urls', $address, '--log-ins-per-user', '1000', '--log-ins-per-address', '1000'
        $script:server = Start-Program dotnet $arguments "$root/server.log"
        $end = [datetime]::UtcNow.AddSeconds(90)
        while ($true) {
            try {
                $null = Invoke-RestMethod "${address}health/ready"
                break
            }
            catch {
                if ($server.HasExited -or [datetime]::UtcNow -gt $end) {
                    throw "The server does not answer: $(Get-Content "$root/server.log", "$root/server.log.err" -Raw)"
                }

                Start-Sleep -Milliseconds 100
            }
        }

        function script:New-LogIn([string] $UserName, $Password = $password) {
            [pscredential]::new($UserName, $Password)
        }

        # What a second session of the same user says, without anybody whom it could ask.
        function script:Invoke-Session([string] $Script) {
            Invoke-ChildPowerShell -Folder $TestDrive "Import-Module '$ModulePath'`n`$PSStyle.OutputRendering = 'PlainText'`n$Script"
        }
    }

    AfterAll {
        Disconnect-AllStore
        if ($server -and -not $server.HasExited) {
            $server.Kill()
            $server.WaitForExit()
        }

        $earlier.GetEnumerator().ForEach{ [Environment]::SetEnvironmentVariable($_.Key, $_.Value) }
        Remove-Item -LiteralPath $root -Recurse -Force
    }

    Context 'Connecting' {
        AfterEach {
            Disconnect-AllStore
        }

        It 'returns nothing unless asked, and then who asks whom' {
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) | Should -BeNullOrEmpty
            $connection = Connect-StickyPi -Uri $address -Credential (New-LogIn rita) -PassThru
            $connection.Kind | Should -Be 'Remote'
            $connection.Location | Should -Be $address
            $connection.User | Should -Be 'rita'
            $connection.CatalogPath | Should -BeNullOrEmpty
            $connection.Name | Should -BeNullOrEmpty
        }

        It 'keeps a connection by name, for the owner only, and a token that other sessions use' {
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -Name 'the lab' -CacheLifetime 0:10
            Invoke-Session @"
(Connect-StickyPi -Name 'THE LAB' -PassThru).User
Disconnect-StickyPi -KeepToken
(Connect-StickyPi -Uri $address -Credential ada -PassThru).User
Disconnect-StickyPi -KeepToken
(Connect-StickyPi -Uri $address -PassThru).User
"@ | Should -Be 'ada', 'ada', 'ada'
            if (-not $IsWindows) {
                foreach ($file in @(Get-Item "$root/config/StickyPi/connections.json") + @(Get-ChildItem "$root/data/StickyPi/tokens" -File)) {
                    $file.UnixFileMode | Should -Be ([IO.UnixFileMode] 'UserRead, UserWrite')
                    $file.Directory.UnixFileMode | Should -Be ([IO.UnixFileMode] 'UserRead, UserWrite, UserExecute')
                }
            }

            Get-StickyPiConnection | Out-String -Width 200 | Should -Match '\*\s+the lab\s+Remote\s+ada'
            $line = 'Connect-StickyPi -Name '
            [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Contain "'the lab'"
        }

        It 'forgets the token when it is closed, and not with -KeepToken' {
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -Name lab
            Disconnect-StickyPi -KeepToken
            Connect-StickyPi -Name lab
            $second = Connect-StickyPi -Name lab -PassThru
            Disconnect-StickyPi $second
            @(Get-StickyDevice).Count | Should -BeGreaterOrEqual 0
            Disconnect-StickyPi -Name lab
            Get-ChildItem "$root/data/StickyPi/tokens" -File | Should -BeNullOrEmpty
            $record = { Connect-StickyPi -Name lab } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'CredentialMissing,*'
            $record.ErrorDetails.RecommendedAction | Should -Match '-Credential'
        }

        It 'forgets a name with -Forget' {
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -Name gone
            Disconnect-StickyPi -Name gone -Forget
            $record = { Connect-StickyPi -Name gone } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'ConnectionNotFound,*'
            { Disconnect-StickyPi -Name gone -ErrorAction Stop } | Should -Throw -ErrorId 'ConnectionNotFound,*'
        }

        It 'logs out of a connection that another session left when its name is forgotten, and not with -KeepToken' {
            $tokens = "$root/data/StickyPi/tokens"
            Connect-StickyPi -Uri $address -Credential (New-LogIn rita) -Name left
            Disconnect-StickyPi -KeepToken
            $token = (Get-Content (Get-ChildItem $tokens -File) -Raw | ConvertFrom-Json).token | ConvertTo-SecureString -AsPlainText
            Invoke-Session 'Disconnect-StickyPi -Name left -Forget -KeepToken' | Should -BeNullOrEmpty
            @(Get-ChildItem $tokens -File).Count | Should -Be 1
            Connect-StickyPi -Uri $address -Credential rita -Name left
            Disconnect-StickyPi -KeepToken
            $null = Invoke-RestMethod "${address}v1" -Authentication Bearer -Token $token -AllowUnencryptedAuthentication

            Connect-StickyPi -Uri $address -Credential rita -Name also
            Disconnect-StickyPi -KeepToken

            Invoke-Session @"
Disconnect-StickyPi -Name left -Forget
@(Get-ChildItem '$tokens' -File).Count
Disconnect-StickyPi -Name also -Forget
"@ | Should -Be 1 -Because 'another name of the user lives on the token'
            Get-ChildItem $tokens -File | Should -BeNullOrEmpty
            { Invoke-RestMethod "${address}v1" -Authentication Bearer -Token $token -AllowUnencryptedAuthentication } | Should -Throw '*401*'
        }

        It 'forgets each name that is there, and says which is not' {
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -Name one
            Disconnect-StickyPi -Name none, one -Forget -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems.FullyQualifiedErrorId | Should -BeLike 'ConnectionNotFound,*'
            Get-StickyPiConnection | Should -BeNullOrEmpty
            { Connect-StickyPi -Name one } | Should -Throw -ErrorId 'ConnectionNotFound,*'
        }

        It 'leaves a file of connections alone that it cannot read, and names it' {
            $file = "$root/config/StickyPi/connections.json"
            $before = Get-Content $file -Raw
            try {
                foreach ($content in 'damaged', '{}', '[{}]', '[null]', '[{"name":"lab","uri":"lab","userName":"ada"}]') {
                    Set-Content $file $content -NoNewline
                    $record = { Connect-StickyPi -Name lab } | Should -Throw -ErrorId 'ConnectionsUnreadable,*' -PassThru
                    $record.Exception.Message | Should -BeLike "*'$file'*"
                    { Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -Name lab } | Should -Throw -ErrorId 'ConnectionsUnreadable,*'
                    Get-Content $file -Raw | Should -Be $content
                }
            }
            finally {
                Set-Content $file $before -NoNewline
            }
        }

        It 'keeps a name in a file of connections that is <What>' -ForEach @(
            @{ What = 'empty'; Content = '' }
            @{ What = 'null'; Content = "null`n" }
            @{ What = 'without a connection, behind a byte order mark'; Content = "$([char] 0xFEFF)[]" }
        ) {
            $file = "$root/config/StickyPi/connections.json"
            $before = Get-Content $file -Raw
            Set-Content $file $Content -NoNewline -Encoding utf8
            try {
                { Connect-StickyPi -Name lab } | Should -Throw -ErrorId 'ConnectionNotFound,*'
                Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -Name fresh
                (Get-Content $file -Raw | ConvertFrom-Json).name | Should -Be 'fresh'
            }
            finally {
                Set-Content $file $before -NoNewline
            }
        }

        It 'writes nothing with -WhatIf' {
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -Name what -WhatIf
            (Get-StickyPiConnection).User | Should -Be 'ada'
            { Connect-StickyPi -Name what } | Should -Throw -ErrorId 'ConnectionNotFound,*'
            Get-ChildItem "$root/data/StickyPi/tokens" -File -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'says <ErrorId> of <What>' -ForEach @(
            @{ What = 'a wrong password'; Connect = { Connect-StickyPi -Uri $address -Credential (New-LogIn ada $wrong) }; ErrorId = 'CredentialRefused' }
            @{ What = 'a user that is not known'; Connect = { Connect-StickyPi -Uri $address -Credential (New-LogIn nobody) }; ErrorId = 'CredentialRefused' }
            @{ What = 'a name alone, where nobody can be asked'; Connect = { Connect-StickyPi -Uri $address -Credential wanda }; ErrorId = 'CredentialMissing' }
            @{ What = 'a port where nothing listens'; Connect = { Connect-StickyPi -Uri http://127.0.0.1:1/ -Credential (New-LogIn ada) }; ErrorId = 'ServerUnreachable' }
            @{ What = 'an address that is none'; Connect = { Connect-StickyPi -Uri stickypi.example.org -Credential (New-LogIn ada) }; ErrorId = 'InvalidUri' }
            @{ What = 'a lifetime of ticks'; Connect = { Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -CacheLifetime ([timespan]::FromTicks(5)) }; ErrorId = 'InvalidConnectionOptions' }
            @{ What = 'a cache that is none'; Connect = { Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -CacheLifetime 1:0 -NoCache }; ErrorId = 'InvalidConnectionOptions' }
        ) {
            $record = $Connect | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
            $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            Get-StickyPiConnection | Should -BeNullOrEmpty
        }
    }

    Context 'Every command' {
        BeforeAll {
            Disconnect-AllStore
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -NoCache
        }

        It 'sends pictures, once' {
            Send-StickyImage "$root/card" -Recurse -WhatIf | Should -BeNullOrEmpty
            Get-StickyImageSeries -WarningAction Ignore | Should -BeNullOrEmpty
            (Send-StickyImage "$root/card" -Recurse).Status | Select-Object -Unique | Should -Be 'Added'
            (Send-StickyImage "$root/card" -Recurse).Status | Select-Object -Unique | Should -Be 'Skipped'
            $null = Clear-StickyCache
            (Send-StickyImage "$root/card" -Recurse).Status | Select-Object -Unique | Should -Be 'Skipped'
            Send-StickyImage (Write-Picture "$root/other" -Variant 3) -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ImageConflict,*'
        }

        It 'streams a series, which Select-Object stops' {
            @(Get-StickyImageSeries | Select-Object -First 2).FileName | Should -Be '0a5bb6f4.2021-06-01_19-40-00.jpg', '0a5bb6f4.2021-06-01_20-00-00.jpg'
            $images = @(Get-StickyImageSeries)
            $images.Count | Should -Be 6
            $images[0].DateTime.Kind | Should -Be 'Utc'
            $images[0].ApiUser | Should -Be 'ada'
            (Get-StickyDevice).Device | Should -Be '0a5bb6f4', '5c173ff2'
            ($images[1] | Get-StickyImage).FileName | Should -Be $images[1].FileName
        }

        It 'saves pictures, as they were sent' {
            $files = @(Get-StickyImageSeries 5c* | Save-StickyImage -Destination "$root/saved")
            $files.Count | Should -Be 3
            foreach ($file in $files) {
                Get-Md5 $file.FullName | Should -Be (Get-Md5 "$root/card/5c173ff2/$($file.Name)")
            }
        }

        It 'gives URLs that need no log-in' {
            $image = Get-StickyImageSeries -What Image | Select-Object -First 1
            Invoke-WebRequest $image.Url -OutFile "$root/by-url.jpg"
            Get-Md5 "$root/by-url.jpg" | Should -Be $image.Md5
        }

        It 'keeps annotations' {
            Get-StickyImageSeries 5c* | New-Element | Add-StickyAnnotation
            $read = @(Get-StickyImageSeries | Get-StickyAnnotation -What Data)
            $read.Count | Should -Be 3
            $read[0].Objects[0].Name | Should -Be 'insect'
            @(Get-StickyAnnotatedImage).Count | Should -Be 6
            $read[0] | Remove-StickyAnnotation -Confirm:$false
            @(Get-StickyAnnotation).Count | Should -Be 2
        }

        It 'keeps tuboids and labels' {
            (Send-StickyTuboid "$(Write-TuboidSeries "$root/found" -Count 2)/*" sim).Status | Select-Object -Unique | Should -Be 'Added'
            Get-StickyTuboid | Add-StickyLabel -AlgoName itc -AlgoVersion 1 -Label 7 -Pattern '.*' -Type Insecta
            (Get-StickyTuboid -IncludeLabel).LabelType | Should -Be 'Insecta', 'Insecta'
            @(Get-StickyLabel).Count | Should -Be 2
            $saved = Get-StickyTuboid -Destination "$root/tuboids" | Select-Object -First 1
            Get-Md5 $saved.TuboidUrl | Should -Be (Get-Md5 "$root/found/5c173ff2.2021-06-01_00-00-00.2021-06-01_19-00-00.1606980656-91e2199f/$($saved.TuboidId)/tuboid.jpg")
        }

        It 'keeps users' {
            (New-StickyUser bob $password).UserName | Should -Be 'bob'
            Test-StickyUser bob $password | Should -BeTrue
            Test-StickyUser bob $wrong | Should -BeFalse
            Set-StickyUser bob -ReadOnly
            (Get-StickyUser bob).CanWrite | Should -BeFalse
            Remove-StickyUser bob -Confirm:$false
            @(Get-StickyUser).UserName | Should -Not -Contain 'bob'
        }

        It 'keeps bundles and other files' {
            $null = New-Item -ItemType Directory "$root/uid/data"
            Set-Content "$root/uid/data/1.jpg" 'picture'
            (Sync-StickyMlBundle uid "$root/uid" -Direction Push).Synced.Count | Should -Be 1
            (Get-StickyMlBundle).Name | Should -Be 'uid'
            $null = Sync-StickyMlBundle uid "$root/uid-back" -Direction Pull
            Get-Content "$root/uid-back/data/1.jpg" | Should -Be 'picture'
            (Get-StickyStorageItem ml).Key | Should -Be 'ml/uid/data/1.jpg'
            $null = Receive-StickyStorageItem ml -Destination "$root/received"
            Get-Content "$root/received/ml/uid/data/1.jpg" | Should -Be 'picture'
            Remove-StickyMlBundle uid -Confirm:$false
            Get-StickyMlBundle | Should -BeNullOrEmpty
        }

        It 'keeps properties' {
            Set-StickyProperty 5c173ff2 -Name site -Value @{ name = 'orchard'; rows = 3.0; none = $null }
            (Update-StickyProperty 5c173ff2 -Value @{ site = @{ rows = 4 } } -PassThru).ToJson() | Should -Match '"rows":4\b'
            $read = Get-StickyProperty 5c173ff2
            $read.ApiUser | Should -Be 'ada'
            $read.Properties.site.name | Should -Be 'orchard'
            (Get-StickyProperty -Kind Device).Id | Should -Be '5c173ff2'
            @(Get-StickyImageSeries 0a* | Get-StickyProperty)[0].Properties.battery | Should -Be 87
            Remove-StickyProperty 5c173ff2 -Confirm:$false
            Get-StickyProperty -Kind Device | Should -BeNullOrEmpty
        }

        It 'saves the catalog' {
            Save-StickyCatalog "$root/catalog"
            $offline = Connect-StickyPi "$root/catalog" -PassThru -WarningAction SilentlyContinue -WarningVariable warnings
            $warnings | Should -BeLike '*holds a saved catalog*'
            @(Get-StickyImageSeries -Connection $offline).Count | Should -Be 6
            Get-StickyUser -Connection $offline | Should -BeNullOrEmpty
            Disconnect-StickyPi $offline
        }

        It 'removes what it is told to' {
            Get-StickyTuboid | Remove-StickyTuboidSeries -Confirm:$false
            Get-StickyTuboid -WarningAction Ignore | Should -BeNullOrEmpty
            Remove-StickyImage 0a5bb6f4 $CardStart -Confirm:$false
            @(Get-StickyImageSeries).Count | Should -Be 5
            (Send-StickyImage "$root/card" -Recurse).Status | Group-Object | Sort-Object Name | ForEach-Object Count | Should -Be 1, 5
        }

        It 'changes nothing with -WhatIf: <_>' -ForEach @(
            'Remove-StickyImage 5c173ff2 $CardStart'
            'Get-StickyImageSeries | Remove-StickyImage'
            'Get-StickyUser | Remove-StickyUser -Force'
            'Get-StickyImageSeries | Set-StickyProperty -Name a -Value 1'
            'New-StickyUser eve $password'
            'Invoke-StickyApi /v1/properties/device/5c173ff2 -Method PUT -Body @{ a = 1 }'
            'Invoke-StickyApi -Name DeleteImage -Parameter @{ device = "5c173ff2"; dateTime = $CardStart }'
        ) {
            $before = Get-TreeState "$root/store/raw_images"
            $count = @(Get-StickyUser).Count
            & ([scriptblock]::Create("$_ -WhatIf"))
            Get-TreeState "$root/store/raw_images" | Should -Be $before
            @(Get-StickyImageSeries).Count | Should -Be 6
            @(Get-StickyUser).Count | Should -Be $count
            Get-StickyProperty -Kind Device | Should -BeNullOrEmpty
            Get-StickyProperty -Kind Image -Id 5c* | Should -BeNullOrEmpty
        }

        It 'is refused to those who may not, with what the server says' {
            $reader = Connect-StickyPi -Uri $address -Credential (New-LogIn rita) -PassThru
            @(Get-StickyImageSeries -Connection $reader).Count | Should -Be 6
            $record = { Set-StickyProperty 5c173ff2 -Name a -Value 1 -Connection $reader -ErrorAction Stop } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'AccessDenied,*'
            $record.CategoryInfo.Category | Should -Be 'PermissionDenied'
            $record.Exception.Service.Status | Should -Be 403
            $record.Exception.Service.RequestId | Should -Not -BeNullOrEmpty
            "$record" | Should -Match ([regex]::Escape($record.Exception.Service.RequestId))
            Disconnect-StickyPi $reader
        }
    }

    Context 'Invoke-StickyApi' {
        BeforeAll {
            Disconnect-AllStore
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada)
        }

        It 'makes objects of <What>' -ForEach @(
            @{ What = 'an object'; Run = { Invoke-StickyApi /v1 }; Expected = { $_.user.userName | Should -Be 'ada' } }
            @{ What = 'a list, item by item'; Run = { Invoke-StickyApi v1/devices }; Expected = { @($_).device | Should -Be '0a5bb6f4', '5c173ff2' } }
            @{ What = 'pages, all of them'; Run = { Invoke-StickyApi v1/images -Parameter @{ pageSize = 4 } }; Expected = { @($_).Count | Should -Be 6 } }
            @{ What = 'the one page that is asked for'; Run = { Invoke-StickyApi v1/images -Parameter @{ pageSize = 1; cursor = (Invoke-StickyApi 'v1/images?pageSize=4' -Raw | ConvertFrom-Json).next } }; Expected = { $_.fileName | Should -Be '5c173ff2.2021-06-01_20-00-00.jpg' } }
            @{ What = 'a list of texts'; Run = { Invoke-StickyApi -Name ListDeviceNames }; Expected = { @($_) | Should -Be '0a5bb6f4', '5c173ff2' } }
            @{ What = 'times'; Run = { Invoke-StickyApi -Name GetImage -Parameter @{ device = '5c173ff2'; dateTime = $CardStart } }; Expected = { $_.dateTime | Should -Be $CardStart } }
            @{ What = 'the headers of HEAD'; Run = { Invoke-StickyApi v1/images/5c173ff2/2021-06-01_19-40-00/image -Method HEAD }; Expected = { $_.'Content-Type' | Should -Be 'image/jpeg' } }
        ) {
            $answer = & $Run
            $answer | Should -Not -BeNullOrEmpty
            ForEach-Object -InputObject $answer $Expected
        }

        It 'stops when Select-Object has enough' {
            @(Invoke-StickyApi v1/images | Select-Object -First 2).Count | Should -Be 2
            @(Invoke-StickyApi v1/images).Count | Should -Be 6
        }

        It 'sends <What>' -ForEach @(
            @{ What = 'hashtables'; Body = @{ a = 1; b = @{ c = $null } } }
            @{ What = 'objects'; Body = [pscustomobject] @{ a = 1; b = [pscustomobject] @{ c = $null } } }
            @{ What = 'text'; Body = '{"a":1,"b":{"c":null}}' }
            @{ What = 'bytes'; Body = [Text.Encoding]::UTF8.GetBytes('{"a":1,"b":{"c":null}}'); ContentType = 'application/json' }
        ) {
            $more = if ($ContentType) { @{ ContentType = $ContentType } } else { @{} }
            $null = Invoke-StickyApi -Name SetProperties -Parameter @{ kind = 'device'; id = '5c173ff2' } -Body $Body @more
            (Get-StickyProperty 5c173ff2).Properties.a | Should -Be 1
            Invoke-StickyApi v1/properties/device/5c173ff2 -Method DELETE | Out-Null
            (Get-StickyProperty 5c173ff2).ToJson() | Should -Be '{}'
        }

        It 'sends and saves files' {
            $picture = Write-Picture "$root/api [x]" -Device eeeeeeee
            $answer = Invoke-StickyApi -Name SendImage -Parameter @{ device = 'eeeeeeee'; dateTime = $CardStart } -InFile $picture
            $answer.status | Should -Be 'Added'
            $file = Invoke-StickyApi "v1/images/eeeeeeee/2021-06-01_19-40-00/image" -OutFile "$root/api [x]/back.jpg"
            Get-Md5 $file.FullName | Should -Be (Get-Md5 $picture)
            { Invoke-StickyApi v1 -OutFile $file.FullName } | Should -Throw -ErrorId 'FileExists,*'
            (Invoke-StickyApi "v1/images/eeeeeeee/2021-06-01_19-40-00/image" -Raw).Length | Should -Be (Get-Item -LiteralPath $picture).Length
            (Invoke-StickyApi v1 -Raw) | Should -BeLike '{*"name":"StickyPi"*}'
            Invoke-StickyApi v1/images/eeeeeeee/2021-06-01_19-40-00 -Method DELETE | Out-Null
            Get-ChildItem -LiteralPath "$root/api [x]" -Filter *.partial | Should -BeNullOrEmpty
        }

        It 'shows with -WhatIf the address that would be asked for <Path>' -ForEach @(
            @{ Path = '/v1/images/x?token=a'; Shown = 'v1/images/x' }
            @{ Path = '//v1/images/x'; Shown = 'v1/images/x' }
            @{ Path = '<address>v1/images/x'; Shown = 'v1/images/x' }
        ) {
            $said = Invoke-Transcribed -Folder $TestDrive "Invoke-StickyApi '$($Path.Replace('<address>', $address))' -Method DELETE -WhatIf"
            $said -like 'What if:*' | Should -BeExactly "What if: Performing the operation ""DELETE"" on target ""$address$Shown""."
        }

        It 'asks no other server than the one that is connected, and says so with -WhatIf too' {
            { Invoke-StickyApi https://other.example/v1/images/x -Method DELETE -WhatIf } | Should -Throw -ErrorId 'InvalidPath,*'
            { Invoke-StickyApi https://other.example/v1/images/x } | Should -Throw -ErrorId 'InvalidPath,*'
        }

        It 'names a few close endpoints for a wrong one, and then all' {
            $record = { Invoke-StickyApi -Name ListImage } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'EndpointNotFound,*'
            $record.ErrorDetails.RecommendedAction | Should -Match '^The closest are ListImages(, \w+){4}\. Get-StickyApiEndpoint lists all'
            foreach ($endpoint in Get-StickyApiEndpoint) {
                $record.ErrorDetails.RecommendedAction | Should -Match "\b$($endpoint.Name)\b"
            }
        }

        It 'refuses <What> before anything is sent' -ForEach @(
            @{ What = 'a wrong parameter'; Parameter = @{ devise = 'x' }; Says = 'first: device,' }
            @{ What = 'a number that is none'; Parameter = @{ first = 'many' }; Says = 'first \(integer' }
            @{ What = 'a time that is none'; Parameter = @{ startTime = 'soon' }; Says = 'startTime' }
            @{ What = 'two values where one is taken'; Parameter = @{ first = 1, 2 }; Says = 'first \(integer' }
        ) {
            $record = { Invoke-StickyApi -Name ListImages -Parameter $Parameter } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'InvalidParameter,*'
            $record.ErrorDetails.RecommendedAction | Should -Match $Says
        }

        It 'refuses what would be another path: <Device>' -ForEach @(
            @{ Device = '..'; ErrorId = 'InvalidParameter' }
            @{ Device = ''; ErrorId = 'InvalidParameter' }
            @{ Device = '../../users'; ErrorId = '*' }
            @{ Device = 'a/b'; ErrorId = '*' }
        ) {
            { Invoke-StickyApi -Name GetImage -Parameter @{ device = $Device; dateTime = $CardStart } } | Should -Throw -ErrorId "$ErrorId,StickyPi.*"
        }

        It 'completes endpoints, paths and parameters' {
            function Complete([string] $Line) { [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches.CompletionText }
            Complete 'Invoke-StickyApi -Name ListIm' | Should -Be 'ListImages'
            Complete 'Get-StickyApiEndpoint CountI' | Should -Be 'CountImages'
            Complete 'Invoke-StickyApi /v1/devices/n' | Should -Be "'/v1/devices/names'"
            (Complete 'Invoke-StickyApi -Name GetImage -Parameter ')[0] | Should -Be "@{ device = ''; dateTime = ''; }"
        }

        It 'needs a server' {
            $local = Connect-StickyPi "$root/local" -PassThru
            { Invoke-StickyApi v1 } | Should -Throw -ErrorId 'NotRemote,*'
            { Get-StickyApiEndpoint } | Should -Throw -ErrorId 'NotRemote,*'
            Disconnect-StickyPi $local
        }
    }

    Context 'When the server has gone' {
        It 'answers from what is kept, with a warning, until that is cleared' {
            Disconnect-AllStore
            Connect-StickyPi -Uri $address -Credential (New-LogIn ada) -CacheLifetime 0
            $devices = (Get-StickyDevice).Device
            $server.Kill()
            $server.WaitForExit()
            (Get-StickyDevice -WarningVariable warnings -WarningAction SilentlyContinue).Device | Should -Be $devices
            "$warnings" | Should -Not -BeNullOrEmpty
            Clear-StickyCache
            { Get-StickyDevice -ErrorAction Stop } | Should -Throw -ErrorId 'ServerUnreachable,*'

            # Logging out needs nobody's answer.
            Disconnect-StickyPi
            Get-ChildItem "$root/data/StickyPi/tokens" -File | Should -BeNullOrEmpty
        }
    }

    It 'leaves no password behind' {
        Set-Content "$root/errors.txt" ($Error | Format-List * -Force | Out-String -Width 1000)
        (Get-Item "$root/errors.txt").Length | Should -BeGreaterThan 1000
        Find-Secret $root $secret, 'Zq7wrong6Lp' | Should -BeNullOrEmpty
    }
}
