package io.ferrymesh.stores.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * An open directory below the root. What is done by name here is done relative to the open directory, so that nobody can
 * put a symbolic link in between. Shared: closing it gives it back to {@link Directories}.
 */
final class Directory implements AutoCloseable {

    private static final Path SELF = Path.of(".");

    private final Directories owner;
    private final String key;
    private final Path path;
    private final SecureDirectoryStream<Path> stream;
    private final Object identity;

    /** How many hold it, the cache included. Guarded by the owner. */
    int holders = 1;

    Directory(Directories owner, String key, Path path, DirectoryStream<Path> opened) throws IOException {
        if (!(opened instanceof SecureDirectoryStream<Path> secure)) {
            opened.close();
            throw new UnsupportedOperationException("this system cannot open files relative to a directory");
        }
        this.owner = owner;
        this.key = key;
        this.path = path;
        this.stream = secure;
        this.identity = identityOf(
                secure.getFileAttributeView(BasicFileAttributeView.class).readAttributes());
    }

    /** Opens the root, which may be reached through links: the operator named it. */
    static Directory openRoot(Directories owner, Path root) throws IOException {
        return new Directory(owner, "", root, root.getFileSystem().provider().newDirectoryStream(root, member -> true));
    }

    /** Its path below the root, {@code a/b}; empty for the root. */
    String key() {
        return key;
    }

    /** Tells it from any other that may have its name. */
    Object identity() {
        return identity;
    }

    /** Whether it was opened by {@code directories}. */
    boolean isOf(Directories directories) {
        return owner == directories;
    }

    /** Its full path, for the few calls that have no relative form. */
    Path path() {
        return path;
    }

    /** The attributes of a member, of the link itself where it is one. */
    BasicFileAttributes attributes(Path name) throws IOException {
        return stream.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** Its own attributes. */
    BasicFileAttributes attributes() throws IOException {
        return stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
    }

    /** Sets its own modification time, by path: the relative form keeps only microseconds on JDK 17. */
    void setModified(FileTime modified) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(modified, null, null);
    }

    /** Opens a member that is known to be no pipe or device: opening one of those could block. */
    FileChannel openFile(Path name, StandardOpenOption... options) throws IOException {
        var all = new HashSet<OpenOption>(Set.of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return (FileChannel) stream.newByteChannel(name, all);
    }

    /** A new pass over its members; each is given by a path whose last part is its name. */
    DirectoryStream<Path> scan() throws IOException {
        return stream.newDirectoryStream(SELF, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes a file. */
    void delete(Path name) throws IOException {
        stream.deleteFile(name);
    }

    /** Removes an empty directory. */
    void deleteDirectory(Path name) throws IOException {
        stream.deleteDirectory(name);
    }

    /** Moves a file in one step, replacing what is there. */
    void move(Path name, Directory to, Path newName) throws IOException {
        stream.move(name, to.stream, newName);
    }

    /** Makes its list of members survive a power cut. */
    void sync() throws IOException {
        try (FileChannel channel = openFile(SELF, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether its path still leads to it. */
    boolean isCurrent() {
        try {
            return identity.equals(identityOf(Files.readAttributes(path, BasicFileAttributes.class)));
        } catch (IOException e) {
            return false;
        }
    }

    Directory openChild(String name) throws IOException {
        Path child = FileNames.of(name);
        String childKey = key.isEmpty() ? name : key + "/" + name;
        if (!attributes(child).isDirectory()) {
            throw new NotDirectoryException(childKey);
        }
        return new Directory(
                owner, childKey, path.resolve(child), stream.newDirectoryStream(child, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public void close() {
        owner.release(this);
    }

    void closeForGood() {
        try {
            stream.close();
        } catch (IOException e) {
            // it was only read from
        }
    }

    private static Object identityOf(BasicFileAttributes attributes) {
        return Objects.requireNonNull(attributes.fileKey(), "a directory has an inode");
    }
}
