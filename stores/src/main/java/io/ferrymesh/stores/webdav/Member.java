package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectPath;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** A member of a collection, ordered by its name, where a collection counts as its name and the slash that follows it. */
@SuppressWarnings("ArrayRecordComponent") // never changed; equality is its own
record Member(byte[] name, byte[] sortKey, boolean collection, long size, Instant modified)
        implements Comparable<Member> {

    static Member of(DavEntry entry) {
        byte[] name = entry.name();
        byte[] key = entry.collection() ? Arrays.copyOf(name, name.length + 1) : name;
        if (entry.collection()) {
            key[name.length] = '/';
        }
        return new Member(name, key, entry.collection(), entry.size(), entry.modified());
    }

    /** Its name for people; the true one where it is UTF-8. */
    String text() {
        return new String(name, StandardCharsets.UTF_8);
    }

    boolean isUtf8() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .hasRemaining();
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether its name can be a part of a path at all. */
    boolean isPart() {
        try {
            return isUtf8()
                    && name.length <= ObjectPath.MAX_PART_BYTES
                    && ObjectPath.of(text()).length() == name.length;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    boolean isAfter(byte[] last) {
        return Arrays.compareUnsigned(sortKey, last) > 0;
    }

    /** Whether it, or for a collection something below it, comes after {@code start}. */
    boolean canComeAfter(byte[] start) {
        boolean leadsToIt = collection
                && start.length >= sortKey.length
                && Arrays.equals(start, 0, sortKey.length, sortKey, 0, sortKey.length);
        return leadsToIt || isAfter(start);
    }

    @Override
    public int compareTo(Member other) {
        return Arrays.compareUnsigned(sortKey, other.sortKey);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Member member && Arrays.equals(sortKey, member.sortKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sortKey);
    }
}
