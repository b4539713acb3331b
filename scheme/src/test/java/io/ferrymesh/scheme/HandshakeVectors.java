package io.ferrymesh.scheme;

import static io.ferrymesh.scheme.VectorFile.hex;
import static io.ferrymesh.scheme.VectorFile.hexes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One vector of a handshake, played with its own ephemeral keys. */
final class HandshakeVectors {

    private static final Pattern FLIPPED = Pattern.compile("message ([123]), byte (\\d+), bit ([0-7]) flipped");
    private static final String FOREIGN = "initiator certificate issued under another master key";

    private final JsonNode vector;
    private final List<byte[]> payloads;
    private final List<byte[]> messages;

    HandshakeVectors(JsonNode vector) {
        this.vector = vector;
        this.payloads = hexes(vector, "payloads");
        this.messages = hexes(vector, "messages");
        assertThat(payloads).hasSize(3);
        assertThat(messages).hasSize(3);
    }

    /** Both sides write exactly the messages, read exactly the payloads, and get exactly the keys. */
    void requireAgreement() {
        Fixture.Pair pair = pair();
        for (int i = 1; i <= 3; i++) {
            byte[] written = pair.write(payloads.get(i - 1));
            assertThat(written).isEqualTo(messages.get(i - 1));
            assertThat(pair.reader(i).read(messages.get(i - 1))).isEqualTo(payloads.get(i - 1));
        }
        try (var destination = pair.destination.result();
                var source = pair.source.result()) {
            requireResult(destination, "responder", "initiatorToResponder", "responderToInitiator");
            requireResult(source, "initiator", "responderToInitiator", "initiatorToResponder");
        }
    }

    private void requireResult(HandshakeResult result, String peer, String outgoing, String incoming) {
        assertThat(result.handshakeHash().bytes()).isEqualTo(hex(vector, "handshakeHash"));
        assertThat(result.peerCertificate().encoded()).isEqualTo(hex(vector.get(peer), "certificate"));
        assertThat(result.outgoing().copy()).isEqualTo(hex(vector, outgoing));
        assertThat(result.incoming().copy()).isEqualTo(hex(vector, incoming));
        assertThat(result.exporter().copy()).isEqualTo(hex(vector, "exporter"));
    }

    /** The receiver of message {@code rejectAt}, and nobody before, refuses and is dead afterwards. */
    void requireRejection() {
        assertThat(messages).containsExactlyElementsOf(expectedMessages());
        int rejectAt = vector.get("rejectAt").intValue();
        assertThat(rejectAt).isBetween(1, 3);
        Fixture.Pair pair = pair();
        for (int i = 1; i < rejectAt; i++) {
            byte[] written = pair.write(payloads.get(i - 1));
            assertThat(written).isEqualTo(messages.get(i - 1));
            assertThat(pair.reader(i).read(written)).isEqualTo(payloads.get(i - 1));
        }
        Handshake reader = pair.reader(rejectAt);
        assertThatThrownBy(() -> reader.read(messages.get(rejectAt - 1))).isInstanceOf(HandshakeRefusedException.class);
        HandshakeTest.requireDead(reader);
    }

    /** What honest code writes, with the change the vector's reason describes. */
    private List<byte[]> expectedMessages() {
        List<byte[]> written = new ArrayList<>();
        Fixture.Pair pair = pair();
        for (int i = 1; i <= 3; i++) {
            written.add(pair.write(payloads.get(i - 1)));
            if (i < 3) {
                assertThat(pair.reader(i).read(written.get(i - 1))).isEqualTo(payloads.get(i - 1));
            }
        }
        change(written);
        return written;
    }

    private void change(List<byte[]> written) {
        String reason = vector.get("reason").textValue();
        Matcher flipped = FLIPPED.matcher(reason);
        if (flipped.matches()) {
            byte[] message = written.get(Integer.parseInt(flipped.group(1)) - 1);
            message[Integer.parseInt(flipped.group(2))] ^= (byte) (1 << Integer.parseInt(flipped.group(3)));
            assertThat(vector.get("rejectAt").intValue()).isEqualTo(Integer.parseInt(flipped.group(1)));
        } else {
            assertThat(reason).isEqualTo(FOREIGN);
            assertThat(vector.get("rejectAt").intValue()).isEqualTo(3);
        }
    }

    /** Peers are checked by nothing but the tags, which must do alone. */
    private Fixture.Pair pair() {
        return new Fixture.Pair(
                Handshake.destination(setup("initiator"), () -> hex(vector.get("initiator"), "ephemeral")),
                Handshake.source(setup("responder"), () -> hex(vector.get("responder"), "ephemeral")));
    }

    private HandshakeSetup setup(String side) {
        KgcPublicKey kgc = KgcPublicKey.decode(hex(vector, "masterPublic"));
        Certificate certificate = Certificate.decode(hex(vector.get(side), "certificate"));
        Credential own = Credential.unchecked(kgc, certificate, hex(vector.get(side), "privateKey"));
        return new HandshakeSetup(
                kgc,
                MigrationId.of(hex(vector, "migrationId")),
                Psk.of(hex(vector, "psk")),
                own,
                peer -> Optional.empty(),
                Seeded.random(1));
    }
}
