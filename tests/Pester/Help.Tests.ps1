BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../out/StickyPi/StickyPi.psd1')
    $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
    $script:names = @((Get-Command -Module StickyPi).Name)
    $script:parameters = @(foreach ($command in Get-Command -Module StickyPi) {
            foreach ($name in $command.Parameters.Keys.Where{ $_ -notin $common }) {
                @{ Command = $command.Name; Parameter = $name }
            }
        })
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $script:common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
    $script:help = @{}
    foreach ($name in (Get-Command -Module StickyPi).Name) {
        $help[$name] = Get-Help $name -Full
    }

    function script:Get-Text($Description) {
        (@($Description).ForEach{ $_.Text } -join "`n").Trim()
    }
}

Describe 'Help' {
    It '<_> has a synopsis and a description' -ForEach $names {
        # Where there is no help file, the synopsis is the syntax.
        $help[$_].Synopsis.Trim() | Should -Not -BeLike "$_*"
        $help[$_].Synopsis.Trim() | Should -Match '\.$' -Because 'it is a sentence'
        Get-Text $help[$_].Description | Should -Not -BeNullOrEmpty
    }

    It '<Command> describes -<Parameter>' -ForEach $parameters {
        $entry = @($help[$Command].parameters.parameter | Where-Object Name -EQ $Parameter)
        $entry.Count | Should -Be 1
        Get-Text $entry[0].Description | Should -Not -BeNullOrEmpty
    }

    It '<_> describes no parameter that it does not have' -ForEach $names {
        $known = (Get-Command $_).Parameters.Keys
        @($help[$_].parameters.parameter).Where{ $_ }.Name | Where-Object { $_ -notin $known -and $_ -notin $common } | Should -BeNullOrEmpty
    }

    It '<_> has two examples or more, with code that parses and calls it, and text' -ForEach $names {
        $examples = @($help[$_].examples.example)
        $examples.Count | Should -BeGreaterOrEqual 2
        foreach ($example in $examples) {
            $problems = $null
            $null = [Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $problems)
            $problems | Should -BeNullOrEmpty -Because $example.Code
            $example.Code | Should -Match $_
            Get-Text $example.Remarks | Should -Not -BeNullOrEmpty -Because $example.Code
        }
    }

    It 'the file says for every parameter set what the command says' {
        foreach ($name in $help.Keys) {
            @($help[$name].syntax.syntaxItem).Count | Should -Be (Get-Command $name).ParameterSets.Count -Because $name
        }
    }

    It 'about_StickyPi comes with the module' {
        $file = Join-Path (Split-Path $ModulePath) 'en-US/about_StickyPi.help.txt'
        $file | Should -Exist
        Get-Content $file -Raw | Should -Match 'Connect-StickyPi'
    }
}
