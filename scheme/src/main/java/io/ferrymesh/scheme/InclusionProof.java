package io.ferrymesh.scheme;

import java.util.List;

/**
 * That one leaf is in a {@link MerkleTree}: the audit path of RFC 9162, section 2.1.3.1. Whoever has the leaf and a root that
 * they trust, such as a receipt's, needs nothing else. Making one proves nothing; {@link #verify} does.
 *
 * @param index of the leaf, from 0
 * @param size how many leaves the tree has
 * @param path hashes of the subtrees beside the leaf's way to the root, the one next to the leaf first
 */
public record InclusionProof(long index, long size, List<Digest> path) {

    /** A tree of more leaves than any number can count has no longer way to its root. */
    public static final int MAX_PATH = 63;

    /** Refuses an index outside the tree and a path that is longer than any. */
    public InclusionProof {
        path = List.copyOf(path);
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("index must be from 0 to size - 1: " + index + " of " + size);
        }
        if (path.size() > MAX_PATH) {
            throw new IllegalArgumentException("an audit path has at most " + MAX_PATH + " hashes: " + path.size());
        }
    }

    /** Whether the tree with this root has this leaf at the index. RFC 9162, section 2.1.3.2. */
    public boolean verify(byte[] leaf, Digest root) {
        long fn = index;
        long sn = size - 1;
        Digest hash = MerkleTree.hashOf(leaf);
        for (Digest beside : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = MerkleTree.node(beside, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                hash = MerkleTree.node(hash, beside);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && hash.equals(root);
    }
}
