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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Objects;
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
        CLOSED
    }

    private final ObjectInfo info;
    private final Directory area;
    private final Path name;
    private final Consumer<StagedFile> onClose;
    private final WrittenRanges ranges; // this and the rest guarded by this
    private @Nullable FileChannel channel;
    private long missing;
    private State state = State.WRITING;

    private StagedFile(ObjectInfo info, Directory area, Path name, FileChannel channel, Consumer<StagedFile> onClose) {
        this.info = info;
        this.area = area;
        this.name = name;
        this.channel = channel;
        this.onClose = onClose;
        this.ranges = new WrittenRanges(info.size());
        this.missing = info.size();
    }

    /** Starts a file {@code name} in {@code area}; {@code onClose} hears when it is gone, unless this fails. */
    static StagedFile create(
            ObjectInfo info, ObjectMetadata metadata, Directory area, Path name, Consumer<StagedFile> onClose)
            throws IOException, StoreException {
        FileChannel channel = area.openFile(name, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        var staged = new StagedFile(info, area, name, channel, onClose);
        try {
            FileMetadata.write(area.path().resolve(name), info.path(), metadata);
            synchronized (staged) {
                staged.completeIfWhole();
            }
            return staged;
        } catch (IOException | StoreException | RuntimeException e) {
            channel.close();
            area.delete(name);
            throw e;
        }
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws StoreException {
        if (length == 0) {
            return;
        }
        var bytes = ByteBuffer.wrap(from, offset, length);
        FileChannel out = claim(position, length);
        try {
            while (bytes.hasRemaining()) {
                int written = out.write(bytes, position + bytes.position() - offset);
                if (written <= 0) {
                    throw new IOException("No space left on device");
                }
            }
            synchronized (this) {
                missing -= length;
                completeIfWhole();
            }
        } catch (IOException e) {
            throw failed(writeFailure(e, length));
        }
    }

    /** Whether it lies in the staging area below {@code directories}. */
    boolean isOf(Directories directories) {
        return area.isOf(directories);
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
    void force() throws IOException {
        try (FileChannel reopened = area.openFile(name, StandardOpenOption.WRITE)) {
            reopened.force(true);
        }
    }

    /** Takes its place in one step, replacing what is there. */
    synchronized void moveTo(Directory parent, Path newName) throws IOException {
        area.move(name, parent, newName);
        state = State.MOVED;
    }

    /**
     * Takes its place in one step, or fails with {@link FileAlreadyExistsException}. There is no call to link relative to
     * open directories, so it looks afterwards whether the directory is still the one; if not, the caller opens it anew and
     * calls again. The file's name in staging goes at once: that changes its state, which is part of its etag.
     */
    synchronized void linkTo(Directory parent, Path newName) throws IOException {
        try {
            Files.createLink(parent.path().resolve(newName), area.path().resolve(name));
        } catch (FileAlreadyExistsException e) {
            if (!isAt(parent, newName)) { // or a call before this one put it there
                throw e;
            }
        }
        if (!isAt(parent, newName) && !parent.isCurrent()) {
            throw new ParentMovedException();
        }
        removeFromStaging();
    }

    private boolean isAt(Directory parent, Path newName) throws IOException {
        try {
            Object there = parent.attributes(newName).fileKey();
            return there != null && there.equals(area.attributes(name).fileKey());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    // holds the lock
    private void removeFromStaging() {
        try {
            area.delete(name);
            state = State.MOVED;
        } catch (IOException e) {
            // closing tries again
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            boolean remove = state != State.MOVED;
            state = State.CLOSED;
            try {
                closeChannel();
                if (remove) {
                    area.delete(name);
                }
            } catch (IOException e) {
                // the next start of a store cleans up
            }
        }
        onClose.accept(this);
    }

    private synchronized FileChannel claim(long position, int length) throws StoreException {
        if (state != State.WRITING && state != State.COMPLETE) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": cannot be written, it is " + state);
        }
        try {
            ranges.claim(position, length);
        } catch (IllegalArgumentException e) {
            throw failed(new StoreException(StoreError.IO_ERROR, info.path() + ": " + e.getMessage(), e));
        }
        return Objects.requireNonNull(channel, "nothing can be claimed of what is whole");
    }

    // holds the lock
    private void completeIfWhole() throws IOException {
        if (missing == 0 && state == State.WRITING) {
            closeChannel();
            // by path: the relative form keeps only microseconds on JDK 17
            Files.getFileAttributeView(
                            area.path().resolve(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(FileTimes.settable(info.modified()), null, null);
            state = State.COMPLETE;
        }
    }

    // holds the lock
    private void closeChannel() throws IOException {
        if (channel != null) {
            FileChannel open = channel;
            channel = null;
            open.close();
        }
    }

    private synchronized StoreException failed(StoreException failure) {
        if (state != State.CLOSED) {
            state = State.FAILED;
        }
        return failure;
    }

    private StoreException writeFailure(IOException cause, int length) {
        StoreException failure = Failures.writing(info.path(), cause);
        return failure.error() == StoreError.IO_ERROR && Failures.isFull(area.path(), length)
                ? Failures.as(StoreError.FULL, info.path(), cause)
                : failure;
    }

    /** A directory was swapped for another, or removed, while something was put into it. */
    static final class ParentMovedException extends IOException {
        ParentMovedException() {
            super("its directory was moved away meanwhile");
        }
    }
}
