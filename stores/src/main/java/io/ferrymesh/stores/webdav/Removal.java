package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;

/** Removes objects, and collections once they are empty. */
final class Removal {

    private final Dav dav;
    private final Places places;
    private final Collections collections;

    /**
     * Of what lies in the root, an account's part or more: held alone while an empty collection in it is looked at and removed,
     * so that nobody here puts something in meanwhile.
     */
    private final KeyedLocks trees = new KeyedLocks();

    Removal(Dav dav, Places places, Collections collections) {
        this.dav = dav;
        this.places = places;
        this.collections = collections;
    }

    /** Sees to it that no collection is removed that a path may lie in. */
    KeyedLocks.Held none(ObjectPath path) {
        return trees.shared(topOf(path));
    }

    /** Removes an object; NOT_FOUND. The caller keeps others of this process from the same path meanwhile. */
    void remove(ObjectPath path) throws StoreException {
        if (path.isDirectory()) {
            removeDirectory(path);
        } else {
            removeFile(path);
        }
    }

    /** Removes the collections that an object lay in, as far as they are empty now. */
    void removeLeftEmpty(ObjectPath path) throws StoreException {
        String key = Collections.parentOf(path.isDirectory() ? Collections.keyOf(path) : path.toString());
        while (!key.isEmpty() && removeLeftEmpty(path, key)) {
            key = Collections.parentOf(key);
        }
    }

    static StoreException notFound(ObjectPath path) {
        return new StoreException(StoreError.NOT_FOUND, path + ": not found");
    }

    private void removeFile(ObjectPath path) throws StoreException {
        KeyedLocks.Held tree = trees.shared(topOf(path));
        try {
            if (!dav.delete(path, places.of(path))) {
                throw notFound(path);
            }
        } finally {
            tree.letGo();
        }
    }

    private void removeDirectory(ObjectPath path) throws StoreException {
        KeyedLocks.Held tree = trees.alone(topOf(path));
        try {
            if (!collections.removeIfEmpty(path, Collections.keyOf(path))) {
                throw new StoreException(StoreError.NOT_FOUND, path + ": is not empty, so it is no object");
            }
        } finally {
            tree.letGo();
        }
    }

    private boolean removeLeftEmpty(ObjectPath path, String key) throws StoreException {
        if (Boolean.FALSE.equals(collections.isEmpty(path, key))) {
            return false; // as most are: nobody has to wait to know that
        }
        KeyedLocks.Held tree = trees.alone(topOf(path));
        try {
            return collections.removeLeftEmpty(path, key);
        } finally {
            tree.letGo();
        }
    }

    /** What lies in the root: the first part of a path. */
    private static String topOf(ObjectPath path) {
        String text = path.toString();
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }
}
