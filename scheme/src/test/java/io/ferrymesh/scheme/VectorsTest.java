package io.ferrymesh.scheme;

import static io.ferrymesh.scheme.VectorFile.group;
import static io.ferrymesh.scheme.VectorFile.hex;
import static io.ferrymesh.scheme.VectorFile.hexes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The vectors of an independent implementation, byte for byte and in both directions. */
class VectorsTest {

    private static JsonNode root;

    @BeforeAll
    static void read() throws IOException {
        root = VectorFile.read();
    }

    @Test
    void the_file_has_exactly_the_groups_that_are_tested() {
        assertThat(VectorFile.names(root))
                .isEqualTo(Set.of(
                        "suite",
                        "hashToScalar",
                        "pseudonym",
                        "issue",
                        "reconstructReject",
                        "signature",
                        "handshake",
                        "handshakeReject",
                        "rendezvous",
                        "lane",
                        "objectDigest",
                        "merkle"));
        assertThat(root.path("suite").textValue()).isEqualTo("Noise_XXpsk0_P256_AESGCM_SHA256");
    }

    @Test
    void hash_to_scalar() {
        for (JsonNode v : group(root, "hashToScalar", "label", "message", "scalar")) {
            BigInteger scalar = HashToScalar.of(v.get("label").textValue(), hex(v, "message"));
            assertThat(P256.encodeScalar(scalar)).isEqualTo(hex(v, "scalar"));
        }
    }

    @Test
    void pseudonyms_and_back() {
        for (JsonNode v : group(root, "pseudonym", "traceKey", "provider", "serial", "aid")) {
            long provider = Long.parseUnsignedLong(v.get("provider").textValue());
            long serial = Long.parseUnsignedLong(v.get("serial").textValue());
            try (TraceKey key = TraceKey.of(hex(v, "traceKey"))) {
                Pseudonym aid = Pseudonym.of(hex(v, "aid"));
                assertThat(key.seal(provider, serial)).isEqualTo(aid);
                assertThat(key.open(aid)).isEqualTo(new TraceKey.Opened(provider, serial));
            }
        }
    }

    @Test
    void certificates_are_issued_and_accepted() {
        for (JsonNode v : issued()) {
            MasterKey master = MasterKey.of(hex(v, "masterSecret"));
            KgcPublicKey kgc = master.publicKey();
            assertThat(kgc.encoded()).isEqualTo(hex(v, "masterPublic"));
            BigInteger x = P256.decodeScalar(hex(v, "requesterSecret"));
            Point requester = Point.of(P256.multiplyBase(x));
            assertThat(requester.encoded()).isEqualTo(hex(v, "requesterPublic"));
            CertificateInfo info = new CertificateInfo(
                    Usage.of(v.get("usage").intValue()),
                    kgc.tag(),
                    Pseudonym.of(hex(v, "aid")),
                    v.get("notBefore").longValue(),
                    v.get("notAfter").longValue());

            BigInteger nonce = P256.decodeScalar(hex(v, "issuerNonce"));
            Issued issued = Issuer.issue(master, info, requester.ec(), BigInteger.ZERO, nonce);
            assertThat(issued.certificate().encoded()).isEqualTo(hex(v, "certificate"));
            assertThat(issued.contribution().bytes()).isEqualTo(hex(v, "contribution"));

            Certificate decoded = Certificate.decode(hex(v, "certificate"));
            assertThat(decoded.info()).isEqualTo(info);
            assertThat(decoded.publicKey(kgc).encoded()).isEqualTo(hex(v, "publicKey"));
            var given = new Issued(decoded, Issued.Contribution.of(hex(v, "contribution")));
            Credential credential = KeyRequest.combine(x, kgc, given).orElseThrow();
            assertThat(credential.copyPrivateKey()).isEqualTo(hex(v, "privateKey"));
        }
    }

    @Test
    void a_certificate_with_one_bit_changed_is_rejected_or_stands_for_another_key() {
        String[] fields = {"masterPublic", "certificate", "honestPublicKey", "result"};
        for (JsonNode v : group(root, "reconstructReject", fields)) {
            KgcPublicKey kgc = KgcPublicKey.decode(hex(v, "masterPublic"));
            byte[] changed = hex(v, "certificate");
            byte[] honest = honestCertificate(v);
            assertThat(bitsBetween(honest, changed)).isEqualTo(1);
            byte[] honestKey = hex(v, "honestPublicKey");
            assertThat(Certificate.decode(honest).publicKey(kgc).encoded()).isEqualTo(honestKey);

            if (v.get("result").textValue().equals("reject")) {
                assertThatThrownBy(() -> Certificate.reconstruct(changed, kgc)).isInstanceOf(MalformedException.class);
                assertThatThrownBy(() -> Certificate.decode(changed)).isInstanceOf(MalformedException.class);
            } else {
                Point other = Certificate.reconstruct(changed, kgc);
                assertThat(other.encoded()).isEqualTo(hex(v, "result")).isNotEqualTo(honestKey);
                requireOnlyInfoRejects(changed, other, kgc);
            }
        }
    }

    /** Strict decoding either gives that other key, or rejects for the info part, such as an unknown version. */
    private static void requireOnlyInfoRejects(byte[] changed, Point other, KgcPublicKey kgc) {
        if (changed[0] == 1) {
            assertThat(Certificate.decode(changed).publicKey(kgc)).isEqualTo(other);
        } else {
            assertThatThrownBy(() -> Certificate.decode(changed))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("version");
        }
    }

    private static byte[] honestCertificate(JsonNode reject) {
        String key = reject.get("honestPublicKey").textValue();
        return issued().stream()
                .filter(v -> v.get("publicKey").textValue().equals(key))
                .map(v -> hex(v, "certificate"))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> issued() {
        return group(
                root,
                "issue",
                "masterSecret",
                "masterPublic",
                "usage",
                "aid",
                "notBefore",
                "notAfter",
                "requesterSecret",
                "requesterPublic",
                "issuerNonce",
                "certificate",
                "contribution",
                "privateKey",
                "publicKey");
    }

    private static int bitsBetween(byte[] a, byte[] b) {
        return new BigInteger(1, a).xor(new BigInteger(1, b)).bitCount();
    }

    @Test
    void signatures_are_made_and_verified() {
        String[] fields = {"masterPublic", "certificate", "privateKey", "nonce", "message", "signature"};
        Random random = new Random(7);
        for (JsonNode v : group(root, "signature", fields)) {
            KgcPublicKey kgc = KgcPublicKey.decode(hex(v, "masterPublic"));
            Certificate certificate = Certificate.decode(hex(v, "certificate"));
            byte[] message = hex(v, "message");
            Signature expected = Signature.of(hex(v, "signature"));
            try (Credential signer = Credential.of(kgc, certificate, hex(v, "privateKey"))) {
                BigInteger nonce = P256.decodeScalar(hex(v, "nonce"));
                assertThat(SchemeSigner.sign(signer, nonce, message)).isEqualTo(expected);
            }
            assertThat(SchemeVerifier.verify(kgc, certificate, message, expected))
                    .isTrue();
            for (int i = 0; i < 4; i++) {
                byte[] otherMessage = flip(message, random.nextInt(8 * message.length));
                byte[] otherSignature = flip(expected.bytes(), random.nextInt(8 * Signature.LENGTH));
                byte[] otherCertificate = flip(certificate.encoded(), random.nextInt(8 * Certificate.LENGTH));
                assertThat(SchemeVerifier.verify(kgc, certificate, otherMessage, expected))
                        .isFalse();
                assertThat(SchemeVerifier.verify(kgc, certificate, message, Signature.of(otherSignature)))
                        .isFalse();
                assertThat(verifies(kgc, otherCertificate, message, expected)).isFalse();
            }
        }
    }

    private static boolean verifies(KgcPublicKey kgc, byte[] certificate, byte[] message, Signature signature) {
        try {
            return SchemeVerifier.verify(kgc, Certificate.decode(certificate), message, signature);
        } catch (MalformedException e) {
            return false;
        }
    }

    private static byte[] flip(byte[] original, int bit) {
        byte[] changed = original.clone();
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        return changed;
    }

    @Test
    void handshakes_agree() {
        String[] fields = {
            "masterPublic",
            "migrationId",
            "psk",
            "initiator",
            "responder",
            "payloads",
            "messages",
            "handshakeHash",
            "initiatorToResponder",
            "responderToInitiator",
            "exporter"
        };
        for (JsonNode v : group(root, "handshake", fields)) {
            new HandshakeVectors(v).requireAgreement();
        }
    }

    @Test
    void handshakes_are_rejected_where_they_must_be() {
        String[] fields = {
            "masterPublic", "migrationId", "psk", "initiator", "responder", "payloads", "messages", "reason", "rejectAt"
        };
        for (JsonNode v : group(root, "handshakeReject", fields)) {
            new HandshakeVectors(v).requireRejection();
        }
    }

    @Test
    void rendezvous_addresses() {
        for (JsonNode v : group(root, "rendezvous", "psk", "migrationId", "address")) {
            try (Psk psk = Psk.of(hex(v, "psk"))) {
                Rendezvous address = Rendezvous.address(psk, MigrationId.of(hex(v, "migrationId")));
                assertThat(address.bytes()).isEqualTo(hex(v, "address"));
            }
        }
    }

    @Test
    void lanes_seal_and_open() {
        String[] fields = {"trafficKey", "lane", "laneKey", "counter", "aad", "plaintext", "sealed"};
        for (JsonNode v : group(root, "lane", fields)) {
            byte[] traffic = hex(v, "trafficKey");
            int lane = v.get("lane").intValue();
            long counter = v.get("counter").longValue();
            byte[] plaintext = hex(v, "plaintext");
            byte[] sealed = hex(v, "sealed");
            RawKey key = new TrafficKey(traffic, true).laneKey(lane);
            assertThat(key.copy()).isEqualTo(hex(v, "laneKey"));

            byte[] out = new byte[plaintext.length + LaneSealer.OVERHEAD];
            int length = new LaneSealer(key, counter).seal(hex(v, "aad"), plaintext, 0, plaintext.length, out, 0);
            assertThat(out).hasSize(length).isEqualTo(sealed);

            byte[] back = new byte[sealed.length - LaneSealer.OVERHEAD];
            RawKey again = new TrafficKey(traffic, false).laneKey(lane);
            int opened = new LaneOpener(again, counter).open(hex(v, "aad"), sealed, 0, sealed.length, back, 0);
            assertThat(back).hasSize(opened).isEqualTo(plaintext);
        }
    }

    @Test
    void objects_and_their_leaves() {
        String[] fields = {"segmentSize", "size", "content", "offset", "digest", "leafPath", "leaf"};
        for (JsonNode v : group(root, "objectDigest", fields)) {
            int offset = v.get("offset").intValue();
            assertThat(v.get("content").textValue()).isEqualTo("byte j is (31*j + " + offset + ") mod 256");
            byte[] content = new byte[v.get("size").intValue()];
            for (int j = 0; j < content.length; j++) {
                content[j] = (byte) (31 * j + offset);
            }
            int segmentSize = v.get("segmentSize").intValue();
            Digest expected = Digest.of(hex(v, "digest"));
            var hasher = new ObjectHasher(segmentSize);
            hasher.update(content, 0, content.length);
            assertThat(hasher.finish()).isEqualTo(expected);
            assertThat(ObjectDigest.ofSegments(segments(content, segmentSize))).isEqualTo(expected);
            byte[] path = v.get("leafPath").textValue().getBytes(StandardCharsets.UTF_8);
            assertThat(MerkleLeaf.encode(path, content.length, expected)).isEqualTo(hex(v, "leaf"));
        }
    }

    private static List<Digest> segments(byte[] content, int segmentSize) {
        List<Digest> digests = new ArrayList<>();
        for (int at = 0; at < content.length; at += segmentSize) {
            var hasher = new SegmentHasher(segmentSize);
            hasher.update(content, at, Math.min(segmentSize, content.length - at));
            digests.add(hasher.finish());
        }
        return digests;
    }

    @Test
    void tree_roots() {
        for (JsonNode v : group(root, "merkle", "leaves", "root")) {
            var tree = new MerkleTree();
            hexes(v, "leaves").forEach(tree::append);
            assertThat(tree.count()).isEqualTo(v.get("leaves").size());
            assertThat(tree.root().bytes()).isEqualTo(hex(v, "root"));
        }
    }
}
