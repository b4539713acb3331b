package io.ferrymesh.cli.receipt;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.InclusionProof;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.MerkleLeaf;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.ObjectHasher;
import io.ferrymesh.scheme.Receipt;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A proof that a receipt covers one object, as a provider's API gives it. Whoever made it is not believed: the receipt's root is what
 * counts.
 */
public record ProofFile(MigrationId migration, String path, long size, Digest digest, InclusionProof proof) {

    private static final Set<String> FIELDS =
            Set.of("migrationId", "path", "size", "digest", "index", "objects", "auditPath", "merkleRoot");
    private static final int BUFFER_BYTES = 1 << 20;

    /** Refuses a negative size. */
    public ProofFile {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0: " + size);
        }
    }

    /** Reads one strictly. IllegalArgumentException says what is wrong. */
    public static ProofFile parse(String text) {
        try {
            JsonObject json = new JsonObject(text);
            if (!json.fieldNames().equals(FIELDS)) {
                throw new IllegalArgumentException("a proof has exactly the fields " + FIELDS);
            }
            List<Digest> path = new ArrayList<>();
            JsonArray hashes = json.getJsonArray("auditPath");
            for (int i = 0; i < hashes.size(); i++) {
                path.add(Digest.parse(hashes.getString(i)));
            }
            return new ProofFile(
                    MigrationId.parse(json.getString("migrationId")),
                    json.getString("path"),
                    json.getLong("size"),
                    Digest.parse(json.getString("digest")),
                    new InclusionProof(json.getLong("index"), json.getLong("objects"), path));
        } catch (DecodeException | ClassCastException | MalformedException | NullPointerException e) {
            throw new IllegalArgumentException("the proof is not as a provider gives it", e);
        }
    }

    /** What keeps it from being about this receipt; empty when the receipt covers the object. */
    public List<String> problems(Receipt receipt) {
        List<String> problems = new ArrayList<>();
        if (!receipt.migration().equals(migration)) {
            problems.add("the proof is of migration " + migration + ", the receipt of " + receipt.migration());
        }
        if (proof.size() != receipt.objects()) {
            problems.add("the proof is about " + proof.size() + " objects, the receipt about " + receipt.objects());
        }
        byte[] leaf = MerkleLeaf.encode(path.getBytes(StandardCharsets.UTF_8), size, digest);
        if (!proof.verify(leaf, receipt.root())) {
            problems.add("the receipt does not cover this object: the proof does not lead to its root");
        }
        return problems;
    }

    /** What keeps bytes from being the object that was proven; empty when they are. In constant memory. */
    public List<String> problems(InputStream object) throws IOException {
        ObjectHasher hasher = new ObjectHasher();
        byte[] buffer = new byte[BUFFER_BYTES];
        long length = 0;
        for (int read = object.read(buffer); read >= 0; read = object.read(buffer)) {
            hasher.update(buffer, 0, read);
            length += read;
        }
        if (length != size) {
            return List.of("the file has " + length + " bytes, the object has " + size);
        }
        return hasher.finish().equals(digest)
                ? List.of()
                : List.of("the file's content is not the object's: another digest");
    }
}
