package io.ferrymesh.cli.user;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;

/** A user's objects at a provider. */
public final class ObjectClient {

    private static final String OBJECTS = "/v1/objects";
    private static final int PAGE = 1_000;

    private final UserClient user;

    public ObjectClient(UserClient user) {
        this.user = user;
    }

    /** All objects under a prefix, in order, page after page. */
    public void list(String prefix, Consumer<JsonObject> each) throws IOException, InterruptedException {
        Optional<String> cursor = Optional.empty();
        do {
            StringBuilder query = new StringBuilder(OBJECTS + "?limit=" + PAGE);
            if (!prefix.isEmpty()) {
                query.append("&prefix=").append(ProviderHttp.encoded(prefix));
            }
            cursor.ifPresent(next -> query.append("&cursor=").append(ProviderHttp.encoded(next)));
            JsonObject page = user.get(query.toString());
            page.getJsonArray("objects").forEach(object -> each.accept((JsonObject) object));
            cursor = Optional.ofNullable(page.getString("next"));
        } while (cursor.isPresent());
    }

    /** Writes an object's bytes as they come. */
    public void get(String path, OutputStream out) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = user.stream(at(path), "*/*");
        try (InputStream body = response.body()) {
            long unused = body.transferTo(out);
        }
    }

    /** Makes a file of an object, in one step once all of it is there, with the object's modification time. */
    public void get(String path, Path file) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = user.stream(at(path), "*/*");
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), ".ferrymesh-", ".part");
        try (InputStream body = response.body()) {
            long unused = Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
            Optional<String> modified = response.headers().firstValue("X-Ferrymesh-Modified");
            if (modified.isPresent()) {
                Path unusedDated = Files.setLastModifiedTime(part, FileTime.from(Instant.parse(modified.get())));
            }
            Path unusedMoved =
                    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Puts a file's bytes, with its modification time and a digest that the provider checks.
     *
     * @param onlyNew whether it is refused when there is one already
     * @return whether it was new
     */
    public boolean put(Path file, String path, boolean onlyNew) throws IOException, InterruptedException {
        HttpRequest.Builder request = user.request(at(path))
                .header("Content-Type", "application/octet-stream")
                .header("Content-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(sha256(file)) + ":")
                .header(
                        "X-Ferrymesh-Modified",
                        Files.getLastModifiedTime(file).toInstant().toString())
                .PUT(BodyPublishers.ofFile(file));
        if (onlyNew) {
            request.header("If-None-Match", "*");
        }
        HttpResponse<InputStream> response = user.send(request);
        response.body().close();
        return response.statusCode() == 201;
    }

    public void delete(String path) throws IOException, InterruptedException {
        user.tell("DELETE", at(path), Optional.empty());
    }

    private static String at(String path) {
        return OBJECTS + "/" + ProviderHttp.encodedPath(path);
    }

    private static byte[] sha256(Path file) throws IOException {
        try (OutputStream digesting =
                new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
            long unused = Files.copy(file, digesting);
            return ((DigestOutputStream) digesting).getMessageDigest().digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
