using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

public class SystemFilesTests
{
    [Theory]
    [InlineData(".Trashes")]
    [InlineData(".Trash-1000")]
    [InlineData("$RECYCLE.BIN")]
    [InlineData("$Recycle.Bin")]
    [InlineData(".Spotlight-V100")]
    [InlineData(".fseventsd")]
    [InlineData("System Volume Information")]
    [InlineData("@eaDir")]
    [InlineData(".thumbnails")]
    [InlineData("LOST.DIR")]
    [InlineData("RECYCLED")]
    [InlineData(".@__thumb")]
    [InlineData("__MACOSX")]
    [InlineData("lost+found")]
    public void A_folder_of_a_system_is_known(string name)
    {
        Assert.True(SystemFiles.IsFolder(name));
        Assert.False(MlBundleRules.IsFolder($"data/{name}"));
        Assert.NotNull(MlBundleRules.WhyNot($"data/{name}/x.jpg", MlBundleContent.All));
    }

    [Theory]
    [InlineData("5c173ff2")]
    [InlineData("Trash")]
    [InlineData(".Trash-bin")]
    [InlineData(".cards")]
    [InlineData("eaDir")]
    [InlineData("2021-06-01")]
    public void A_folder_of_a_user_is_not(string name)
    {
        Assert.False(SystemFiles.IsFolder(name));
        Assert.Null(MlBundleRules.WhyNot($"data/{name}/x.jpg", MlBundleContent.All));
    }

    [Theory]
    [InlineData("._5c173ff2.2021-06-01_00-00-00.jpg", true)]
    [InlineData("Thumbs.db", true)]
    [InlineData("database.db", false)]
    [InlineData(".hidden.jpg", false)]
    [InlineData("_._.jpg", false)]
    public void A_file_of_a_system_is_known_by_its_name(string name, bool expected)
    {
        Assert.Equal(expected, SystemFiles.IsFile(name));
        Assert.Equal(expected, MlBundleRules.WhyNot($"data/{name}", MlBundleContent.All) == "a file of the system");
    }
}
