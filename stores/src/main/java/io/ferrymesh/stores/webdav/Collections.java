package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The collections that objects lie in: made when missing, removed when empty. */
final class Collections {

    private final Dav dav;
    private final Places places;
    private final Staging staging;

    Collections(Dav dav, Places places, Staging staging) {
        this.dav = dav;
        this.places = places;
        this.staging = staging;
    }

    /** The key of what a path lies in; empty for the root. */
    static String parentOf(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('/')));
    }

    /** The key of the collection that the path of an empty directory names. */
    static String keyOf(ObjectPath directory) {
        String text = directory.toString();
        return text.substring(0, text.length() - 1);
    }

    /** Sees to it that a collection is there, and what it lies in. Fails with EXISTS where a file is in the way. */
    void make(ObjectPath object, String key) throws StoreException {
        if (key.isEmpty()) {
            return;
        }
        int status = dav.makeCollection(object, places.ofCollection(key));
        if (status == 409) {
            requireCollectionOrNothing(object, parentOf(key));
            make(object, parentOf(key));
            status = dav.makeCollection(object, places.ofCollection(key));
        }
        if (status == 405) {
            requireCollectionOrNothing(object, key);
        } else if (status != 201) {
            throw new StoreException(
                    StoreError.IO_ERROR, object + ": the server does not make the directory " + key + ": " + status);
        }
    }

    /** Whether nothing is in a collection; null when it is not there. */
    @Nullable
    Boolean isEmpty(Object object, String key) throws StoreException {
        var sawOne = new AtomicBoolean();
        boolean there = dav.members(object, places.ofCollection(key), () -> sawOne.set(false), entry -> {
            sawOne.set(true);
            return false;
        });
        return there ? !sawOne.get() : null;
    }

    /** Removes a collection that has become empty, except where nobody can tell that it is; whether it is gone. */
    boolean removeLeftEmpty(ObjectPath object, String key) throws StoreException {
        Boolean empty = isEmpty(object, key);
        return empty == null || (empty && !staging.hidesDotNames(object) && removeIfEmpty(object, key));
    }

    /**
     * Removes a collection if it looks empty. WebDAV deletes a collection with all that is in it, so it is first moved away in
     * one step, and moved back if somebody had put something in just then.
     *
     * @return whether it is gone
     */
    boolean removeIfEmpty(ObjectPath object, String key) throws StoreException {
        Boolean empty = isEmpty(object, key);
        if (empty == null) {
            return true;
        }
        if (!empty) {
            return false;
        }
        String aside = staging.next(object);
        int status = dav.move(object, places.ofCollection(key), places.ofCollection(aside), false);
        if (status == 404) {
            return true;
        }
        if (status != 201 && status != 204) {
            return false;
        }
        if (Boolean.FALSE.equals(isEmpty(object, aside))) {
            putBack(object, aside, key);
            return false;
        }
        boolean unused = dav.delete(object, places.ofCollection(aside));
        return true;
    }

    /** Puts a collection back where it was, or its members if there is a new one by now; never over anything. */
    private void putBack(ObjectPath object, String from, String to) throws StoreException {
        int status = dav.move(object, places.ofCollection(from), places.ofCollection(to), false);
        if (status != 412) {
            return;
        }
        var members = new java.util.ArrayList<Member>();
        boolean unused =
                dav.members(object, places.ofCollection(from), members::clear, entry -> members.add(Member.of(entry)));
        for (Member member : members) {
            String source = from + "/" + member.text();
            String target = to + "/" + member.text();
            if (member.collection()) {
                putBack(object, source, target);
            } else {
                int unusedToo = dav.move(object, places.below(source), places.below(target), false);
            }
        }
    }

    private void requireCollectionOrNothing(ObjectPath object, String key) throws StoreException {
        for (String each = key; !each.isEmpty(); each = parentOf(each)) {
            DavEntry entry = dav.look(object, places.below(each));
            if (entry != null && !entry.collection()) {
                throw new StoreException(StoreError.EXISTS, object + ": " + each + " is there and no directory");
            }
        }
    }
}
