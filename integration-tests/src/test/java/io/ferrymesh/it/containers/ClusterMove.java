package io.ferrymesh.it.containers;

import io.ferrymesh.it.User;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;

/**
 * A migration of what is below a prefix.
 *
 * @param grant what both providers are told
 */
record ClusterMove(JsonObject grant, String prefix, int objects, long bytes) {

    /** A new one, of files of these sizes. */
    static ClusterMove of(String prefix, long... sizes) {
        return new ClusterMove(
                User.freshGrant(), prefix, sizes.length, Arrays.stream(sizes).sum());
    }

    String id() {
        return grant.getString("migrationId");
    }
}
