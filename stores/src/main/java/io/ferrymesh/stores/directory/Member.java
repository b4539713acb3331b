package io.ferrymesh.stores.directory;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;

/** A member of a directory as one look at it found it. */
final class Member implements Comparable<Member> {

    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        SPECIAL,
        UNREADABLE,
        VANISHED,
        NOT_UTF8
    }

    private final byte[] name;
    private final byte[] sortKey;
    private final Kind kind;
    private final long size;
    private final Instant modified;

    private Member(byte[] name, Kind kind, long size, Instant modified) {
        this.name = name;
        this.sortKey = kind == Kind.DIRECTORY ? withSlash(name) : name;
        this.kind = kind;
        this.size = size;
        this.modified = modified;
    }

    static Member of(byte[] name, BasicFileAttributes attributes) {
        Kind kind = attributes.isRegularFile()
                ? Kind.FILE
                : attributes.isDirectory() ? Kind.DIRECTORY : attributes.isSymbolicLink() ? Kind.LINK : Kind.SPECIAL;
        return new Member(
                name, kind, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    static Member without(byte[] name, Kind kind) {
        return new Member(name, kind, 0, Instant.EPOCH);
    }

    Kind kind() {
        return kind;
    }

    long size() {
        return size;
    }

    Instant modified() {
        return modified;
    }

    /** Its name for people; the true one where it is UTF-8. */
    String text() {
        return new String(name, StandardCharsets.UTF_8);
    }

    /** Whether it comes after {@code last}, a directory counting as its name and the slash that follows it. */
    boolean isAfter(byte[] last) {
        return Arrays.compareUnsigned(sortKey, last) > 0;
    }

    /** Whether it, or for a directory something below it, comes after {@code start}. */
    boolean canComeAfter(byte[] start) {
        boolean leadsToIt = kind == Kind.DIRECTORY
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

    private static byte[] withSlash(byte[] name) {
        byte[] key = Arrays.copyOf(name, name.length + 1);
        key[name.length] = '/';
        return key;
    }
}
