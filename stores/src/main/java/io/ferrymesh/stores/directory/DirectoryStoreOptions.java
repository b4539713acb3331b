package io.ferrymesh.stores.directory;

/**
 * How a {@link DirectoryStore} uses memory and syncs.
 *
 * @param listingEntries how many members of directories one listing holds at once, at least 16; a directory with more than
 *     half of them is read several times
 * @param groupSyncFrom from how many files, or directories, of a group one sync of the whole file system takes the place of
 *     one for each, at least 1
 */
public record DirectoryStoreOptions(int listingEntries, int groupSyncFrom) {

    /** What suits most machines; docs/stores.md has the measurements. */
    public static final DirectoryStoreOptions DEFAULT = new DirectoryStoreOptions(65_536, 16);

    /** Refuses what cannot work. */
    public DirectoryStoreOptions {
        if (listingEntries < 16) {
            throw new IllegalArgumentException("listingEntries must be >= 16: " + listingEntries);
        }
        if (groupSyncFrom < 1) {
            throw new IllegalArgumentException("groupSyncFrom must be >= 1: " + groupSyncFrom);
        }
    }
}
