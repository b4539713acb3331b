package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;

/**
 * An object that the destination of a move keeps where what moves arrives, while the source lists. A source that sees it among its own
 * objects has its own store before it, whoever configured what, and would erase what it has just found to have arrived. docs/migration.md,
 * A move.
 */
final class MoveMark {

    private static final String NAME = "ferrymesh-move-";

    private final String name;
    private final String prefix;

    /** Of the move of what lies under a prefix. */
    MoveMark(MigrationId id, String prefix) {
        this.name = NAME + id.hex();
        this.prefix = prefix;
    }

    /** Where the destination puts it. Fails with UNSUPPORTED_PATH for a prefix that no path can have with so much behind it. */
    ObjectPath path() {
        try {
            return ObjectPath.of(prefix + name);
        } catch (IllegalArgumentException e) {
            throw new MeshException(
                    ErrorCode.UNSUPPORTED_PATH,
                    "nothing can be marked under the prefix of what moves: " + e.getMessage());
        }
    }

    /** Fails with CONFLICT if it is in the source's own store, and with UNAVAILABLE if that cannot be said now. */
    void requireElsewhere(ObjectStore own) {
        try {
            var unused = own.head(path());
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND || e.error() == StoreError.UNSUPPORTED_PATH) {
                return;
            }
            throw new MeshException(
                    ErrorCode.UNAVAILABLE, "the source's store does not say whether the mark of the move is in it", e);
        }
        throw here();
    }

    /** Fails with CONFLICT if a name that the source lists is that of the mark, wherever it lies. */
    void requireOther(String listed) {
        if (listed.endsWith(name)) {
            throw here();
        }
    }

    private static MeshException here() {
        return new MeshException(
                ErrorCode.CONFLICT,
                "the destination keeps what arrives in the source's own store: nothing moves there");
    }
}
