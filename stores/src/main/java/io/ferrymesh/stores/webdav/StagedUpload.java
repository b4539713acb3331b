package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.writing.WrittenRanges;
import java.net.URI;
import java.time.Instant;
import java.util.function.Consumer;

/** An object on its way up. The thread that writes the last byte uploads it. */
final class StagedUpload implements StagedObject {

    private enum State {
        WRITING,
        UPLOADING,
        COMPLETE,
        PUBLISHED,
        FAILED,
        CLOSED
    }

    private final ObjectInfo info;
    private final Dav dav;
    private final Staging staging;
    private final String path;
    private final Spool spool;
    private final Consumer<StagedUpload> onClose;
    private final WrittenRanges ranges; // this and the rest guarded by this
    private long missing;
    private Instant modified;
    private State state = State.WRITING;

    private StagedUpload(
            ObjectInfo info, Dav dav, Staging staging, String path, Spool spool, Consumer<StagedUpload> onClose) {
        this.info = info;
        this.dav = dav;
        this.staging = staging;
        this.path = path;
        this.spool = spool;
        this.onClose = onClose;
        this.ranges = new WrittenRanges(info.size());
        this.missing = info.size();
        this.modified = info.modified();
    }

    static StagedUpload start(ObjectInfo info, Dav dav, Staging staging, Spool spool, Consumer<StagedUpload> onClose)
            throws StoreException {
        var staged = new StagedUpload(info, dav, staging, staging.next(info.path()), spool, onClose);
        if (info.size() == 0) {
            synchronized (staged) {
                staged.state = State.UPLOADING;
            }
            staged.upload();
        }
        return staged;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    /** Where it lies on the server. */
    URI place() {
        return staging.placeOf(path);
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws StoreException {
        if (length == 0) {
            return;
        }
        claim(position, length);
        try {
            spool.write(info.path(), position, from, offset, length);
            if (isWhole(position, length)) {
                upload();
            }
        } catch (StoreException e) {
            throw failed(e);
        }
    }

    /** As long as not all bytes were there: with the last one they are on their way. */
    @Override
    public synchronized void rewrite(int segment) throws StoreException {
        if (state != State.WRITING) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": cannot be written again, it is " + state);
        }
        missing += ranges.forget(segment);
    }

    /** Whether it was staged in the store of {@code dav}. */
    boolean isOf(Dav store) {
        return dav == store;
    }

    /** Refuses an object that is not whole. */
    synchronized void requireComplete() throws StoreException {
        if (state == State.WRITING || state == State.UPLOADING) {
            throw new StoreException(
                    StoreError.IO_ERROR, info.path() + ": " + missing + " of " + info.size() + " bytes are missing");
        }
        if (state != State.COMPLETE) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": was " + state + " before");
        }
    }

    /** Uploads the same bytes again with another modification time. */
    void uploadAgain(Instant later, Spool copy) throws StoreException {
        dav.put(info.path(), place(), copy, info.size(), later, () -> staging.make(info.path()));
        synchronized (this) {
            modified = later;
        }
    }

    /** The modification time that it has there. */
    synchronized Instant modified() {
        return modified;
    }

    /** Nothing is left in staging. */
    synchronized void published() {
        state = State.PUBLISHED;
    }

    @Override
    public void close() {
        boolean remove;
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            remove = state == State.COMPLETE || state == State.FAILED;
            state = State.CLOSED;
        }
        spool.close();
        if (remove) {
            removeUpload();
        }
        onClose.accept(this);
    }

    private void upload() throws StoreException {
        dav.put(info.path(), place(), spool, info.size(), info.modified(), () -> staging.make(info.path()));
        spool.close();
        boolean tooLate;
        synchronized (this) {
            tooLate = state == State.CLOSED;
            state = tooLate ? State.CLOSED : State.COMPLETE;
        }
        if (tooLate) {
            removeUpload();
        }
    }

    private void removeUpload() {
        try {
            boolean unused = dav.delete(info.path(), place());
        } catch (StoreException e) {
            // it goes when the store closes
        }
    }

    private synchronized void claim(long position, int length) throws StoreException {
        if (state != State.WRITING && state != State.COMPLETE) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": cannot be written, it is " + state);
        }
        try {
            ranges.claim(position, length);
        } catch (IllegalArgumentException e) {
            throw failed(new StoreException(StoreError.IO_ERROR, info.path() + ": " + e.getMessage(), e));
        }
    }

    private synchronized boolean isWhole(long position, int length) {
        ranges.written(position, length);
        missing -= length;
        if (missing == 0 && state == State.WRITING) {
            state = State.UPLOADING;
            return true;
        }
        return false;
    }

    private synchronized StoreException failed(StoreException failure) {
        if (state != State.CLOSED) {
            state = State.FAILED;
        }
        return failure;
    }
}
