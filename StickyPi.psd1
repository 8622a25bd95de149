@{
    RootModule             = 'StickyPi.PowerShell.dll'
    ModuleVersion          = '0.1.0'
    CompatiblePSEditions   = @('Core')
    GUID                   = '6f0c2b3e-6c0e-4a53-9a52-2f5a1f6f4c1d'
    Author                 = 'The StickyPi authors'
    CompanyName            = 'The StickyPi authors'
    Copyright              = 'Copyright (c) 2026 The StickyPi authors'
    Description            = 'Takes the pictures of insect camera traps (Sticky Pis) from the SD card into a store, answers questions about them in the pipeline, and keeps annotations, tuboids, labels and users.'
    PowerShellVersion      = '7.6'
    FormatsToProcess       = @(
        'Annotations.format.ps1xml'
        'Api.format.ps1xml'
        'Bundles.format.ps1xml'
        'Catalog.format.ps1xml'
        'Connections.format.ps1xml'
        'Images.format.ps1xml'
        'Labels.format.ps1xml'
        'Properties.format.ps1xml'
        'Storage.format.ps1xml'
        'Tuboids.format.ps1xml'
        'Users.format.ps1xml'
        'All.format.ps1xml' # Last: the first view of a type is the default.
    )
    FunctionsToExport      = @()
    CmdletsToExport        = @(
        'Add-StickyAnnotation'
        'Add-StickyLabel'
        'Clear-StickyCache'
        'Compare-StickyMlBundle'
        'Connect-StickyPi'
        'Disconnect-StickyPi'
        'Export-StickyAnnotation'
        'Get-StickyAnnotatedImage'
        'Get-StickyAnnotation'
        'Get-StickyApiEndpoint'
        'Get-StickyDevice'
        'Get-StickyImage'
        'Get-StickyImageMetadata'
        'Get-StickyImageSeries'
        'Get-StickyIncompleteUpload'
        'Get-StickyLabel'
        'Get-StickyMlBundle'
        'Get-StickyPiConnection'
        'Get-StickyProperty'
        'Get-StickyStorageItem'
        'Get-StickyTuboid'
        'Get-StickyUser'
        'Import-StickyAnnotation'
        'Invoke-StickyApi'
        'New-StickyBucket'
        'New-StickyUser'
        'Receive-StickyStorageItem'
        'Remove-StickyAnnotation'
        'Remove-StickyImage'
        'Remove-StickyIncompleteUpload'
        'Remove-StickyMlBundle'
        'Remove-StickyProperty'
        'Remove-StickyStorageItem'
        'Remove-StickyTuboidSeries'
        'Remove-StickyUser'
        'Save-StickyCatalog'
        'Save-StickyImage'
        'Send-StickyImage'
        'Send-StickyStorageItem'
        'Send-StickyTuboid'
        'Set-StickyProperty'
        'Set-StickyUser'
        'Sync-StickyMlBundle'
        'Test-StickyUser'
        'Update-StickyProperty'
    )
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags         = @('StickyPi', 'camera-trap', 'entomology', 'insects', 'images', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
