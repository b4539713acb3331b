package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * What a provider asks the key centre for: certificates of one validity, in items of one usage each. Travels sealed; made
 * by {@link IssuanceClient}, opened by {@link IssuanceServer}. The timestamp is in epoch seconds.
 */
public record IssuanceRequest(Id id, long timestamp, Validity validity, List<Item> items) {

    /** The most items in a request. */
    public static final int MAX_ITEMS = 16;

    /** The most certificates in a request, over all its items. */
    public static final int MAX_CERTIFICATES = KeyRequestPublic.MAX_BATCH;

    private static final byte[] MAGIC = Bytes.ascii("FMIQ");
    private static final int VERSION = 1;

    /** A request's name: 16 random bytes. The key centre answers each only once. */
    public static final class Id extends FixedBytes {

        /** Bytes in a request id. */
        public static final int LENGTH = 16;

        private Id(byte[] value) {
            super(value, LENGTH);
        }

        /** A fresh id. */
        public static Id random(SecureRandom random) {
            return new Id(Bytes.random(random, LENGTH));
        }

        /** The id of exactly 16 bytes. */
        public static Id of(byte[] value) {
            return new Id(value);
        }
    }

    /** So many certificates of one usage, for the first {@code count} keys of a {@link KeyRequest}. */
    public record Item(Usage usage, int count, KeyRequestPublic keys) {

        /** Refuses a count out of bounds and the usage that is the key centre's own. */
        public Item {
            if (count < 1 || count > MAX_CERTIFICATES) {
                throw new IllegalArgumentException("count must be in 1.." + MAX_CERTIFICATES + ": " + count);
            }
            if (usage == Usage.ANNOUNCEMENT) {
                throw new IllegalArgumentException("nobody may ask for a certificate for announcements");
            }
        }
    }

    /** Refuses no or too many items, too many certificates and a timestamp that does not fit 32 bits. */
    public IssuanceRequest {
        items = List.copyOf(items);
        if (items.isEmpty() || items.size() > MAX_ITEMS || count(items) > MAX_CERTIFICATES) {
            throw new IllegalArgumentException(
                    "a request has 1.." + MAX_ITEMS + " items and at most " + MAX_CERTIFICATES + " certificates");
        }
        if (timestamp < 0 || timestamp >>> 32 != 0) {
            throw new IllegalArgumentException("timestamp does not fit 32 bits: " + timestamp);
        }
    }

    /** Certificates asked for, over all items. */
    public int count() {
        return count(items);
    }

    private static int count(List<Item> items) {
        return items.stream().mapToInt(Item::count).sum();
    }

    byte[] encoded() {
        var out = new Writer(40 + items.size() * (3 + KeyRequestPublic.LENGTH));
        out.bytes(MAGIC);
        out.u8(VERSION);
        out.bytes(id.raw());
        out.u32(timestamp);
        out.u32(validity.notBefore());
        out.u32(validity.notAfter());
        out.u8(items.size());
        for (Item item : items) {
            out.u8(item.usage().code());
            out.u16(item.count());
            out.bytes(item.keys().point().encoded());
            out.bytes(item.keys().seed().raw());
        }
        return out.toByteArray();
    }

    static IssuanceRequest read(Reader in) {
        in.magic(MAGIC);
        in.version(VERSION);
        Id id = Id.of(in.bytes(Id.LENGTH));
        long timestamp = in.u32();
        Validity validity = in.validity();
        int size = in.within(in.u8(), 1, MAX_ITEMS, "the number of items");
        try {
            List<Item> items = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                items.add(readItem(in));
            }
            return new IssuanceRequest(id, timestamp, validity, items);
        } catch (IllegalArgumentException e) {
            throw in.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static Item readItem(Reader in) {
        Usage usage = Usage.of(in.u8());
        int count = in.u16();
        Point point = Point.decode(in.bytes(Point.LENGTH));
        var seed = KeyRequestPublic.Seed.of(in.bytes(KeyRequestPublic.Seed.LENGTH));
        return new Item(usage, count, new KeyRequestPublic(point, seed));
    }
}
