package io.ferrymesh.scheme;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The tree hash of RFC 9162, section 2.1.1, over leaves appended in order; a migration's are in the byte order of their
 * objects' UTF-8 paths. Keeps one hash per level, so memory grows with the logarithm of the count. Not thread-safe.
 */
public final class MerkleTree {

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    /** Roots of complete subtrees, the smallest on top: one for each bit set in the count. */
    private final ArrayDeque<Digest> subtrees = new ArrayDeque<>();

    private long count;

    /** Appends the next leaf. */
    public void append(byte[] leaf) {
        Digest hash = hashOf(leaf);
        for (long level = count; (level & 1) == 1; level >>>= 1) {
            hash = node(subtrees.pop(), hash);
        }
        subtrees.push(hash);
        count++;
    }

    /** Leaves so far. */
    public long count() {
        return count;
    }

    /** The root over the leaves so far; more may follow. */
    public Digest root() {
        if (subtrees.isEmpty()) {
            return Digest.sha256();
        }
        Iterator<Digest> smallestFirst = subtrees.iterator();
        Digest root = smallestFirst.next();
        while (smallestFirst.hasNext()) {
            root = node(smallestFirst.next(), root);
        }
        return root;
    }

    /** The hash of a leaf with these bytes. */
    static Digest hashOf(byte[] leaf) {
        return Digest.sha256(LEAF, leaf);
    }

    /** The hash over two subtrees. */
    static Digest node(Digest left, Digest right) {
        return Digest.sha256(NODE, left.raw(), right.raw());
    }
}
