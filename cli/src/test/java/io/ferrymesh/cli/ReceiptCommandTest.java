package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.InclusionProver;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.MerkleLeaf;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.ObjectHasher;
import io.ferrymesh.scheme.Receipt;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts and proofs, verified with files alone. */
class ReceiptCommandTest {

    private static final long NOW = 1_700_000_000L;
    private static final Validity VALIDITY = new Validity(NOW - 100, NOW + 100);

    /** Larger than a segment, so that its digest is not the plain SHA-256. */
    private static final byte[] LARGE = new byte[SegmentHasher.SEGMENT_BYTES + 1];

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.generate(random);
    private final KgcPublicKey kgc = master.publicKey();
    private final TraceKey trace = TraceKey.generate(random);
    private final MigrationId id = MigrationId.random(random);

    @TempDir
    private Path directory;

    private Path receipt;
    private Path keys;
    private Path proof;
    private Path object;

    @BeforeEach
    void write() throws IOException {
        Digest digest = digest(LARGE);
        InclusionProver prover = new InclusionProver();
        prover.append(leaf("a", 1, Digest.sha256()));
        prover.appendProven(leaf("films/long.mp4", LARGE.length, digest));
        prover.append(leaf("z", 0, Digest.sha256()));
        receipt = file("receipt", signed(prover.root(), 3, NOW).encoded());
        keys = text("keys", "# of the key centre\n\n" + HexFormat.of().formatHex(kgc.encoded()) + " # current\n");
        JsonArray path = new JsonArray();
        prover.proof().orElseThrow().path().forEach(hash -> path.add(hash.hex()));
        JsonObject json = new JsonObject()
                .put("migrationId", id.hex())
                .put("path", "films/long.mp4")
                .put("size", LARGE.length)
                .put("digest", digest.hex())
                .put("index", 1)
                .put("objects", 3)
                .put("auditPath", path)
                .put("merkleRoot", prover.root().hex());
        proof = text("proof", json.encode());
        object = file("object", LARGE);
    }

    @Test
    void a_receipt_is_shown_without_any_key() {
        JsonObject shown = Program.run("receipt", "show", receipt.toString()).json();
        assertThat(shown.getString("migrationId")).isEqualTo(id.hex());
        assertThat(shown.getLong("objects")).isEqualTo(3);
        assertThat(shown.getString("finishedAt")).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(shown.getJsonObject("sourceSigner").getString("kgc"))
                .isEqualTo(kgc.tag().hex());
    }

    @Test
    void both_signatures_the_proof_and_the_object_are_good() {
        Program.Result result = verify(
                "--kgc-fingerprint",
                kgc.fingerprint().hex(),
                "--proof",
                proof.toString(),
                "--object",
                object.toString());
        assertThat(result.json().getBoolean("good")).isTrue();
        assertThat(result.json().getJsonArray("problems")).isEmpty();
        assertThat(result.json().getString("object")).isEqualTo("films/long.mp4");
        assertThat(result.json().getString("kgcFingerprint"))
                .isEqualTo(kgc.fingerprint().hex());
    }

    @Test
    void each_changed_signature_is_told_apart() throws IOException {
        byte[] bytes = Files.readAllBytes(receipt);
        bytes[Receipt.LENGTH + 60] ^= 1;
        receipt = file("receipt", bytes);
        assertBad("the destination's signature does not verify");
        bytes[Receipt.LENGTH + 60] ^= 1;
        bytes[SignedReceipt.LENGTH - 5] ^= 1;
        receipt = file("receipt", bytes);
        assertBad("the source's signature does not verify");
    }

    @Test
    void a_certificate_that_had_expired_is_named() throws IOException {
        receipt = file("receipt", signed(Digest.sha256(), 0, NOW + 101).encoded());
        assertBad("the destination's certificate was not valid when the migration ended: EXPIRED");
    }

    @Test
    void another_key_centre_and_another_pin_are_refused() throws IOException {
        assertBad(
                "no key that was given",
                "--kgc-fingerprint",
                MasterKey.generate(random).publicKey().fingerprint().hex());
        keys = text(
                "keys",
                HexFormat.of().formatHex(MasterKey.generate(random).publicKey().encoded()));
        assertBad("no key that was given");
    }

    @Test
    void a_proof_of_something_else_is_refused() throws IOException {
        JsonObject json = new JsonObject(Files.readString(proof));
        proof = text("proof", json.copy().put("path", "films/other.mp4").encode());
        assertBad("the receipt does not cover this object", "--proof", proof.toString());
        proof = text("proof", json.copy().put("migrationId", "00".repeat(16)).encode());
        assertBad("the proof is of migration 00", "--proof", proof.toString());
        proof = text("proof", json.copy().put("objects", 4).encode());
        assertBad("the proof is about 4 objects, the receipt about 3", "--proof", proof.toString());
    }

    @Test
    void a_file_of_another_size_or_content_is_not_the_object() throws IOException {
        object = file("object", new byte[5]);
        assertBad("the file has 5 bytes", "--proof", proof.toString(), "--object", object.toString());
        byte[] changed = LARGE.clone();
        changed[changed.length - 1] = 1;
        object = file("object", changed);
        assertBad("the file's content is not the object's", "--proof", proof.toString(), "--object", object.toString());
    }

    @Test
    void what_is_no_receipt_key_or_proof_is_a_usage_error() throws IOException {
        assertUsage("FILE is no receipt", "receipt", "show", keys.toString());
        assertUsage(
                "cannot be read",
                "receipt",
                "show",
                directory.resolve("nothing").toString());
        assertUsage(
                "--object needs --proof",
                "receipt",
                "verify",
                receipt.toString(),
                "--kgc-key",
                keys.toString(),
                "--object",
                "x");
        assertUsage("not a public key", "receipt", "verify", receipt.toString(), "--kgc-key", proof.toString());
        for (String wrong : new String[] {"[]", "{}", "x", "{\"path\":1}"}) {
            Path broken = text("broken", wrong);
            assertUsage(
                    "--proof",
                    "receipt",
                    "verify",
                    receipt.toString(),
                    "--kgc-key",
                    keys.toString(),
                    "--proof",
                    broken.toString());
        }
        JsonObject json = new JsonObject(Files.readString(proof));
        for (JsonObject wrong : new JsonObject[] {
            json.copy().put("index", 3),
            json.copy().put("size", "many"),
            json.copy().put("auditPath", new JsonArray().add("x")),
            json.copy().put("more", 1),
            json.copy().put("size", -1)
        }) {
            Path broken = text("broken", wrong.encode());
            assertUsage(
                    "--proof",
                    "receipt",
                    "verify",
                    receipt.toString(),
                    "--kgc-key",
                    keys.toString(),
                    "--proof",
                    broken.toString());
        }
    }

    private void assertBad(String why, String... more) {
        Program.Result result = verify(more);
        assertThat(result.status()).as(result.err()).isEqualTo(1);
        JsonObject said = new JsonObject(result.out());
        assertThat(said.getBoolean("good")).isFalse();
        assertThat(said.getJsonArray("problems"))
                .anySatisfy(problem -> assertThat(String.valueOf(problem)).startsWith(why));
    }

    private Program.Result verify(String... more) {
        String[] fixed = {"receipt", "verify", receipt.toString(), "--kgc-key", keys.toString()};
        String[] all = java.util.Arrays.copyOf(fixed, fixed.length + more.length);
        System.arraycopy(more, 0, all, fixed.length, more.length);
        return Program.run(all);
    }

    private static void assertUsage(String why, String... arguments) {
        Program.Result result = Program.run(arguments);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(why);
    }

    private SignedReceipt signed(Digest root, long objects, long finished) {
        try (Credential destination = credential(1, Usage.SIGNING);
                Credential source = credential(2, Usage.SIGNING)) {
            Receipt body = new Receipt(
                    id,
                    trace.seal(1, Usage.KEY_AGREEMENT.code()),
                    trace.seal(2, Usage.KEY_AGREEMENT.code()),
                    destination.certificate(),
                    source.certificate(),
                    Digest.sha256(),
                    objects,
                    5,
                    root,
                    1_000 * NOW - 1_000_000,
                    1_000 * finished);
            return SignedReceipt.countersign(body, SignedReceipt.sign(body, destination, random), source, random);
        }
    }

    private Credential credential(long provider, Usage usage) {
        CertificateInfo info = new CertificateInfo(
                usage, kgc.tag(), trace.seal(provider, usage.code()), VALIDITY.notBefore(), VALIDITY.notAfter());
        try (KeyRequest request = KeyRequest.random(random)) {
            return request.accept(
                            kgc,
                            0,
                            new KeyRequest.Wanted(usage, VALIDITY),
                            Issuer.issue(master, info, request.publicPart(), 0, random))
                    .orElseThrow();
        }
    }

    private static Digest digest(byte[] content) {
        ObjectHasher hasher = new ObjectHasher();
        hasher.update(content, 0, content.length);
        return hasher.finish();
    }

    private static byte[] leaf(String path, long size, Digest digest) {
        return MerkleLeaf.encode(path.getBytes(StandardCharsets.UTF_8), size, digest);
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    private Path text(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }
}
