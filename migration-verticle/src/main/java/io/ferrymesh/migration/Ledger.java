package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MerkleLeaf;
import io.ferrymesh.scheme.MerkleTree;
import io.ferrymesh.stores.ObjectInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of each listed object, taken in any order within {@link #WINDOW} and entered in listing order, which is the
 * byte order of the paths: so both ends build the same Merkle tree without holding the listing. Any thread.
 */
final class Ledger {

    /** How far ahead of the oldest undecided object the listing may run. */
    static final int WINDOW = 4096;

    private final Map<Long, Optional<Entry>> waiting = new HashMap<>();
    private final MerkleTree tree = new MerkleTree();
    private long next;
    private long objects;
    private long bytes;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(byte[] leaf, long size) {}

    /** What arrived, so far. */
    record Totals(long objects, long bytes, Digest root) {}

    /** Enters an object that is at the destination with this digest. */
    void arrived(long index, ObjectInfo info, Digest digest) {
        byte[] leaf = MerkleLeaf.encode(info.path().utf8(), info.size(), digest);
        enter(index, Optional.of(new Entry(leaf, info.size())));
    }

    /** Enters an object that is not. */
    void failed(long index) {
        enter(index, Optional.empty());
    }

    /** How many objects from the first on are decided. */
    synchronized long decided() {
        return next;
    }

    /** The totals over everything that arrived among the decided. */
    synchronized Totals totals() {
        return new Totals(objects, bytes, tree.root());
    }

    private synchronized void enter(long index, Optional<Entry> entry) {
        if (index < next || index >= next + WINDOW || waiting.putIfAbsent(index, entry) != null) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE, "object " + index + " decided twice or out of the window");
        }
        Optional<Entry> decided;
        while ((decided = waiting.remove(next)) != null) {
            decided.ifPresent(this::append);
            next++;
        }
    }

    private void append(Entry entry) {
        tree.append(entry.leaf());
        objects++;
        bytes += entry.size();
    }
}
