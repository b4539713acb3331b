package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.writing.WrittenRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file being written in the staging area. Its descriptor is closed and its modification time set with the last byte, so
 * that a large group waiting to be published holds no descriptors.
 */
final class StagedFile implements StagedObject {

    private enum State {
        WRITING,
        COMPLETE,
        MOVED,
        FAILED,
        LET_GO,
        CLOSED
    }

    private final ObjectInfo info;
    private final StagingFile file;
    private final @Nullable Keepsake keepsake;
    private final Consumer<StagedFile> onClose;
    private final Object safety = new Object(); // held while what is safe changes; taken before this
    private final WrittenRanges ranges; // this and the rest guarded by this
    private @Nullable FileChannel channel;
    private long missing;
    private State state = State.WRITING;

    private StagedFile(
            ObjectInfo info,
            StagingFile file,
            @Nullable Keepsake keepsake,
            FileChannel channel,
            Consumer<StagedFile> onClose) {
        this.info = info;
        this.file = file;
        this.keepsake = keepsake;
        this.channel = channel;
        this.onClose = onClose;
        this.ranges = new WrittenRanges(info.size());
        this.missing = info.size();
    }

    /**
     * Starts a file; {@code onClose} hears when it is gone or let go of, unless this fails.
     *
     * @param keepsake what outlives the process beside the file, null for a file that does not
     */
    static StagedFile create(
            ObjectInfo info,
            ObjectMetadata metadata,
            StagingFile file,
            @Nullable Keepsake keepsake,
            Consumer<StagedFile> onClose)
            throws IOException, StoreException {
        var staged = new StagedFile(info, file, keepsake, file.create(), onClose);
        try {
            FileMetadata.write(file.path(), info.path(), metadata);
            staged.completeIfWhole();
            return staged;
        } catch (IOException | StoreException | RuntimeException e) {
            staged.closeChannel();
            file.delete();
            throw e;
        }
    }

    /** Takes up a file that has all bytes of these segments. */
    static StagedFile resume(
            ObjectInfo info, StagingFile file, Keepsake keepsake, List<Integer> segments, Consumer<StagedFile> onClose)
            throws IOException {
        var staged = new StagedFile(info, file, keepsake, file.open(), onClose);
        try {
            synchronized (staged) {
                for (int segment : segments) {
                    staged.ranges.keep(segment);
                    staged.missing -= staged.ranges.lengthOf(segment);
                }
            }
            staged.completeIfWhole();
            return staged;
        } catch (IOException | RuntimeException e) {
            staged.closeChannel();
            throw e;
        }
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public Optional<String> token() {
        return Optional.ofNullable(keepsake).map(Keepsake::token);
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws StoreException {
        if (length == 0) {
            return;
        }
        var bytes = ByteBuffer.wrap(from, offset, length);
        FileChannel out = claim(position, length);
        try {
            if (keepsake != null) {
                file.requireThere(); // or somebody else has it, and may have published it
            }
            while (bytes.hasRemaining()) {
                int written = out.write(bytes, position + bytes.position() - offset);
                if (written <= 0) {
                    throw new IOException("No space left on device");
                }
            }
            synchronized (this) {
                ranges.written(position, length);
                missing -= length;
                completeIfWhole();
            }
        } catch (IOException e) {
            throw failed(Failures.writing(info.path(), e, file.area().path(), length));
        }
    }

    @Override
    public synchronized boolean holds(int segment) {
        return keepsake != null && ranges.isWhole(segment);
    }

    @Override
    public void force() throws StoreException {
        if (keepsake == null) {
            return;
        }
        synchronized (safety) {
            List<Integer> whole;
            synchronized (this) {
                requireUsable();
                whole = ranges.whole();
            }
            try {
                keepsake.force(file, whole);
            } catch (IOException e) {
                throw failed(Failures.writing(info.path(), e, file.area().path(), 0));
            }
        }
    }

    @Override
    public void rewrite(int segment) throws StoreException {
        synchronized (safety) {
            synchronized (this) {
                requireUsable();
            }
            try {
                if (keepsake != null) {
                    keepsake.forget(segment);
                }
                synchronized (this) {
                    missing += ranges.forget(segment);
                    if (missing > 0 && state == State.COMPLETE) {
                        channel = file.open();
                        state = State.WRITING;
                    }
                }
            } catch (IOException e) {
                throw failed(Failures.writing(info.path(), e, file.area().path(), 0));
            }
        }
    }

    /** Whether it lies in the staging area below {@code directories}. */
    boolean isOf(Directories directories) {
        return file.area().isOf(directories);
    }

    /** Refuses an object that is not whole. */
    synchronized void requireComplete() throws StoreException {
        if (state == State.WRITING) {
            throw new StoreException(
                    StoreError.IO_ERROR, info.path() + ": " + missing + " of " + info.size() + " bytes are missing");
        }
        if (state != State.COMPLETE) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": was " + state + " before");
        }
    }

    /** Makes contents and modification time survive a power cut. */
    void sync() throws IOException {
        file.sync();
    }

    /** Takes its place in one step, replacing what is there. */
    synchronized void moveTo(Directory parent, Path newName) throws IOException {
        file.moveTo(parent, newName);
        state = State.MOVED;
    }

    /**
     * Takes its place in one step, as {@link StagingFile#linkTo}. The file's name in staging goes at once: that changes its
     * state, which is part of its etag.
     */
    synchronized void linkTo(Directory parent, Path newName) throws IOException {
        file.linkTo(parent, newName);
        try {
            file.delete();
            state = State.MOVED;
        } catch (IOException e) {
            // closing tries again
        }
    }

    @Override
    public void detach() {
        end(keepsake == null ? State.CLOSED : State.LET_GO);
    }

    @Override
    public void close() {
        end(State.CLOSED);
    }

    private void end(State how) {
        synchronized (this) {
            if (state == State.CLOSED || state == State.LET_GO) {
                return;
            }
            boolean moved = state == State.MOVED;
            state = how;
            try {
                closeChannel();
                if (how == State.CLOSED && !moved) {
                    file.delete();
                }
                if (keepsake != null && (how == State.CLOSED || moved)) {
                    keepsake.delete();
                }
            } catch (IOException e) {
                // a store that is opened later cleans up
            }
        }
        onClose.accept(this);
    }

    private synchronized FileChannel claim(long position, int length) throws StoreException {
        requireUsable();
        try {
            ranges.claim(position, length);
        } catch (IllegalArgumentException e) {
            throw failed(new StoreException(StoreError.IO_ERROR, info.path() + ": " + e.getMessage(), e));
        }
        return Objects.requireNonNull(channel, "nothing can be claimed of what is whole");
    }

    private synchronized void requireUsable() throws StoreException {
        if (state != State.WRITING && state != State.COMPLETE) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": cannot be written, it is " + state);
        }
    }

    private synchronized void completeIfWhole() throws IOException {
        if (missing == 0 && state == State.WRITING) {
            closeChannel();
            file.setModified(FileTimes.settable(info.modified()));
            state = State.COMPLETE;
        }
    }

    private synchronized void closeChannel() throws IOException {
        if (channel != null) {
            FileChannel open = channel;
            channel = null;
            open.close();
        }
    }

    private synchronized StoreException failed(StoreException failure) {
        if (state != State.CLOSED && state != State.LET_GO) {
            state = State.FAILED;
        }
        return failure;
    }
}
