package io.ferrymesh.scheme;

import java.util.ArrayList;
import java.util.List;

/**
 * Some consecutive entries of the revocation log, beginning with the one numbered {@code first}. Not signed: the chain of a
 * {@link Bulletin} tells whether they are the key centre's. Scheme, What the KGC publishes.
 */
public record RevocationPage(long first, List<RevocationEntry> entries) {

    /** The most entries in a page, so that it fits a reply of 1 MiB. */
    public static final int MAX_ENTRIES = 50_000;

    private static final int VERSION = 1;
    private static final int HEADER = 1 + 8 + 4;
    private static final String WHAT = "revocation page";

    /** Refuses a first number below 1 and too many entries. */
    public RevocationPage {
        entries = List.copyOf(entries);
        if (first < 1 || entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("a page begins at 1 or later and has at most " + MAX_ENTRIES
                    + " entries: " + first + ", " + entries.size());
        }
    }

    /** The entries after one number, up to another. */
    public record Request(long after, long upTo) {

        /** Bytes in the encoded form. */
        public static final int LENGTH = 1 + 8 + 8;

        /** Refuses a request for nothing. */
        public Request {
            if (after < 0 || upTo <= after) {
                throw new IllegalArgumentException("0 <= after < upTo: " + after + ", " + upTo);
            }
        }

        /** The 17 bytes. */
        public byte[] encoded() {
            var out = new Writer(LENGTH);
            out.u8(VERSION);
            out.u64(after);
            out.u64(upTo);
            return out.toByteArray();
        }

        /** Decodes 17 bytes strictly. */
        public static Request decode(byte[] encoded) {
            Reader in = new Reader(encoded, "request for a revocation page");
            in.version(VERSION);
            long after = in.positive();
            long upTo = in.positive();
            in.end();
            if (upTo <= after) {
                throw in.malformed("it asks for nothing");
            }
            return new Request(after, upTo);
        }
    }

    /** {@code u8 1 ‖ u64 first ‖ u32 count ‖ entries}. */
    public byte[] encoded() {
        var out = new Writer(HEADER + entries.size() * RevocationEntry.LENGTH);
        out.u8(VERSION);
        out.u64(first);
        out.u32(entries.size());
        entries.forEach(entry -> out.bytes(entry.encoded()));
        return out.toByteArray();
    }

    /** Decodes a page strictly. */
    public static RevocationPage decode(byte[] encoded) {
        Reader in = new Reader(encoded, WHAT);
        in.version(VERSION);
        long first = in.positive();
        long count = in.u32();
        if (first < 1 || count > MAX_ENTRIES || count * RevocationEntry.LENGTH != in.remaining()) {
            throw in.malformed("its numbers are out of bounds");
        }
        List<RevocationEntry> entries = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            entries.add(RevocationEntry.read(in));
        }
        in.end();
        return new RevocationPage(first, entries);
    }

    @Override
    public String toString() {
        return "RevocationPage[" + first + ", " + entries.size() + " entries]";
    }
}
