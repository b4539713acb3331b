package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectPath;
import java.util.Optional;

/**
 * Where an object of a round goes.
 *
 * @param path its own, or one beside it
 * @param candidate the number of that name, 1 for its own
 * @param replaces the etag of what it takes the place of; empty when nothing may be there
 */
record Target(ObjectPath path, int candidate, Optional<String> replaces, Round round, MetadataPolicy metadata) {

    /** Whether it arrives under its own name. */
    boolean isOwnName() {
        return candidate == 1;
    }
}
