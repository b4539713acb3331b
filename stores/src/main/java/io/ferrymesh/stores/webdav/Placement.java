package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Puts one uploaded object in its place. The caller keeps others of this process from the same path meanwhile. */
final class Placement {

    /** Within this, a version with the size of the one before gets a later time, so that their etags differ. */
    private static final Duration NEAR = Duration.ofMinutes(1);

    private static final int ATTEMPTS = 5;
    private static final int COPY_BYTES = 1 << 20;

    private final Dav dav;
    private final Places places;
    private final Collections collections;
    private final Path spool;

    Placement(Dav dav, Places places, Collections collections, Path spool) {
        this.dav = dav;
        this.places = places;
        this.collections = collections;
        this.spool = spool;
    }

    /**
     * Puts it there, and says so; does not, if it is near to what is there and was not told apart from that.
     *
     * @param etag of what it may replace; anything else is refused
     */
    boolean isPlaced(StagedObject staged, PublishMode mode, @Nullable String etag) throws StoreException {
        ObjectPath path = staged.info().path();
        if (path.isDirectory()) {
            if (etag != null) {
                requireEtag(path, dav.look(path, places.of(path)), etag);
            }
            collections.make(path, Collections.keyOf(path));
            return true;
        }
        var upload = (StagedUpload) staged;
        if (mode == PublishMode.REPLACE) {
            DavEntry there = dav.look(path, places.of(path));
            if (etag != null) {
                requireEtag(path, there, etag);
            }
            if (there != null && there.collection()) {
                throw new StoreException(StoreError.EXISTS, path + ": a directory is there");
            }
            if (there != null && isNear(upload, there)) {
                return false;
            }
        }
        move(upload, mode);
        upload.published();
        return true;
    }

    /** Refuses what is not the object that an etag names. */
    static void requireEtag(ObjectPath path, @Nullable DavEntry there, String etag) throws StoreException {
        if (there == null || there.collection() != path.isDirectory()) {
            throw new StoreException(StoreError.NOT_FOUND, path + ": not found");
        }
        if (!there.etag().equals(etag)) {
            throw new StoreException(StoreError.CHANGED, path + ": is another one than the one named");
        }
    }

    private void move(StagedUpload upload, PublishMode mode) throws StoreException {
        ObjectPath path = upload.info().path();
        int status = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            status = dav.move(path, upload.place(), places.of(path), mode == PublishMode.REPLACE);
            if (status == 201 || status == 204) {
                return;
            }
            DavEntry there = dav.look(path, places.of(path));
            boolean uploadThere = dav.look(path, upload.place()) != null;
            if (!uploadThere && there != null && isTheUpload(there, upload)) {
                return; // an attempt whose answer was lost did it
            }
            if (status == 412 || there != null) {
                boolean directory = there != null && there.collection();
                throw new StoreException(StoreError.EXISTS, path + (directory ? ": a directory is there" : ": exists"));
            }
            if (!uploadThere) {
                throw new StoreException(StoreError.IO_ERROR, path + ": somebody removed the upload");
            }
            collections.make(path, Collections.parentOf(path.toString()));
        }
        throw new StoreException(
                status == 404 ? StoreError.UNSUPPORTED_PATH : StoreError.IO_ERROR,
                path + ": the server answered " + status + " to putting it in its place");
    }

    private static boolean isTheUpload(DavEntry there, StagedUpload upload) {
        return !there.collection() && there.size() == upload.info().size();
    }

    /** Where the server's etags say no more than size and second, the later of two near ones gets a later second. */
    void tellApart(StagedObject staged, PublishMode mode) throws StoreException {
        ObjectPath path = staged.info().path();
        if (mode != PublishMode.REPLACE || !(staged instanceof StagedUpload upload)) {
            return;
        }
        DavEntry there = dav.look(path, places.of(path));
        if (there == null || there.collection() || !isNear(upload, there)) {
            return;
        }
        long size = upload.info().size();
        try (Spool copy = Spool.of(path, spool, size)) {
            for (long position = 0; position < size; position += COPY_BYTES) {
                int length = (int) Math.min(COPY_BYTES, size - position);
                byte[] bytes = dav.read(path, upload.place(), position, length, headers -> true)
                        .orElseThrow(() -> new StoreException(StoreError.IO_ERROR, path + ": the upload is gone"));
                copy.write(path, position, bytes, 0, length);
            }
            upload.uploadAgain(there.modified().plusSeconds(1), copy);
        }
    }

    private static boolean isNear(StagedUpload upload, DavEntry there) {
        Instant modified = upload.modified();
        return there.isCoarse()
                && there.size() == upload.info().size()
                && !modified.isAfter(there.modified().plusMillis(999))
                && !modified.isBefore(there.modified().minus(NEAR));
    }
}
