package io.ferrymesh.provider.api.objects;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.web.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A page of a listing. Worker threads. */
public final class ObjectList {

    /** A page has no object after about so many characters of paths. */
    static final int MOST_CHARACTERS = 256 << 10;

    private static final int AT_ONCE = 50;

    private ObjectList() {}

    /** Schema ObjectPage. Holds one page, however many objects there are. */
    public static JsonObject page(ObjectStore store, String prefix, Optional<String> cursor, int limit)
            throws StoreException {
        checkPrefix(prefix);
        Optional<ObjectPath> after = cursor.map(text -> ListCursor.parse(text, prefix));
        JsonArray objects = new JsonArray();
        long skipped = 0;
        long characters = 0;
        Optional<ObjectPath> last = Optional.empty();
        try (ObjectListing listing = store.list(prefix, after)) {
            while (objects.size() < limit && characters < MOST_CHARACTERS) {
                List<ListingEntry> entries = listing.next(Math.min(AT_ONCE, limit - objects.size()));
                if (entries.isEmpty()) {
                    return json(objects, skipped);
                }
                for (ListingEntry entry : entries) {
                    if (entry instanceof ObjectInfo info) {
                        objects.add(json(info));
                        last = Optional.of(info.path());
                        characters += info.path().toString().length();
                    } else {
                        skipped++;
                    }
                }
            }
        }
        JsonObject page = json(objects, skipped);
        last.ifPresent(path -> page.put("next", ListCursor.of(prefix, path)));
        return page;
    }

    /** Refuses what no path starts with. */
    public static void checkPrefix(String prefix) {
        if (prefix.getBytes(StandardCharsets.UTF_8).length > ObjectPath.MAX_BYTES) {
            throw Problem.badRequest("prefix must have at most " + ObjectPath.MAX_BYTES + " bytes");
        }
        if (prefix.startsWith("/") || prefix.contains("//")) {
            throw Problem.badRequest("prefix must have no leading slash and no empty part");
        }
        String complete = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        if (!complete.isEmpty()) {
            try {
                ObjectPath unused = ObjectPath.of(complete);
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest("prefix must be what a path can start with: " + e.getMessage());
            }
        }
    }

    private static JsonObject json(ObjectInfo info) {
        return new JsonObject()
                .put("path", info.path().toString())
                .put("size", info.size())
                .put("modified", info.modified().toString());
    }

    private static JsonObject json(JsonArray objects, long skipped) {
        return new JsonObject().put("objects", objects).put("skipped", skipped);
    }
}
