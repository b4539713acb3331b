package io.ferrymesh.stores.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;

/** A file by its name in staging, and the ways out of there. Knows nothing of what is in it. */
record StagingFile(Directory area, Path name) {

    /** A directory was swapped for another, or removed, while something was put into it. */
    static final class ParentMovedException extends IOException {
        ParentMovedException() {
            super("its directory was moved away meanwhile");
        }
    }

    /** Its full path, for the few calls that have no relative form. */
    Path path() {
        return area.path().resolve(name);
    }

    FileChannel create() throws IOException {
        return area.openFile(name, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    FileChannel open() throws IOException {
        return area.openFile(name, StandardOpenOption.WRITE);
    }

    /** Fails with {@link NoSuchFileException} when it has lost its name. */
    void requireThere() throws IOException {
        var unused = area.attributes(name);
    }

    /** Makes contents and modification time survive a power cut. */
    void sync() throws IOException {
        try (FileChannel reopened = open()) {
            reopened.force(true);
        }
    }

    /** By path: the relative form keeps only microseconds on JDK 17. With both times, as the JDK would look for the other one first. */
    void setModified(FileTime modified) throws IOException {
        Files.getFileAttributeView(path(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(modified, FileTime.fromMillis(System.currentTimeMillis()), null);
    }

    /** Takes its place in one step, replacing what is there. */
    void moveTo(Directory parent, Path newName) throws IOException {
        area.move(name, parent, newName);
    }

    /**
     * Takes its place in one step, or fails with {@link FileAlreadyExistsException}; keeps its name in staging. There is no call
     * to link relative to open directories, so it looks afterwards whether the directory is still the one; if not, the caller
     * opens it anew and calls again.
     */
    void linkTo(Directory parent, Path newName) throws IOException {
        try {
            Files.createLink(parent.path().resolve(newName), path());
        } catch (FileAlreadyExistsException e) {
            if (!isAt(parent, newName)) { // or a call before this one put it there
                throw e;
            }
        }
        if (!isAt(parent, newName) && !parent.isCurrent()) {
            throw new ParentMovedException();
        }
    }

    void delete() throws IOException {
        area.delete(name);
    }

    private boolean isAt(Directory parent, Path newName) throws IOException {
        try {
            Object there = parent.attributes(newName).fileKey();
            return there != null && there.equals(area.attributes(name).fileKey());
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
