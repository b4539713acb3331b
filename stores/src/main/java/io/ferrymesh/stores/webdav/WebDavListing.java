package io.ferrymesh.stores.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Reach;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.Skipped.Reason;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the collections in the byte order of full paths. Holds the pages of those it is in and no connection. */
final class WebDavListing implements ObjectListing {

    private static final int SMALLEST_PAGE = 256;

    private final Dav dav;
    private final Places places;
    private final byte[] prefix;
    private final byte[] after;
    private final Reach reach;
    private final int limit;
    private final Deque<MemberPages> levels = new ArrayDeque<>();

    WebDavListing(Dav dav, Places places, String prefix, @Nullable ObjectPath after, int limit) {
        this.dav = dav;
        this.places = places;
        this.prefix = prefix.getBytes(UTF_8);
        this.after = after == null ? new byte[0] : after.utf8();
        this.reach = new Reach(this.prefix, this.after);
        this.limit = limit;
        levels.push(new MemberPages(dav, places, "", this.prefix, this.after, null));
    }

    @Override
    public List<ListingEntry> next(int max) throws StoreException {
        if (max < 1) {
            throw new IllegalArgumentException("max must be >= 1: " + max);
        }
        var entries = new ArrayList<ListingEntry>(Math.min(max, 1_024));
        while (entries.size() < max && !levels.isEmpty()) {
            ListingEntry entry = step(levels.element());
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
    private @Nullable ListingEntry step(MemberPages level) throws StoreException {
        try {
            Member member = level.next(pageSize());
            if (member != null) {
                return visit(level, member);
            }
            levels.pop();
            Member self = level.self();
            return self != null && level.isEmpty() ? listed(level.key() + "/", self) : null;
        } catch (StoreException e) {
            if (level.self() == null) {
                throw e;
            }
            if (e.error() == StoreError.NOT_FOUND || e.error() == StoreError.NOT_READABLE) { // its parent has it
                levels.pop();
                return skipped(level.key() + "/", Reason.UNREADABLE);
            }
            throw e;
        }
    }

    private @Nullable ListingEntry visit(MemberPages level, Member member) {
        String path = level.pathOf(member);
        if (level.self() == null && path.equals(Staging.NAME)) {
            return skipped(path, Reason.RESERVED_NAME);
        }
        if (!member.isPart() || path.getBytes(UTF_8).length + (member.collection() ? 1 : 0) > ObjectPath.MAX_BYTES) {
            return skipped(path, Reason.UNSUPPORTED_NAME);
        }
        if (!member.collection()) {
            return listed(path, member);
        }
        levels.push(new MemberPages(dav, places, path, prefix, after, member));
        return null;
    }

    private @Nullable ListingEntry listed(String path, Member member) {
        return reach.holds(path) ? new ObjectInfo(ObjectPath.of(path), member.size(), member.modified()) : null;
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
