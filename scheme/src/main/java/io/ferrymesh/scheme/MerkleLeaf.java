package io.ferrymesh.scheme;

/** An object as a leaf of a migration's tree: {@code u32(length of path) ‖ path ‖ u64(size) ‖ digest}. */
public final class MerkleLeaf {

    private MerkleLeaf() {}

    /** The leaf's bytes. */
    public static byte[] encode(byte[] pathUtf8, long size, Digest digest) {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0: " + size);
        }
        var out = new Writer(4 + pathUtf8.length + 8 + Digest.LENGTH);
        out.u32(pathUtf8.length);
        out.bytes(pathUtf8);
        out.u64(size);
        out.bytes(digest.raw());
        return out.toByteArray();
    }
}
