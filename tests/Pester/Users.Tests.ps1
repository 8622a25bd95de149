BeforeDiscovery {
    $script:noSqlite3 = -not (Get-Command sqlite3 -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    . $PSScriptRoot/Common.ps1

    function script:Protect([string] $Text) {
        ConvertTo-SecureString $Text -AsPlainText
    }

    $script:password = Protect 'Xyzzy-6f1a-plugh'
    $script:otherPassword = Protect 'Plover-93b2-hollow'

    # What passlib's sha512_crypt makes of the password beside it.
    $script:pythonPassword = Protect 'Tr0ub4dor&3-distinct'
    $script:pythonHash = '$6$rounds=656000$8Jz0eS2QpWbLr1Xk$7qCJsZnIpyq5DaBpkszzl/QwKWIundKrZHNlCTznHhgAIU1OQ5GhreQEwe7g3ktSair0QPFTuoFp9MZUv5KHr.'

    # Hashing is slow on purpose: users are made once, and every test that changes them gets a copy of the store.
    Disconnect-AllStore
    $script:template = Join-Path $TestDrive 'template'
    Connect-StickyPi $template
    $null = New-StickyUser boss $password -Email boss@lab.org -Admin
    $null = New-StickyUser ada $password -Email ada@lab.org
    $null = New-StickyUser bob $password -ReadOnly
    Disconnect-StickyPi

    function script:Open-Copy {
        Disconnect-AllStore
        $script:store = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Copy-Item -LiteralPath $template $store -Recurse
        Connect-StickyPi $store
    }

    function script:Invoke-Sqlite3([string] $Sql) {
        & (Get-Command sqlite3 -CommandType Application -TotalCount 1).Source (Join-Path $store 'database.db') $Sql
    }

    function script:Write-Row([string] $Text) {
        $path = Join-Path $TestDrive "$([guid]::NewGuid().ToString('N')).csv"
        Set-Content -LiteralPath $path $Text
        $path
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'New-StickyUser' {
    BeforeAll {
        Open-Copy
    }

    It 'given a credential, adds a user who may write but not manage, and returns that user' {
        $before = [datetime]::UtcNow
        $user = New-StickyUser -Credential ([pscredential]::new('carol', $password))
        $user | Should -BeOfType ((Get-Command New-StickyUser).OutputType[0].Name)
        $user.UserName, $user.IsAdmin, $user.CanWrite | Should -Be 'carol', $false, $true
        $user.Email | Should -BeNullOrEmpty
        $user.CreatedAt.Kind | Should -Be 'Utc'
        $user.CreatedAt | Should -BeGreaterOrEqual $before
        $user.CreatedAt | Should -BeLessOrEqual ([datetime]::UtcNow)
        Get-StickyUser carol | Should -Be $user
        Test-StickyUser carol $password | Should -BeTrue
    }

    It 'given a credential by position, takes it as one' {
        (New-StickyUser ([pscredential]::new('dan', $password))).UserName | Should -Be 'dan'
        Test-StickyUser ([pscredential]::new('dan', $password)) | Should -BeTrue
    }

    It 'given a name and a SecureString, adds what the switches say' {
        $user = New-StickyUser -UserName 'Eve Löv' -Password $otherPassword -Email Eve@lab.org -Admin -ReadOnly
        $user.UserName, $user.Email, $user.IsAdmin, $user.CanWrite | Should -BeExactly 'Eve Löv', 'Eve@lab.org', $true, $false
        Test-StickyUser 'Eve Löv' $otherPassword | Should -BeTrue
    }

    It 'given a name that is a number, wants it in quotes, since zeros may be lost' {
        (New-StickyUser '007' $password).UserName | Should -BeExactly '007'
        Test-StickyUser '007' $password | Should -BeTrue
        foreach ($script in { New-StickyUser -UserName 008 -Password $password }, { Remove-StickyUser 007 -Confirm:$false }, { Get-StickyUser 007 }) {
            $script | Should -Throw '*Write it in quotes*' -ErrorId 'ParameterArgumentTransformationError,*'
        }

        Remove-StickyUser '007' -Confirm:$false
        Get-StickyUser '007' | Should -BeNullOrEmpty
    }

    It 'given the rows of a CSV file, adds them' {
        $rows = Write-Row @'
UserName,Password,Email,Admin,ReadOnly
frank,"one, ""two""",frank@lab.org,true,
grace,three,,,yes
'@
        $users = Import-Csv $rows | New-StickyUser
        $users.UserName | Should -Be 'frank', 'grace'
        $users.Email | Should -Be 'frank@lab.org', $null
        $users.IsAdmin | Should -Be $true, $false
        $users.CanWrite | Should -Be $true, $false
        Import-Csv $rows | Test-StickyUser | Should -Be $true, $true
        Test-StickyUser frank (Protect 'one, "two"') | Should -BeTrue
    }

    It 'given bad rows among good ones, says what is wrong with each and adds the others' {
        $rows = Write-Row @'
UserName,Password,Email,Admin,ReadOnly
heidi,one,,,
a:b,two,,,
BOSS,three,,,
ivan,four,no address,,
ivan,five,BOSS@lab.org,,
ivan,six,,perhaps,
ivan,seven,,,perhaps
ivan,,,,
,eight,,,
judy,nine,,,
'@
        $users = Import-Csv $rows | New-StickyUser -ErrorVariable problems -ErrorAction SilentlyContinue
        $users.UserName | Should -Be 'heidi', 'judy'
        $problems.FullyQualifiedErrorId | Should -Be @(
            'InvalidUserName', 'UserExists', 'InvalidEmail', 'UserExists', 'InvalidSwitch', 'InvalidSwitch', 'InvalidPassword', 'InvalidUserName'
        ).ForEach{ "$_,StickyPi.PowerShell.Users.NewStickyUserCommand" }
        $problems.TargetObject | Should -Be 'a:b', 'BOSS', 'ivan', 'ivan', 'ivan', 'ivan', 'ivan', ''
        $problems.CategoryInfo.Category | Should -Be (
            'InvalidData', 'ResourceExists', 'InvalidData', 'ResourceExists', 'InvalidData', 'InvalidData', 'InvalidData', 'InvalidData')
        $problems.ErrorDetails.RecommendedAction | Should -Not -Contain ''
        Get-StickyUser ivan | Should -BeNullOrEmpty
    }

    It 'given parameters beside the pipeline, takes them for everybody' {
        $users = [pscredential]::new('kim', $otherPassword), @{ UserName = 'lea'; Admin = $false; Email = 'lea@lab.org' } |
            New-StickyUser -Password $password -Admin -Email ''
        $users.UserName | Should -Be 'kim', 'lea'
        $users.IsAdmin | Should -Be $true, $true
        $users.Email | Should -Be $null, $null
        'kim', 'lea' | Test-StickyUser -Password $password | Should -Be $true, $true
    }

    It 'given no rows, adds nobody' {
        $before = @(Get-StickyUser).Count
        Import-Csv (Write-Row 'UserName,Password') | New-StickyUser | Should -BeNullOrEmpty
        @(Get-StickyUser).Count | Should -Be $before
    }

    It 'refuses <What> of somebody else, in whatever case' -ForEach @(
        @{ What = 'the name'; Arguments = @{ UserName = 'ADA' } }
        @{ What = 'the e-mail address'; Arguments = @{ UserName = 'mia'; Email = 'Ada@Lab.org' } }
    ) {
        $record = { New-StickyUser -Password $password @Arguments -ErrorAction Stop } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'UserExists,*'
        $record.CategoryInfo.Category | Should -Be 'ResourceExists'
        $record.Exception.Message | Should -BeLike "*'ada'*"
        (Get-StickyUser ada, mia).UserName | Should -BeExactly 'ada'
    }

    It 'takes a name of 32 characters, each of which may take two places' {
        $name = [char]::ConvertFromUtf32(0x1F41D) * 32
        (New-StickyUser $name $password).UserName | Should -BeExactly $name
        Test-StickyUser $name $password | Should -BeTrue
    }

    It 'refuses a name that <Why>' -ForEach @(
        @{ Why = 'has 33 characters'; Name = 'n' * 33 }
        @{ Why = 'has a colon'; Name = 'a:b' }
        @{ Why = 'begins with a blank'; Name = ' ada2' }
        @{ Why = 'ends with a blank'; Name = 'ada2 ' }
        @{ Why = 'has a line feed'; Name = "ada`n2" }
        @{ Why = 'would colour the screen'; Name = "$([char] 27)[31mada" }
        @{ Why = 'looks like another one'; Name = "ada$([char] 0x200B)" }
    ) {
        $before = @(Get-StickyUser).Count
        $record = { New-StickyUser $Name $password -ErrorAction Stop } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'InvalidUserName,*'
        $record.TargetObject | Should -BeExactly $Name
        $record.Exception.Message | Should -Not -Match '[\x00-\x1f\u200b]'
        @(Get-StickyUser).Count | Should -Be $before
    }

    It 'refuses <Email> as an e-mail address' -ForEach @{ Email = 'nobody' }, @{ Email = 'Nina <nina@lab.org>' }, @{ Email = "$('n' * 57)@lab.org" } {
        { New-StickyUser nina $password -Email $Email -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidEmail,*'
        Get-StickyUser nina | Should -BeNullOrEmpty
    }

    It 'takes an e-mail address of 64 characters' {
        (New-StickyUser olga $password -Email "$('o' * 56)@lab.org").Email.Length | Should -Be 64
    }

    It 'refuses an empty password' {
        { New-StickyUser nina ([securestring]::new()) -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidPassword,*'
        { New-StickyUser ([pscredential]::new('nina', [securestring]::new())) -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidPassword,*'
        Get-StickyUser nina | Should -BeNullOrEmpty
    }

    It 'adds nobody whom the user does not confirm' {
        # A session without a user to ask can't be answered; that it fails shows that it asked.
        $run = Invoke-InSession 'param($Password) New-StickyUser nina $Password -Confirm' @{ Password = $password }
        @($run.Errors) + @($run.Failure) | Should -Not -BeNullOrEmpty
        Get-StickyUser nina | Should -BeNullOrEmpty
    }
}

Describe '-Password' {
    BeforeAll {
        Open-Copy
    }

    It 'of <Command> does not take plain text, and does not repeat it' -ForEach @(
        @{ Command = 'New-StickyUser'; Name = 'pat' }
        @{ Command = 'Set-StickyUser'; Name = 'ada' }
        @{ Command = 'Test-StickyUser'; Name = 'ada' }
    ) {
        foreach ($plain in 'Xyzzy-6f1a-plugh', 123456, @('Xyzzy-6f1a-plugh', '123456')) {
            $record = { & $Command $Name -Password $plain } | Should -Throw -PassThru
            $record.FullyQualifiedErrorId | Should -BeLike 'PlainTextPassword,*'
            $record.CategoryInfo.Category | Should -Be 'InvalidData'
            $record.TargetObject | Should -BeNullOrEmpty
            $record.ErrorDetails.RecommendedAction | Should -Match 'Read-Host -AsSecureString'
            $record | Format-List * -Force | Out-String -Width 500 | Should -Not -Match 'Xyzzy|123456'
        }

        Get-StickyUser pat | Should -BeNullOrEmpty
        Test-StickyUser ada $password | Should -BeTrue
    }

    It 'of New-StickyUser is asked for where it is missing, not taken as empty' {
        $run = Invoke-InSession 'New-StickyUser pat'
        $run.Errors.FullyQualifiedErrorId | Should -BeLike 'MissingMandatoryParameter,*'
    }
}

Describe 'Get-StickyUser' {
    BeforeAll {
        Open-Copy
        $null = 'Abe', 'b_b', 'b%b', "o'; DROP TABLE users; --", 'star*', 'x[y]' |
            ForEach-Object { [pscustomobject] @{ UserName = $_ } } |
            New-StickyUser -Password $password
        Set-StickyUser Abe -Email abe@home.org
        $script:everybody = 'Abe', 'ada', 'b_b', 'b%b', 'bob', 'boss', "o'; DROP TABLE users; --", 'star*', 'x[y]'
    }

    It 'lists everybody, in the order of the names' {
        $names = (Get-StickyUser).UserName
        $names | Should -HaveCount $everybody.Count
        $names | Sort-Object | Should -BeExactly ($everybody | Sort-Object)
        $names[0, 1] | Should -BeExactly 'Abe', 'ada'
        $names[-2, -1] | Should -BeExactly 'star*', 'x[y]'
    }

    It 'given <Name>, lists <Expected>' -ForEach @(
        @{ Name = 'a*'; Expected = 'Abe', 'ada' }
        @{ Name = 'A?A'; Expected = 'ada' }
        @{ Name = 'ADA'; Expected = 'ada' }
        @{ Name = 'b?b'; Expected = 'b_b', 'b%b', 'bob' }
        @{ Name = 'b_b'; Expected = 'b_b' }
        @{ Name = 'b%b'; Expected = 'b%b' }
        @{ Name = '%'; Expected = @() }
        @{ Name = 'star`*'; Expected = 'star*' }
        @{ Name = '`*'; Expected = @() }
        @{ Name = 'x[y]'; Expected = 'x[y]' }
        @{ Name = "o'; DROP TABLE users; --"; Expected = "o'; DROP TABLE users; --" }
        @{ Name = "' OR 1=1 --"; Expected = @() }
        @{ Name = 'nobody'; Expected = @() }
        @{ Name = ''; Expected = @() }
    ) {
        @(Get-StickyUser $Name).UserName | Sort-Object | Should -BeExactly ($Expected | Sort-Object)
        @(Get-StickyUser).Count | Should -Be $everybody.Count
    }

    It 'given several names, lists everybody whom any of them fits, once' {
        (Get-StickyUser bo*, b?b, nobody).UserName | Sort-Object | Should -Be ('b_b', 'b%b', 'bob', 'boss' | Sort-Object)
    }

    It 'given an e-mail address, lists those whose names and addresses both fit' {
        (Get-StickyUser a* -Email *@lab.org).UserName | Should -Be 'ada'
        (Get-StickyUser a* *@LAB.org).UserName | Should -Be 'ada'
        (Get-StickyUser -Email *@lab.org, abe@*).UserName | Should -Be 'Abe', 'ada', 'boss'
        Get-StickyUser bob -Email * | Should -BeNullOrEmpty
        Get-StickyUser -Email %@lab.org | Should -BeNullOrEmpty
    }

    It 'takes <How>' -ForEach @(
        @{ How = 'names'; Run = { 'ada', 'bob' | Get-StickyUser } }
        @{ How = 'users'; Run = { Get-StickyUser ada, bob | Get-StickyUser } }
        @{ How = 'objects with a UserName'; Run = { [pscustomobject] @{ UserName = 'ada' }, [pscustomobject] @{ UserName = 'bob' } | Get-StickyUser } }
        @{ How = 'hashtables with a Name'; Run = { @{ Name = 'ada' }, @{ name = 'bob' } | Get-StickyUser } }
        @{ How = 'the parameter -Name'; Run = { Get-StickyUser -Name ada, bob } }
    ) {
        (& $Run).UserName | Should -Be 'ada', 'bob'
    }

    It 'given nothing by name, lists nobody' {
        @() | Get-StickyUser | Should -BeNullOrEmpty
        Get-StickyUser @() | Should -BeNullOrEmpty
        [pscustomobject] @{ Nom = 'ada' } | Get-StickyUser | Should -BeNullOrEmpty
        { Get-StickyUser $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { Get-StickyUser -Email @() } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'has nothing of the password' {
        (Get-StickyUser ada).psobject.Properties.Name |
            Should -Be 'Id', 'UserName', 'Email', 'IsAdmin', 'CanWrite', 'CreatedAt', 'ApiVersion', 'ApiUser'
    }

    It 'shows a table that fits 80 columns, however long name and address are' {
        $null = New-StickyUser ('n' * 32) $password -Email "$('e' * 56)@lab.org"
        $lines = (Get-StickyUser | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n' | Where-Object { $_ }
        Remove-StickyUser ('n' * 32) -Confirm:$false
        $lines[0] | Should -Match '^UserName\s+Admin\s+Writes\s+Created \(UTC\)\s+Email'
        $lines | Should -HaveCount ($everybody.Count + 3)
        $lines | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $lines -match '^boss\s+True\s+True\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s+boss@lab\.org$' | Should -HaveCount 1
        $lines -match '\$' | Should -BeNullOrEmpty
    }

    It 'works on the store of -Connection' {
        $other = Connect-StickyPi (Join-Path $TestDrive 'other') -PassThru
        try {
            Get-StickyUser | Should -BeNullOrEmpty
            $null = New-StickyUser quinn $password -Connection $other
            Set-StickyUser quinn -ReadOnly -Connection $other
            (Get-StickyUser -Connection $other).CanWrite | Should -BeFalse
            Test-StickyUser quinn $password -Connection $other | Should -BeTrue
            $first = Get-StickyPiConnection | Where-Object { -not $_.IsDefault }
            @(Get-StickyUser -Connection $first).Count | Should -Be $everybody.Count
            Test-StickyUser quinn $password -Connection $first | Should -BeFalse
            Remove-StickyUser quinn -Confirm:$false -Connection $other
            Get-StickyUser -Connection $other | Should -BeNullOrEmpty
        }
        finally {
            Disconnect-StickyPi $other
        }
    }

    Context 'Completion of -UserName' {
        BeforeAll {
            function script:Get-Completion([string] $Line) {
                @((TabExpansion2 $Line $Line.Length).CompletionMatches | Where-Object ResultType -EQ ParameterValue)
            }
        }

        It 'works on <_>' -ForEach 'Get-StickyUser', 'Set-StickyUser', 'Remove-StickyUser', 'Test-StickyUser' {
            (Get-Completion "$_ -UserName A").ListItemText | Should -BeExactly 'Abe', 'ada'
            (Get-Completion "$_ bos").CompletionText | Should -BeExactly 'boss'
        }

        It 'offers text that means the name when it is run: <_>' -ForEach "o'; DROP TABLE users; --", 'b%b', 'x[y]', 'star*' {
            $text = (Get-Completion "Remove-StickyUser $($_[0, 1] -join '')" | Where-Object ListItemText -EQ $_).CompletionText
            $text | Should -HaveCount 1
            $told = Invoke-InSession "Set-StickyUser $text -ReadOnly -PassThru"
            $told.Output.UserName | Should -BeExactly $_
        }

        It 'has nothing to offer for a new name' {
            Get-Completion 'New-StickyUser a' | Should -BeNullOrEmpty
        }
    }
}

Describe 'Set-StickyUser' {
    BeforeEach {
        Open-Copy
        $script:before = Get-StickyUser ada
    }

    It 'changes <What> and nothing else, and returns nothing' -ForEach @(
        @{ What = 'the e-mail address'; Arguments = @{ Email = 'countess@home.org' }; Property = 'Email'; Value = 'countess@home.org' }
        @{ What = 'the e-mail address to none'; Arguments = @{ Email = '' }; Property = 'Email'; Value = $null }
        @{ What = 'the right to manage'; Arguments = @{ Admin = $true }; Property = 'IsAdmin'; Value = $true }
        @{ What = 'the right to write'; Arguments = @{ ReadOnly = $true }; Property = 'CanWrite'; Value = $false }
    ) {
        Set-StickyUser ADA @Arguments | Should -BeNullOrEmpty
        $after = Get-StickyUser ada
        $after.$Property | Should -Be $Value
        foreach ($name in $before.psobject.Properties.Name -ne $Property) {
            $after.$name | Should -Be $before.$name -Because $name
        }

        Test-StickyUser ada $password | Should -BeTrue
        Get-StickyUser bo* | Should -Be @(Get-StickyUser bob, boss)
    }

    It 'changes the password, given <How>' -ForEach @(
        @{ How = 'a SecureString'; Run = { Set-StickyUser ada -Password $otherPassword } }
        @{ How = 'a credential'; Run = { Set-StickyUser -Credential ([pscredential]::new('ada', $otherPassword)) } }
    ) {
        & $Run | Should -BeNullOrEmpty
        Get-StickyUser ada | Should -Be $before
        Test-StickyUser ada $otherPassword | Should -BeTrue
        Test-StickyUser ada $password | Should -BeFalse
        Test-StickyUser bob $password | Should -BeTrue
    }

    It 'given a switch as $false, takes the right away or gives it back' {
        Set-StickyUser ada -Admin
        Set-StickyUser ada -Admin:$false
        (Get-StickyUser ada).IsAdmin | Should -BeFalse
        Set-StickyUser bob -ReadOnly:$false
        (Get-StickyUser bob).CanWrite | Should -BeTrue
    }

    It 'given users, takes nothing but their names from them' {
        $rows = Write-Row @'
UserName,Password,Email,Admin,IsAdmin,ReadOnly,Force
ada,hollow,evil@lab.org,true,true,false,true
bob,hollow,evil2@lab.org,true,true,false,true
'@
        Import-Csv $rows | Set-StickyUser -ReadOnly
        $after = Get-StickyUser ada, bob
        $after.Email | Should -Be 'ada@lab.org', $null
        $after.IsAdmin | Should -Be $false, $false
        $after.CanWrite | Should -Be $false, $false
        'ada', 'bob' | Test-StickyUser -Password $password | Should -Be $true, $true

        # An old object must not bring back what has been changed since.
        $before | Set-StickyUser -Email new@lab.org -PassThru | ForEach-Object { $_.Email, $_.CanWrite } | Should -Be 'new@lab.org', $false
    }

    It 'returns what the users are then with -PassThru' {
        $after = Get-StickyUser | Set-StickyUser -ReadOnly -PassThru
        $after.UserName | Should -Be 'ada', 'bob', 'boss'
        $after.CanWrite | Should -Be $false, $false, $false
        Get-StickyUser | Should -Be $after
    }

    It 'given nothing to change, says NothingToChange, also for users that have properties' {
        $record = { Get-StickyUser | Set-StickyUser -Force } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'NothingToChange,*'
        $record.ErrorDetails.RecommendedAction | Should -Match '-Email'
        Get-StickyUser ada | Should -Be $before
    }

    It 'given somebody unknown, says UserNotFound and goes on' {
        Set-StickyUser nobody, a*, ada -ReadOnly -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -Be (@('UserNotFound,StickyPi.PowerShell.Users.SetStickyUserCommand') * 2)
        $problems.TargetObject | Should -Be 'nobody', 'a*'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        (Get-StickyUser ada).CanWrite | Should -BeFalse
    }

    It 'refuses the e-mail address of somebody else, but not one''s own in another case' {
        { Set-StickyUser ada -Email BOSS@lab.org -ErrorAction Stop } | Should -Throw -ErrorId 'UserExists,*'
        { Set-StickyUser ada -Email nonsense -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidEmail,*'
        Get-StickyUser ada | Should -Be $before
        (Set-StickyUser ada -Email Ada@Lab.org -PassThru).Email | Should -BeExactly 'Ada@Lab.org'
    }

    It 'refuses an empty password' {
        { Set-StickyUser ada -Password ([securestring]::new()) -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidPassword,*'
        Test-StickyUser ada $password | Should -BeTrue
    }

    It 'keeps the last administrator, unless forced' {
        $record = { Set-StickyUser boss -Admin:$false -ErrorAction Stop } | Should -Throw -PassThru
        $record.FullyQualifiedErrorId | Should -BeLike 'LastAdministrator,*'
        $record.CategoryInfo.Category | Should -Be 'InvalidOperation'
        $record.TargetObject | Should -Be 'boss'
        (Get-StickyUser boss).IsAdmin | Should -BeTrue

        Set-StickyUser ada -Admin
        Set-StickyUser boss -Admin:$false
        (Get-StickyUser boss).IsAdmin | Should -BeFalse
        Set-StickyUser ada -Admin:$false -Force
        (Get-StickyUser).IsAdmin | Should -Not -Contain $true
    }

    It 'given nobody, changes nobody' {
        $all = Get-StickyUser
        @() | Set-StickyUser -Admin
        { Set-StickyUser @() -Admin } | Should -Throw
        [pscustomobject] @{ Nom = 'ada' } | Set-StickyUser -Admin -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'InvalidUserName,*'
        Get-StickyUser | Should -Be $all
    }
}

Describe 'Remove-StickyUser' {
    BeforeEach {
        Open-Copy
    }

    It 'removes whom it is told, in whatever case, and returns nothing' {
        Remove-StickyUser ADA -Confirm:$false | Should -BeNullOrEmpty
        (Get-StickyUser).UserName | Should -Be 'bob', 'boss'
        Test-StickyUser ada $password | Should -BeFalse
    }

    It 'takes users from the pipeline' {
        Get-StickyUser -Email ada@* | Remove-StickyUser -Confirm:$false
        (Get-StickyUser).UserName | Should -Be 'bob', 'boss'
    }

    It 'does not take wildcards' {
        Remove-StickyUser *, a?a, bob -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -Be (@('UserNotFound,StickyPi.PowerShell.Users.RemoveStickyUserCommand') * 2)
        (Get-StickyUser).UserName | Should -Be 'ada', 'boss'
    }

    It 'given nobody, removes nobody' {
        @() | Remove-StickyUser -Confirm:$false
        Get-StickyUser nobody | Remove-StickyUser -Confirm:$false
        Get-StickyUser @() | Remove-StickyUser -Confirm:$false
        { Remove-StickyUser @() -Confirm:$false } | Should -Throw
        @{ Nom = 'ada' }, '' | Remove-StickyUser -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be 'InvalidUserName', 'InvalidUserName'
        @(Get-StickyUser).Count | Should -Be 3
    }

    It 'keeps the last administrator, unless forced' {
        Get-StickyUser | Remove-StickyUser -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -Be 'LastAdministrator,StickyPi.PowerShell.Users.RemoveStickyUserCommand'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match '-Force'
        (Get-StickyUser).UserName | Should -Be 'boss'
        Remove-StickyUser boss -Force -Confirm:$false
        Get-StickyUser | Should -BeNullOrEmpty
    }

    It 'asks before it removes, also with -Force' {
        $run = Invoke-InSession 'Get-StickyUser | Remove-StickyUser -Force'
        @($run.Errors) + @($run.Failure) | Should -Not -BeNullOrEmpty
        @(Get-StickyUser).Count | Should -Be 3
    }

    It 'a name that was removed can be given again, without the old password' {
        Remove-StickyUser ada -Confirm:$false
        $null = New-StickyUser ada $otherPassword -Email ada@lab.org
        Test-StickyUser ada $password | Should -BeFalse
        Test-StickyUser ada $otherPassword | Should -BeTrue
    }
}

Describe 'What -WhatIf tells' {
    It 'names each user and what would be done, and does none of it' {
        Open-Copy
        $all = Get-StickyUser
        $rows = Write-Row "UserName,Password`nrita,Velvet-77`na:b,Velvet-78"

        $told = Invoke-Transcribed -Folder $TestDrive @"
Import-Csv '$rows' | New-StickyUser -WhatIf
Get-StickyUser a* | Set-StickyUser -Email '' -Admin -Password (ConvertTo-SecureString Velvet-79 -AsPlainText) -PassThru -WhatIf
Remove-StickyUser ada, bob -WhatIf
"@
        $told = $told -replace '\e\[[\d;]*m'
        @($told -like 'What if:*Add user to store*"rita"*').Count | Should -Be 1
        @($told -like '*user name*a:b*colon*').Count | Should -Be 1
        @($told -like 'What if:*Change password, e-mail address, rights of user*"ada"*').Count | Should -Be 1
        @($told -like 'What if:*Remove user from store*').Count | Should -Be 2
        @($told -like 'What if:*').Count | Should -Be 4
        $told -match 'Velvet' | Should -BeNullOrEmpty
        Get-StickyUser | Should -Be $all
    }
}

Describe 'Test-StickyUser' {
    BeforeAll {
        Open-Copy
    }

    It 'says true of the right password, in whatever case the name is' {
        Test-StickyUser ada $password | Should -BeExactly $true
        Test-StickyUser -UserName ADA -Password $password | Should -BeExactly $true
        Test-StickyUser -Credential ([pscredential]::new('ada', $password)) | Should -BeExactly $true
    }

    It 'says false, and neither why nor an error, of <What>' -ForEach @(
        @{ What = 'a wrong password'; Name = 'ada'; Given = 'Plover' }
        @{ What = 'a password in another case'; Name = 'ada'; Given = 'xyzzy-6F1A-plugh' }
        @{ What = 'an empty password'; Name = 'ada'; Given = '' }
        @{ What = 'a name that nobody has'; Name = 'nobody'; Given = 'Xyzzy-6f1a-plugh' }
        @{ What = 'a pattern'; Name = 'ad*'; Given = 'Xyzzy-6f1a-plugh' }
        @{ What = 'SQL'; Name = "ada' --"; Given = 'Xyzzy-6f1a-plugh' }
    ) {
        $given = if ($Given) { Protect $Given } else { [securestring]::new() }
        $run = Invoke-InSession 'param($Name, $Given) Test-StickyUser $Name $Given -Verbose' @{ Name = $Name; Given = $given }
        $run.Output | Should -BeExactly @($false)
        $run.Failure | Should -BeNullOrEmpty
        $run.Errors | Should -BeNullOrEmpty
        $run.Warnings | Should -BeNullOrEmpty
    }

    It 'says one thing of each object of the pipeline, in order' {
        $rows = Write-Row "UserName,Password`nada,wrong`nada,Xyzzy-6f1a-plugh`n,Xyzzy-6f1a-plugh`nnobody,"
        Import-Csv $rows | Test-StickyUser | Should -BeExactly @($false, $true, $false, $false)
        Get-StickyUser | Test-StickyUser -Password $password | Should -BeExactly @($true, $true, $true)
        @() | Test-StickyUser -Password $password | Should -BeNullOrEmpty
    }

    It 'writes nothing where there is nothing to renew' {
        Disconnect-AllStore
        $state = Get-TreeState $store
        Connect-StickyPi $store
        $null = Test-StickyUser ada $password
        $null = Test-StickyUser ada $otherPassword
        Disconnect-AllStore
        Get-TreeState $store | Should -Be $state
        Connect-StickyPi $store
    }

    It 'knows a user of the Python client, and makes the hash anew once the password is right' -Skip:$noSqlite3 {
        Invoke-Sqlite3 "INSERT INTO users VALUES ('2021-01-01 10:00:00.123456', '0.0.1', 'root', 70, 'sam', 'sam@lab.org', '$pythonHash', 1, 0);"
        $before = Get-StickyUser sam
        $before.ApiUser, $before.IsAdmin, $before.CanWrite | Should -Be 'root', $true, $false

        Test-StickyUser sam $password | Should -BeFalse
        Invoke-Sqlite3 "SELECT password_hash FROM users WHERE id = 70" | Should -BeExactly $pythonHash

        Test-StickyUser sam $pythonPassword | Should -BeTrue
        Invoke-Sqlite3 "SELECT password_hash FROM users WHERE id = 70" | Should -Match '^\$pbkdf2-sha512\$i=\d{6,}\$'
        Test-StickyUser sam $pythonPassword | Should -BeTrue
        Test-StickyUser sam $password | Should -BeFalse
        Get-StickyUser sam | Should -Be $before
    }

    It 'says false of a hash that is none, <Hash>' -Skip:$noSqlite3 -ForEach @(
        @{ Hash = 'plain text' }
        @{ Hash = '' }
        @{ Hash = '$6$rounds=999999999$salt$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1' }
        @{ Hash = '$pbkdf2-sha512$i=210000$c2FsdHNhbHQ$' }
    ) {
        Invoke-Sqlite3 "UPDATE users SET password_hash = '$Hash' WHERE username = 'bob'"
        Test-StickyUser bob (Protect 'plain text') | Should -BeFalse
        Test-StickyUser bob ([securestring]::new()) | Should -BeFalse
        Invoke-Sqlite3 "SELECT password_hash FROM users WHERE username = 'bob'" | Should -BeExactly $Hash
    }
}
