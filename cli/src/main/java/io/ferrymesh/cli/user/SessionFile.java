package io.ferrymesh.cli.user;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * A session in a file that only its owner can read. Commands that run at once share it: one asks for the next pair, the
 * others find it there, because a refresh token that is used twice ends the session.
 */
public final class SessionFile implements SessionKeeper {

    private static final int MAX_BYTES = 16 << 10;

    private final Path file;

    public SessionFile(Path file) {
        this.file = file;
    }

    /** Where a provider's session is kept if nobody says otherwise. */
    public static Path usual(URI provider, Map<String, String> environment) {
        String home = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path base = home.isEmpty() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(home);
        String name = provider.getAuthority().replaceAll("[^A-Za-z0-9.-]", "_");
        return base.resolve("ferrymesh").resolve(name + ".session");
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /** Puts a session in the place of whatever was there, and keeps what this client shows when it logs in again. */
    public void save(Session session) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && !Files.exists(directory)) {
            Path unused = Files.createDirectories(directory, ownerOnly("rwx------"));
        }
        place(file, session.json());
        if (session.device().isPresent()) {
            place(
                    deviceFile(),
                    new JsonObject()
                            .put("provider", session.provider().toString())
                            .put("name", session.name())
                            .put("deviceToken", session.device().get()));
        }
    }

    /** What this client shows when it logs in to this account again; empty if it has not yet. */
    public Optional<String> device(URI provider, String name) {
        try {
            JsonObject kept = new JsonObject(Files.readString(deviceFile()));
            boolean same =
                    provider.toString().equals(kept.getString("provider")) && name.equals(kept.getString("name"));
            return same ? Optional.ofNullable(kept.getString("deviceToken")) : Optional.empty();
        } catch (IOException | DecodeException | ClassCastException e) {
            return Optional.empty(); // logging in works without
        }
    }

    /** Removes the session; what this client shows when it logs in again stays. */
    public void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Removes what is left of an account that is gone. */
    public void forgetDevice() throws IOException {
        Files.deleteIfExists(deviceFile());
    }

    private Path deviceFile() {
        return file.resolveSibling(file.getFileName() + ".device");
    }

    /** A new file in the place of an old one or of a link: who could read that one cannot read it, also while it is written. */
    private void place(Path target, JsonObject json) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(directory, ".ferrymesh-", ".new", ownerOnly("rw-------"));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                write(channel, json);
            }
            Path unused =
                    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    @Override
    public Session current() throws IOException {
        return locked(this::read);
    }

    @Override
    public Session renewed(Session stale, Renewal renewal) throws IOException {
        return locked(channel -> {
            Session now = read(channel);
            if (!now.access().equals(stale.access())) {
                return now;
            }
            Session next = renewal.next(now);
            write(channel, next.json());
            return next;
        });
    }

    /** Done by whoever has the file. */
    @FunctionalInterface
    private interface Work {
        Session with(FileChannel channel) throws IOException, InterruptedException;
    }

    /** One thread of this process at a time, and one process. */
    private Session locked(Work work) throws IOException {
        synchronized (SessionFile.class) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                FileLock unused = channel.lock(); // until the channel is closed
                return work.with(channel);
            } catch (NoSuchFileException e) {
                throw new IOException("there is no session " + file + ": log in with ferrymesh account login", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private Session read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        while (channel.read(bytes) > 0) {
            // to the end, or as much as a session can be
        }
        try {
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            return Session.parse(new JsonObject(text));
        } catch (DecodeException | NullPointerException | ClassCastException | IllegalArgumentException e) {
            throw new IOException("this is not a session as ferrymesh account login writes it: " + file);
        }
    }

    private static void write(FileChannel channel, JsonObject json) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((json.encode() + "\n").getBytes(StandardCharsets.UTF_8));
        long position = 0;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
        channel.truncate(position).force(true);
    }

    private FileAttribute<?>[] ownerOnly(String mode) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
