BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Signs that no format has to escape, so that a password reads the same in CSV, JSON and XML.
    $script:passwords = @{
        Credential = 'Zq7credential9Kw'
        Secure     = 'Zq7secure4Vx'
        Csv        = 'Zq7csvrow8Bn'
        Changed    = 'Zq7changed2Rt'
        Wrong      = 'Zq7wrong6Lp'
        Plain      = 'Zq7plain3Hd'

        # A comma in a password that is not quoted, or one too many, puts it where the row has an address or a right.
        Moved      = 'Zq7moved5Gs'
        Cut        = 'Zq7half1Jm'
        Old        = 'Tr0ub4dor&3-distinct'
    }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'The search for secrets' {
    It 'finds a password <How>' -ForEach @(
        @{ How = 'in clear'; Write = { [Text.Encoding]::UTF8.GetBytes("of $_.") } }
        @{ How = 'in another case'; Write = { [Text.Encoding]::UTF8.GetBytes($_.ToUpperInvariant()) } }
        @{ How = 'in a line that is wrapped'; Write = { [Text.Encoding]::UTF8.GetBytes($_.Insert(5, "`n     | ")) } }
        @{ How = 'in UTF-16'; Write = { [Text.Encoding]::Unicode.GetBytes("of $_.") } }
        @{ How = 'in UTF-16, the other way round'; Write = { [Text.Encoding]::BigEndianUnicode.GetBytes("of $_.") } }
        @{ How = 'in hex'; Write = { [Text.Encoding]::ASCII.GetBytes([Convert]::ToHexStringLower([Text.Encoding]::UTF8.GetBytes("of $_."))) } }
        @{ How = 'as text of a SecureString'; Write = { [Text.Encoding]::ASCII.GetBytes([Convert]::ToHexString([Text.Encoding]::Unicode.GetBytes($_))) } }
        @{ How = 'in Base64'; Write = { [Text.Encoding]::ASCII.GetBytes([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($_))) } }
        @{ How = 'in Base64, behind one sign'; Write = { [Text.Encoding]::ASCII.GetBytes([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("1${_}23"))) } }
        @{ How = 'in Base64, behind two signs'; Write = { [Text.Encoding]::ASCII.GetBytes([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("12${_}3"))) } }
        @{ How = 'in Base64 of UTF-16'; Write = { [Text.Encoding]::ASCII.GetBytes([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes("12$_"))) } }
    ) {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid().ToString('N')))).FullName
        foreach ($secret in $passwords.Values) {
            [IO.File]::WriteAllBytes("$folder/file", ($secret | ForEach-Object $Write))
            Find-Secret $folder $secret | Should -Be "file: $secret"
            Find-Secret $folder 'Zq7something5Else' | Should -BeNullOrEmpty
        }
    }
}

Describe 'Passwords and their hashes' {
    BeforeAll {
        # What the commands say, and what they leave behind, each in a folder of its own; the rows of the CSV file are in neither.
        $script:said = (New-Item -ItemType Directory (Join-Path $TestDrive 'said')).FullName
        $script:store = Join-Path $TestDrive 'store'
        $rows = Join-Path $TestDrive 'rows.csv'
        Set-Content -LiteralPath $rows @"
UserName,Password,Email,Admin,ReadOnly
ada,$($passwords.Csv),ada@lab.org,true,
bob,$($passwords.Csv),,,yes
ADA,$($passwords.Csv),,,
carl,$($passwords.Csv),ada@lab.org,,
b:b,$($passwords.Csv),,,
,$($passwords.Csv),,,
carl,$($passwords.Cut),$($passwords.Moved),,
carl,$($passwords.Cut),,$($passwords.Moved),
carl,$($passwords.Cut),,,$($passwords.Moved)
carl,,,,
"@

        # The script has no password in it, because an error shows the line that it comes from.
        $script = Join-Path $TestDrive 'secrecy.ps1'
        Set-Content -LiteralPath $script @'
param([string] $Module, [string] $Store, [string] $Rows, [string] $Said)
Start-Transcript -LiteralPath "$Said/transcript.txt"
$PSStyle.OutputRendering = 'PlainText'
$VerbosePreference = 'Continue'
$DebugPreference = 'Continue'
Import-Module $Module -Verbose:$false
Connect-StickyPi $Store
$secret = @{}
foreach ($name in 'Credential', 'Secure', 'Csv', 'Changed', 'Wrong', 'Old') {
    $secret[$name] = ConvertTo-SecureString ([Environment]::GetEnvironmentVariable("SECRET_$name")) -AsPlainText
}
$plain = $env:SECRET_Plain

function Invoke-Attempt([scriptblock] $Script) {
    try { & $Script } catch { "Terminated: $_" }
}

# All kinds of success.
Import-Csv $Rows | New-StickyUser -Verbose -Debug
New-StickyUser -Credential ([pscredential]::new('dora', $secret.Credential)) -Verbose -Debug
New-StickyUser eve $secret.Secure -Admin -Verbose -Debug
Set-StickyUser eve -Password $secret.Changed -PassThru -Verbose -Debug
Set-StickyUser -Credential ([pscredential]::new('dora', $secret.Changed)) -PassThru -Verbose -Debug
Test-StickyUser eve $secret.Changed -Verbose -Debug
Test-StickyUser eve $secret.Wrong -Verbose -Debug
Test-StickyUser nobody $secret.Wrong -Verbose -Debug
Import-Csv $Rows | Test-StickyUser -Verbose -Debug
New-StickyUser fay $secret.Secure -WhatIf
Import-Csv $Rows | Set-StickyUser -ReadOnly -PassThru -WhatIf -Verbose -Debug
Import-Csv $Rows | Set-StickyUser -ReadOnly -PassThru -Verbose -Debug
Import-Csv $Rows | Get-StickyUser -Verbose -Debug
Import-Csv $Rows | Remove-StickyUser -WhatIf -Verbose -Debug

# All kinds of failure.
foreach ($command in 'New-StickyUser', 'Set-StickyUser', 'Test-StickyUser') {
    Invoke-Attempt { & $command ada -Password $plain -Verbose -Debug }
    Invoke-Attempt { & $command ada -Password @($plain, $plain) }
    Invoke-Attempt { & $command ada -Password @{ Password = $plain } }
    Invoke-Attempt { Import-Csv $Rows | & $command -Password $plain }
}
Invoke-Attempt { New-StickyUser eve $secret.Secure -Verbose -Debug }
Invoke-Attempt { New-StickyUser -Credential ([pscredential]::new('e:e', $secret.Credential)) }
Invoke-Attempt { New-StickyUser gus $secret.Secure -Email nonsense }
Invoke-Attempt { Import-Csv $Rows | New-StickyUser -ErrorAction Stop }
Invoke-Attempt { Import-Csv $Rows | New-StickyUser -Confirm }
Invoke-Attempt { Set-StickyUser nobody, '' -Password $secret.Wrong -Verbose -Debug }
Invoke-Attempt { Set-StickyUser -Credential ([pscredential]::new('nobody', $secret.Wrong)) }
Invoke-Attempt { Set-StickyUser dora -Password $secret.Wrong -Email ada@lab.org }
Invoke-Attempt { Import-Csv $Rows | Set-StickyUser }
Invoke-Attempt { Import-Csv $Rows | Remove-StickyUser }
Invoke-Attempt { Import-Csv $Rows | Select-Object Password | Remove-StickyUser }
Invoke-Attempt { Import-Csv $Rows | Select-Object Password | Get-StickyUser }
Invoke-Attempt { Import-Csv $Rows | Get-StickyUser -Connection $null }
$closed = Connect-StickyPi "$Store-closed" -PassThru
Disconnect-StickyPi $closed
foreach ($command in 'New-StickyUser', 'Test-StickyUser', 'Get-StickyUser', 'Remove-StickyUser') {
    Invoke-Attempt { Import-Csv $Rows | & $command -Connection $closed }
}
Invoke-Attempt { New-StickyUser gus $secret.Secure -Connection $closed }
Invoke-Attempt { Set-StickyUser eve -Password $secret.Wrong -Connection $closed }
$disposed = $secret.Secure.Copy()
$disposed.Dispose()
Invoke-Attempt { New-StickyUser gus $disposed }
Test-StickyUser sam $secret.Wrong
Test-StickyUser sam $secret.Old

# All ways to look at what is there.
$Error | Format-List * -Force
$Error | Get-Error
$Error | Export-Clixml "$Said/errors.xml"
$Error | Select-Object * -ExcludeProperty Exception | ConvertTo-Json -Depth 3 -WarningAction Ignore > "$Said/errors.json"
$Error | Select-Object * | Export-Csv "$Said/errors.csv"
Get-StickyUser
Get-StickyUser | Format-List * -Force
Get-StickyUser | Get-Member -Force
Get-StickyUser | ConvertTo-Json -Depth 9
Get-StickyUser | ConvertTo-Csv
Get-StickyUser | Export-Clixml "$Said/users.xml"
Get-StickyUser | ForEach-Object { "$_" }
Get-StickyPiConnection | Format-Custom -Depth 3
Remove-StickyUser dora -Confirm:$false -Verbose -Debug
Disconnect-StickyPi
Stop-Transcript
'The end.'
'@
        $program, $arguments = $PowerShell + $script
        Disconnect-AllStore
        Connect-StickyPi $store
        Disconnect-StickyPi
        if ($sqlite3 = Get-Command sqlite3 -CommandType Application -TotalCount 1 -ErrorAction Ignore) {
            $hash = '$6$rounds=656000$8Jz0eS2QpWbLr1Xk$7qCJsZnIpyq5DaBpkszzl/QwKWIundKrZHNlCTznHhgAIU1OQ5GhreQEwe7g3ktSair0QPFTuoFp9MZUv5KHr.'
            & $sqlite3.Source "$store/database.db" "INSERT INTO users VALUES ('2021-01-01 10:00:00.123456', '0.0.1', 'root', 70, 'sam', 'sam@lab.org', '$hash', 1, 0);"
        }

        $passwords.GetEnumerator().ForEach{ [Environment]::SetEnvironmentVariable("SECRET_$($_.Key)", $_.Value) }
        try {
            & $program @arguments $ModulePath $store $rows $said > "$said/output.txt" 2> "$said/errors.txt"
        }
        finally {
            $passwords.Keys.ForEach{ [Environment]::SetEnvironmentVariable("SECRET_$_", $null) }
        }
    }

    It 'had every chance to come out' {
        # Or the tests below would find nothing because nothing was done.
        Get-Content "$said/output.txt" -Tail 1 | Should -Be 'The end.'
        $transcript = Get-Content "$said/transcript.txt" -Raw
        $expected = @(
            'ConnectionClosed', 'InvalidEmail', 'InvalidPassword', 'InvalidSwitch', 'InvalidUserName', 'NothingToChange', 'PlainTextPassword'
            'UserExists', 'UserNotFound'
        )
        $expected | Where-Object { -not $transcript.Contains($_) } | Should -BeNullOrEmpty

        Get-Content "$said/users.xml" -Raw | Should -Match 'ada@lab\.org'
        (Import-Clixml "$said/errors.xml").Count | Should -BeGreaterThan 30
        Get-ChildItem $said | Where-Object Length -LT 1000 | Should -BeNullOrEmpty
        Find-Secret $store '$pbkdf2' | Should -Be 'database.db: $pbkdf2'
        Connect-StickyPi $store
        Test-StickyUser eve (ConvertTo-SecureString $passwords.Changed -AsPlainText) | Should -BeTrue
        Disconnect-StickyPi
    }

    It 'are in no output, error, transcript or exported file' {
        $hashes = [regex]::Matches([Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$store/database.db")), '\$pbkdf2-sha512\$i=\d+\$([\w+/]{22})\$([\w+/]{43})')
        $parts = $hashes.ForEach{ $_.Groups[1].Value; $_.Groups[2].Value }
        $parts.Count | Should -BeGreaterOrEqual 6
        Find-Secret $said (@($passwords.Values) + $parts + '$pbkdf2' + '$6$rounds') | Should -BeNullOrEmpty
    }

    It 'are in no file of the store but as hashes' {
        Find-Secret $store $passwords.Values | Should -BeNullOrEmpty
    }
}
