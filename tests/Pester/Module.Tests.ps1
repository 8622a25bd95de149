BeforeAll {
    . $PSScriptRoot/Common.ps1
    Disconnect-AllStore
    $script:moduleFolder = Split-Path $ModulePath
    $script:commands = Get-Command -Module StickyPi
    $script:types = (Get-Module StickyPi).ImplementingAssembly.GetTypes() |
        Where-Object { -not $_.IsAbstract -and $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $false) }
}

AfterAll {
    Disconnect-AllStore
}

Describe 'The module' {
    It 'has a valid manifest, and files for all that it names' {
        $manifest = Test-ModuleManifest $ModulePath
        $manifest.PowerShellVersion | Should -BeGreaterOrEqual ([version] '7.6')
        $manifest.ExportedCmdlets.Count | Should -BeGreaterOrEqual 11
    }

    It 'exports every command in its assembly, and nothing else' {
        $declared = $types | ForEach-Object { $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $false) } | ForEach-Object { "$($_.VerbName)-$($_.NounName)" }
        $commands.Name | Sort-Object | Should -Be ($declared | Sort-Object)
        $commands.CommandType | Select-Object -Unique | Should -Be 'Cmdlet'
    }

    It 'names commands by approved verbs and Sticky nouns in the singular' {
        $commands.Verb | Where-Object { $_ -notin (Get-Verb).Verb } | Should -BeNullOrEmpty
        $commands.Noun | Where-Object { $_ -notmatch '^Sticky' -or $_ -match '[^s]s$' -and $_ -notmatch 'Series$' } | Should -BeNullOrEmpty
    }

    It 'declares what each command returns, where it returns anything' {
        $commands | Where-Object { -not $_.OutputType } | ForEach-Object Name |
            Should -Be 'Clear-StickyCache', 'Disconnect-StickyPi', 'Remove-StickyAnnotation', 'Remove-StickyImage', 'Remove-StickyIncompleteUpload',
                'Remove-StickyMlBundle', 'Remove-StickyProperty', 'Remove-StickyStorageItem', 'Remove-StickyTuboidSeries', 'Remove-StickyUser'
    }

    It 'makes deletes ask first' {
        foreach ($type in $types | Where-Object { $_.Name -like 'Remove*' }) {
            $type.GetCustomAttributes([Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High' -Because $type.Name
        }
    }

    It 'has -LiteralPath, which Get-ChildItem binds to, wherever it has a -Path with wildcards' {
        $withWildcards = $commands | Where-Object {
            $_.Parameters['Path'] -and $_.Parameters['Path'].Attributes.Where{ $_ -is [Management.Automation.SupportsWildcardsAttribute] }
        }
        $withWildcards.Name | Should -Be 'Add-StickyAnnotation', 'Get-StickyImageMetadata', 'Import-StickyAnnotation', 'Send-StickyImage',
            'Send-StickyStorageItem', 'Send-StickyTuboid'
        $withWildcards | Where-Object { $_.Parameters['LiteralPath'].Aliases -notcontains 'PSPath' } | Should -BeNullOrEmpty
    }

    It 'ships no engine of PowerShell, and its core once' {
        $files = (Get-ChildItem $moduleFolder -Recurse -File).Name
        $files | Should -Not -Contain 'System.Management.Automation.dll'
        $files | Should -Not -Contain 'PowerShellStandard.Library.dll'
        @($files -eq 'StickyPi.Core.dll').Count | Should -Be 1
        @($files -eq 'StickyPi.Providers.dll').Count | Should -Be 1
        Join-Path $moduleFolder 'StickyPi.Providers.dll' | Should -Not -Exist
    }

    It 'names in THIRD-PARTY-NOTICES the package and the version of every library that it ships' {
        $notices = Get-Content (Join-Path $moduleFolder 'THIRD-PARTY-NOTICES')
        $deps = Join-Path $moduleFolder 'deps'
        $target = (Get-Content (Join-Path $deps 'StickyPi.Providers.deps.json') -Raw | ConvertFrom-Json -AsHashtable).targets.Values | Select-Object -First 1
        $packages = @{}
        foreach ($package in $target.Keys) {
            foreach ($kind in 'runtime', 'runtimeTargets' | Where-Object { $target[$package][$_] }) {
                foreach ($file in $target[$package][$kind].Keys) {
                    $packages[($kind -eq 'runtime' ? (Split-Path $file -Leaf) : $file)] = $package.Replace('/', ' ')
                }
            }
        }
        $libraries = Get-ChildItem $deps -Recurse -File | Where-Object { $_.Name -notlike 'StickyPi.*' }
        $libraries.Count | Should -BeGreaterThan 12
        foreach ($library in $libraries) {
            $file = [IO.Path]::GetRelativePath($deps, $library.FullName).Replace('\', '/')
            $packages.Keys | Should -Contain $file
            $notices | Should -Contain $packages[$file] -Because "$file ships"
        }
    }

    It 'ties no assembly to one system' {
        foreach ($file in Get-ChildItem $moduleFolder -Recurse -Filter *.dll | Where-Object FullName -NotMatch 'runtimes') {
            $stream = [IO.File]::OpenRead($file)
            try {
                $headers = [Reflection.PortableExecutable.PEReader]::new($stream).PEHeaders
                $headers.CorHeader.ManagedNativeHeaderDirectory.Size | Should -Be 0 -Because "$($file.Name) must not be compiled for a machine"
                "$($headers.CoffHeader.Machine)" | Should -Be 'I386' -Because "$($file.Name) must be neutral"
                "$($headers.CorHeader.Flags)" | Should -Match 'ILOnly'
                "$($headers.CorHeader.Flags)" | Should -Not -Match 'Requires32Bit'
            }
            finally {
                $stream.Dispose()
            }
        }
    }

    It 'lets scripts name its types' {
        [StickyPi.Core.Images.ImageContent]::ThumbnailMini | Should -Be 'ThumbnailMini'
        (Get-Command Get-StickyImage).OutputType[0].Type | Should -Be ([StickyPi.Core.Images.StickyImage])
    }
}

Describe 'Loading, in a process of its own' {
    It 'importing says nothing, and loads no provider and no package; the first use does, into a context of its own' {
        $said = Invoke-ChildPowerShell -Folder $TestDrive @"
function Show { [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ "`$(`$_.GetName().Name)@`$([Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name)" } }
Import-Module '$ModulePath' -WarningAction Continue
`$before = Show
Connect-StickyPi '$TestDrive/load store'
`$after = Show
@{ Before = `$before; After = `$after } | ConvertTo-Json -Compress
"@
        $said | Should -HaveCount 1 -Because 'importing says nothing'
        $loaded = $said | ConvertFrom-Json
        $loaded.Before | Should -Contain 'StickyPi.PowerShell@Default'
        $loaded.Before | Should -Contain 'StickyPi.Core@Default'
        $loaded.Before -match '^(StickyPi\.Providers|AWSSDK|Microsoft\.Data\.Sqlite|SQLitePCL|MetadataExtractor|NetVips|SixLabors)' | Should -BeNullOrEmpty
        $loaded.After | Should -Contain 'StickyPi.Providers@StickyPi'
        $loaded.After | Should -Contain 'Microsoft.Data.Sqlite@StickyPi'
        $loaded.After -match '^(NetVips|SixLabors)' | Should -BeNullOrEmpty -Because 'no picture was decoded yet'
        @($loaded.After -like 'StickyPi.Core@*').Count | Should -Be 1
    }

    It 'works in a session that has other assemblies of the same names' {
        # Other modules bring their own versions of these packages; ones without a single type of the real ones are the worst case.
        $said = Invoke-ChildPowerShell -Folder $TestDrive @"
foreach (`$name in 'AWSSDK.Core', 'AWSSDK.S3', 'MetadataExtractor', 'Microsoft.Data.Sqlite', 'NetVips', 'SixLabors.ImageSharp',
    'SQLitePCLRaw.core', 'SQLitePCLRaw.batteries_v2', 'XmpCore') {
    `$file = '$TestDrive/' + `$name + '.dll'
    `$assembly = [Reflection.Emit.PersistedAssemblyBuilder]::new([Reflection.AssemblyName]::new("`$name, Version=99.0.0.0"), [object].Assembly)
    `$null = `$assembly.DefineDynamicModule(`$name).DefineType('Other', 'Public').CreateType()
    `$assembly.Save(`$file)
    `$null = [Reflection.Assembly]::LoadFrom(`$file)
}
Import-Module '$ModulePath'
Connect-StickyPi '$TestDrive/isolated store'
`$sent = Send-StickyImage -LiteralPath '$env:STICKYPI_TEST_PICTURES' -Recurse
`$series = Get-StickyImageSeries 0a5bb6f4 -First 1
`$context = { param(`$name) [AppDomain]::CurrentDomain.GetAssemblies().Where{ `$_.GetName().Name -eq `$name }.ForEach{ "`$(`$_.GetName().Version.Major)@`$([Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name)" } }
@{
    Statuses = @(`$sent.Status.ForEach{ "`$_" } | Select-Object -Unique)
    Version  = `$series.DeviceVersion
    Sqlite   = @(& `$context 'Microsoft.Data.Sqlite')
    Exif     = @(& `$context 'MetadataExtractor')
} | ConvertTo-Json
"@
        $result = $said | Out-String | ConvertFrom-Json
        $result.Statuses | Should -Be 'Added'
        $result.Version | Should -Be '3.1.0'
        foreach ($contexts in $result.Sqlite, $result.Exif) {
            $contexts.Count | Should -Be 2
            $contexts | Should -Contain '99@Default'
            $contexts -like '*@StickyPi' | Should -Not -Contain '99@StickyPi'
            @($contexts -like '*@StickyPi').Count | Should -Be 1
        }
    }

    It 'is found by the name of a command where its folder is on the module path' {
        $said = Invoke-ChildPowerShell -Folder $TestDrive @"
`$env:PSModulePath = '$(Split-Path $moduleFolder)' + [IO.Path]::PathSeparator + `$env:PSModulePath
Connect-StickyPi '$TestDrive/auto store'
`$counts = 1..3 | ForEach-Object -Parallel { @(Get-StickyPiConnection).Count }
"`$counts"
"@
        $said | Should -Be '1 1 1'
    }
}
