package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.StoreException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Where uploads lie until they are published: {@code .ferrymesh-staging/<16 hex>/<hex>} below the base, one such collection
 * for each open store, made with its first upload and removed when it closes. There are no locks to tell whether a store
 * lives, so what others left goes when nothing was added to it for a week, longer than any upload takes.
 */
final class Staging implements AutoCloseable {

    /** Name of the staging collection in the base. */
    static final String NAME = ".ferrymesh-staging";

    private static final Pattern OWNED = Pattern.compile("[0-9a-f]{16}");
    private static final Duration ABANDONED = Duration.ofDays(7);

    private final Dav dav;
    private final Places places;
    private final String key;
    private final AtomicLong names = new AtomicLong();
    private boolean made; // this and the next guarded by this
    private boolean hidesDotNames;

    Staging(Dav dav, Places places) {
        this.dav = dav;
        this.places = places;
        this.key = NAME + "/" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    }

    /** A path for something new, in a collection that is there. */
    String next(Object object) throws StoreException {
        prepare(object);
        return key + "/" + Long.toHexString(names.incrementAndGet());
    }

    /**
     * Whether the server leaves out of its answers what has a name that begins with a dot, as nginx does. Then nobody can
     * tell that a collection is empty, and an object of such a name would be there and never be listed.
     */
    boolean hidesDotNames(Object object) throws StoreException {
        prepare(object);
        synchronized (this) {
            return hidesDotNames;
        }
    }

    private synchronized void prepare(Object object) throws StoreException {
        if (!made) {
            make(object);
            int unused = dav.makeCollection(object, places.ofCollection(key + "/.dot"));
            var seen = new AtomicBoolean();
            boolean there = dav.members(object, places.ofCollection(key), () -> seen.set(false), entry -> {
                seen.set(true);
                return true;
            });
            hidesDotNames = there && !seen.get();
            made = true;
        }
    }

    /** Makes the collection, which somebody may have removed. */
    void make(Object object) throws StoreException {
        for (String each : List.of(NAME, key)) {
            int unused = dav.makeCollection(object, places.ofCollection(each));
        }
    }

    URI placeOf(String path) {
        return places.below(path);
    }

    /** Removes what stores that no longer live have left behind. Does nothing where it may not. */
    void removeAbandoned(InstantSource clock) {
        var abandoned = new ArrayList<String>();
        try {
            boolean unused = dav.members("staging", places.ofCollection(NAME), abandoned::clear, entry -> {
                String name = Member.of(entry).text();
                boolean old = entry.modified().plus(ABANDONED).isBefore(clock.instant());
                if (entry.collection() && old && OWNED.matcher(name).matches()) {
                    abandoned.add(NAME + "/" + name);
                }
                return true;
            });
            for (String each : abandoned) {
                boolean unusedToo = dav.delete("staging", places.ofCollection(each));
            }
        } catch (StoreException e) {
            // a store that is only read, or is away: whoever uses it hears of that
        }
    }

    @Override
    public void close() {
        boolean there;
        synchronized (this) {
            there = made;
            made = false;
        }
        if (there) {
            try {
                boolean unused = dav.delete("staging", places.ofCollection(key));
            } catch (StoreException e) {
                // somebody removes it in a week
            }
        }
    }
}
