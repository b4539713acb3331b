package io.ferrymesh.provider.engine;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import java.util.List;

/**
 * An object of which a part is at the destination, not published yet.
 *
 * @param listed as the source listed it then
 * @param metadata with which it was staged
 * @param token by which the store can take it up
 * @param safe its segments that need not be sent again, by their numbers
 */
public record Unfinished(ObjectInfo listed, ObjectMetadata metadata, String token, List<SafeSegment> safe) {

    public Unfinished {
        safe = List.copyOf(safe);
    }
}
