package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Reach;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.Skipped.Reason;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree in the byte order of full paths. Holds the pages of the directories it is in and nothing else open, so a
 * listing that is paused for hours costs memory only.
 */
final class DirectoryListing implements ObjectListing {

    private static final int SMALLEST_PAGE = 256;

    private final Directories directories;
    private final byte[] prefix;
    private final byte[] after;
    private final Reach reach;
    private final int limit;
    private final Deque<MemberPages> levels = new ArrayDeque<>();

    DirectoryListing(Directories directories, String prefix, @Nullable ObjectPath after, int limit) {
        this.directories = directories;
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.after = after == null ? new byte[0] : after.utf8();
        this.reach = new Reach(this.prefix, this.after);
        this.limit = limit;
        levels.push(new MemberPages(directories, "", this.prefix, this.after, null));
    }

    @Override
    public List<ListingEntry> next(int max) throws StoreException {
        if (max < 1) {
            throw new IllegalArgumentException("max must be >= 1: " + max);
        }
        var entries = new ArrayList<ListingEntry>(Math.min(max, 1_024));
        while (entries.size() < max && !levels.isEmpty()) {
            ListingEntry entry = step(levels.element(), max);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    @Override
    public void close() {
        levels.clear();
    }

    /** Goes on by one member; null when that gave nothing to list. */
    private @Nullable ListingEntry step(MemberPages level, int wanted) throws StoreException {
        try {
            Member member = level.next(wanted, pageSize());
            if (member != null) {
                return visit(level, member);
            }
            levels.pop();
            Member self = level.self();
            return self != null && level.isEmpty() ? listed(level.key() + "/", self) : null;
        } catch (NoSuchFileException | NotDirectoryException e) {
            levels.pop();
            if (level.self() == null) {
                throw Failures.reading("the store's root", e);
            }
            return skipped(level.key() + "/", Reason.UNREADABLE); // removed, or another one has its name
        } catch (IOException e) {
            levels.pop();
            if (level.self() == null || Failures.tooManyOpenFiles(e)) {
                throw Failures.reading(level.self() == null ? "the store's root" : level.key(), e);
            }
            return skipped(level.key() + "/", Reason.UNREADABLE);
        }
    }

    private @Nullable ListingEntry visit(MemberPages level, Member member) {
        String path = level.pathOf(member);
        if (level.self() == null && path.equals(StagingArea.NAME)) {
            return skipped(path, Reason.RESERVED_NAME);
        }
        return switch (member.kind()) {
            case FILE -> listed(path, member);
            case DIRECTORY -> enter(path, member);
            case LINK -> skipped(path, Reason.SYMBOLIC_LINK);
            case SPECIAL -> skipped(path, Reason.SPECIAL_FILE);
            case UNREADABLE -> skipped(path, Reason.UNREADABLE);
            case VANISHED -> skipped(path, Reason.VANISHED);
            case NOT_UTF8 -> skipped(path, Reason.UNSUPPORTED_NAME);
        };
    }

    private @Nullable ListingEntry enter(String path, Member member) {
        try {
            levels.push(new MemberPages(
                    directories,
                    ObjectPath.of(path + "/").toString().substring(0, path.length()),
                    prefix,
                    after,
                    member));
            return null;
        } catch (IllegalArgumentException e) {
            return skipped(path, Reason.UNSUPPORTED_NAME);
        }
    }

    private @Nullable ListingEntry listed(String path, Member member) {
        if (!reach.holds(path)) {
            return null;
        }
        try {
            return new ObjectInfo(ObjectPath.of(path), path.endsWith("/") ? 0 : member.size(), member.modified());
        } catch (IllegalArgumentException e) {
            return skipped(path, Reason.UNSUPPORTED_NAME);
        }
    }

    private @Nullable ListingEntry skipped(String path, Reason reason) {
        return reach.holds(path, reason) ? new Skipped(path, reason) : null;
    }

    /** Half of what is still free, so that however deep the tree, all pages together stay within a bound. */
    private int pageSize() {
        int held = levels.stream().mapToInt(MemberPages::held).sum();
        return Math.max(Math.min(SMALLEST_PAGE, limit), (limit - held) / 2);
    }
}
