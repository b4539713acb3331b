package io.ferrymesh.scheme;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Makes the proof that one leaf is in a tree, from all leaves in order, without holding them: memory grows with the logarithm of
 * the count. The leaf is named as it comes by, so its place need not be known before. Not thread-safe.
 */
public final class InclusionProver {

    /** A complete subtree, and whether the leaf is in it. */
    private record Subtree(Digest hash, boolean proven) {}

    /** The smallest on top: one for each bit set in the count. */
    private final ArrayDeque<Subtree> subtrees = new ArrayDeque<>();

    private final List<Digest> path = new ArrayList<>();
    private long count;
    private long index = -1;

    /** Appends another leaf. */
    public void append(byte[] leaf) {
        append(leaf, false);
    }

    /** Appends the leaf that is to be proven; IllegalStateException when there was one. */
    public void appendProven(byte[] leaf) {
        if (index >= 0) {
            throw new IllegalStateException("one leaf is proven already, that at " + index);
        }
        index = count;
        append(leaf, true);
    }

    /** The root over the leaves so far. */
    public Digest root() {
        return subtrees.isEmpty() ? Digest.sha256() : join(new ArrayList<>()).hash();
    }

    /** The proof in the tree of the leaves so far; empty while its leaf has not come by. */
    public Optional<InclusionProof> proof() {
        if (index < 0) {
            return Optional.empty();
        }
        List<Digest> whole = new ArrayList<>(path);
        Subtree unused = join(whole);
        return Optional.of(new InclusionProof(index, count, whole));
    }

    private void append(byte[] leaf, boolean proven) {
        Subtree added = new Subtree(MerkleTree.hashOf(leaf), proven);
        for (long level = count; (level & 1) == 1; level >>>= 1) {
            added = joined(subtrees.pop(), added, path);
        }
        subtrees.push(added);
        count++;
    }

    /** All subtrees as one, from the smallest on; what is beside the leaf goes into a path. */
    private Subtree join(List<Digest> beside) {
        Iterator<Subtree> smallestFirst = subtrees.iterator();
        Subtree whole = smallestFirst.next();
        while (smallestFirst.hasNext()) {
            whole = joined(smallestFirst.next(), whole, beside);
        }
        return whole;
    }

    private static Subtree joined(Subtree left, Subtree right, List<Digest> beside) {
        if (left.proven()) {
            beside.add(right.hash());
        } else if (right.proven()) {
            beside.add(left.hash());
        }
        return new Subtree(MerkleTree.node(left.hash(), right.hash()), left.proven() || right.proven());
    }
}
