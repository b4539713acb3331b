package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of an object, and how the store puts its own facts there: the modification time in user metadata as
 * {@code mtime}, in seconds with a fraction as rclone does, and a name for this very publication, so that a lost answer can
 * be told from somebody else's object and each publication has an etag of its own.
 */
record ObjectHeaders(
        long size, Instant stored, String s3Etag, @Nullable String contentType, Map<String, String> metadata) {

    static final String MTIME = "mtime";
    static final String PUBLICATION = "ferrymesh-id";

    /** What Amazon's server says where nobody said a content type; it stands for none. */
    static final String NO_CONTENT_TYPE = "binary/octet-stream";

    /** What programs that make directories in buckets call them. */
    static final String DIRECTORY_TYPE = "application/x-directory";

    private static final int NANO_DIGITS = 9;
    private static final long MOST_SECONDS = 253_402_300_799L; // the year 9999

    /** The content type to send with an object. */
    static String typeToSend(ObjectPath path, ObjectMetadata metadata) {
        return path.isDirectory() ? DIRECTORY_TYPE : metadata.contentType().orElse(NO_CONTENT_TYPE);
    }

    /** Refuses keys that are the store's own. */
    static void check(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        if (path.isDirectory() && !metadata.isEmpty()) {
            throw new StoreException(StoreError.UNSUPPORTED_METADATA, path + ": a directory has no metadata");
        }
        if (metadata.contentType()
                .filter(type -> type.startsWith(DIRECTORY_TYPE))
                .isPresent()) {
            throw new StoreException(
                    StoreError.UNSUPPORTED_METADATA,
                    path + ": the content type " + DIRECTORY_TYPE + " is for directories");
        }
        for (String key : new String[] {MTIME, PUBLICATION}) {
            if (metadata.user().containsKey(key)) {
                throw new StoreException(
                        StoreError.UNSUPPORTED_METADATA, path + ": the metadata key " + key + " is the store's own");
            }
        }
    }

    /** The user metadata to send with an object. */
    static Map<String, String> toSend(Instant modified, ObjectMetadata metadata, String publication) {
        var all = new TreeMap<>(metadata.user());
        all.put(MTIME, seconds(modified));
        all.put(PUBLICATION, publication);
        return all;
    }

    ObjectInfo info(ObjectPath path, boolean serverTimes) {
        Instant modified = serverTimes ? serverTime() : mtime().orElseGet(this::serverTime);
        return new ObjectInfo(path, path.isDirectory() ? 0 : size, modified);
    }

    ObjectDetails details(ObjectPath path, boolean serverTimes) {
        return new ObjectDetails(info(path, serverTimes), etag(), kept(path));
    }

    /** The server's etag and a short hash of all that it leaves out. */
    String etag() {
        var crc = new CRC32C();
        crc.update((contentType + new TreeMap<>(metadata)).getBytes(StandardCharsets.UTF_8));
        String hash = String.format(Locale.ROOT, "%08x", crc.getValue());
        boolean usual = s3Etag.length() <= ObjectDetails.MAX_ETAG - 9
                && s3Etag.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"');
        if (usual) {
            return s3Etag + "." + hash;
        }
        crc.update(s3Etag.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x.%s", crc.getValue(), hash);
    }

    /**
     * Whether this can be the object asked for. A server over a file system takes {@code a} and {@code a/} for the same, so
     * the answer may be about the other one.
     */
    boolean fits(ObjectPath path) {
        boolean directory = size == 0 && contentType != null && contentType.startsWith(DIRECTORY_TYPE);
        return path.isDirectory() ? size == 0 : !directory;
    }

    /** Whether this is what {@code publication} wrote. */
    boolean isOf(String publication) {
        return publication.equals(metadata.get(PUBLICATION));
    }

    private Instant serverTime() {
        return stored.truncatedTo(ChronoUnit.SECONDS);
    }

    private Optional<Instant> mtime() {
        return Optional.ofNullable(metadata.get(MTIME)).flatMap(ObjectHeaders::parseSeconds);
    }

    /** The user's own pairs. What another program put there and cannot be kept elsewhere is left out. */
    private ObjectMetadata kept(ObjectPath path) {
        if (path.isDirectory()) {
            return ObjectMetadata.EMPTY;
        }
        var user = new TreeMap<String, String>();
        int total = 0;
        for (var entry : new TreeMap<>(metadata).entrySet()) {
            String key = entry.getKey().toLowerCase(Locale.ROOT);
            String value = entry.getValue();
            int length = key.length() + value.length();
            if (!key.equals(MTIME)
                    && !key.equals(PUBLICATION)
                    && ObjectMetadata.isKey(key)
                    && ObjectMetadata.isText(value, ObjectMetadata.MAX_VALUE)
                    && user.size() < ObjectMetadata.MAX_KEYS
                    && total + length <= ObjectMetadata.MAX_TOTAL) {
                user.put(key, value);
                total += length;
            }
        }
        Optional<String> type = Optional.ofNullable(contentType)
                .filter(text ->
                        !text.equals(NO_CONTENT_TYPE) && ObjectMetadata.isText(text, ObjectMetadata.MAX_CONTENT_TYPE));
        return new ObjectMetadata(type, user);
    }

    /** A time as {@code 981173106.123456789}, or with a minus sign before all of it. */
    static String seconds(Instant time) {
        String fraction = String.format(Locale.ROOT, "%09d", time.getNano()).replaceFirst("0+$", "");
        if (time.getEpochSecond() >= 0 || fraction.isEmpty()) {
            return time.getEpochSecond() + (fraction.isEmpty() ? "" : "." + fraction);
        }
        String below = String.format(Locale.ROOT, "%09d", 1_000_000_000 - time.getNano())
                .replaceFirst("0+$", "");
        return "-" + -(time.getEpochSecond() + 1) + "." + below;
    }

    /** The reverse; empty for anything else. */
    static Optional<Instant> parseSeconds(String text) {
        if (!text.matches("-?[0-9]{1,12}(\\.[0-9]{1,20})?")) {
            return Optional.empty();
        }
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        int dot = digits.indexOf('.');
        long whole = Long.parseLong(dot < 0 ? digits : digits.substring(0, dot));
        String fraction = dot < 0 ? "" : digits.substring(dot + 1);
        long nanos = Long.parseLong((fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS));
        if (whole > MOST_SECONDS) {
            return Optional.empty();
        }
        return Optional.of(negative ? Instant.ofEpochSecond(-whole, -nanos) : Instant.ofEpochSecond(whole, nanos));
    }
}
