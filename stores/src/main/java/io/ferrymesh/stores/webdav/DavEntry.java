package io.ferrymesh.stores.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ferrymesh.stores.ObjectDetails;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a server says of one resource.
 *
 * @param path decoded, without slashes at its end
 * @param serverTag its entity tag as the server wrote it, where it says one here
 */
@SuppressWarnings("ArrayRecordComponent") // never changed; equality is its own
record DavEntry(byte[] path, boolean collection, long size, Instant modified, Optional<String> serverTag) {

    private static final int HASHED_BYTES = 16;

    /**
     * Its etag: the server's, or one of its size and time. The latter does not tell two versions of one size and one second
     * apart; {@link Placement} sees to it that there are none.
     */
    String etag() {
        return serverTag.map(DavEntry::plain).orElseGet(this::coarseTag);
    }

    /** Whether the etag says no more than size and time. */
    boolean isCoarse() {
        return serverTag.isEmpty();
    }

    /** Its last part. */
    byte[] name() {
        int slash = path.length - 1;
        while (slash >= 0 && path[slash] != '/') {
            slash--;
        }
        return Arrays.copyOfRange(path, slash + 1, path.length);
    }

    /** Whether it is what {@code parent} directly holds. */
    boolean isIn(byte[] parent) {
        int start = path.length - name().length - 1;
        return start == parent.length && Arrays.equals(path, 0, start, parent, 0, start);
    }

    /** An entity tag without its quotes and the mark of a weak one, or a hash of it where it is unusual. */
    static String plain(String tag) {
        String text = tag.strip();
        text = text.startsWith("W/") ? text.substring(2) : text;
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        text = quoted ? text.substring(1, text.length() - 1) : text;
        boolean usual = !text.isEmpty()
                && text.length() <= ObjectDetails.MAX_ETAG
                && text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"');
        return usual ? text : hashed(tag);
    }

    private String coarseTag() {
        return Long.toHexString(modified.getEpochSecond()) + "-" + Long.toHexString(size);
    }

    private static String hashed(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, HASHED_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DavEntry entry
                && Arrays.equals(path, entry.path)
                && collection == entry.collection
                && size == entry.size
                && modified.equals(entry.modified)
                && serverTag.equals(entry.serverTag);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(path);
    }

    @Override
    public String toString() {
        return new String(path, UTF_8) + (collection ? "/" : " " + size);
    }
}
