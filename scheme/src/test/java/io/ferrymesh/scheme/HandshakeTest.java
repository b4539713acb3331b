package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {

    private static final byte[] HELLO = {1, 2, 3};

    private final Fixture fixture = new Fixture();

    /** Nothing works any more, and no key can be had. */
    static void requireDead(Handshake handshake) {
        assertThat(handshake.isComplete()).isFalse();
        assertThatThrownBy(() -> handshake.write(HELLO)).isInstanceOf(HandshakeRefusedException.class);
        assertThatThrownBy(() -> handshake.read(new byte[200])).isInstanceOf(HandshakeRefusedException.class);
        assertThatThrownBy(handshake::result).isInstanceOf(IllegalStateException.class);
        assertThat(handshake).hasToString("Handshake[DEAD]");
    }

    private Fixture.Pair pair() {
        return pair(PeerCheck.standard(fixture.kgc, Fixture.NOW, Fixture.NOBODY));
    }

    private Fixture.Pair pair(PeerCheck check) {
        return new Fixture.Pair(
                Handshake.destination(fixture.setup(fixture.destination, check)),
                Handshake.source(fixture.setup(fixture.source, check)));
    }

    private static Fixture.Pair upTo(int message, Fixture.Pair pair) {
        while (pair.written < message - 1) {
            assertThat(pair.advance(HELLO)).isEqualTo(HELLO);
        }
        return pair;
    }

    private static void requireRefused(RefusalReason reason, Handshake handshake, Consumer<Handshake> call) {
        assertThatThrownBy(() -> call.accept(handshake))
                .isInstanceOfSatisfying(HandshakeRefusedException.class, e -> assertThat(e.reason())
                        .isEqualTo(reason))
                .hasMessage("handshake refused: " + reason);
        requireDead(handshake);
    }

    @Test
    void both_sides_get_the_same_keys_crosswise_and_each_others_certificate() {
        Fixture.Pair pair = fixture.completed();
        try (var destination = pair.destination.result();
                var source = pair.source.result()) {
            assertThat(destination.outgoing().copy())
                    .isEqualTo(source.incoming().copy());
            assertThat(destination.incoming().copy())
                    .isEqualTo(source.outgoing().copy());
            assertThat(destination.exporter().copy())
                    .isEqualTo(source.exporter().copy());
            assertThat(destination.handshakeHash()).isEqualTo(source.handshakeHash());
            assertThat(destination.peerCertificate()).isEqualTo(fixture.source.certificate());
            assertThat(source.peerCertificate()).isEqualTo(fixture.destination.certificate());
        }
    }

    @Test
    void two_handshakes_of_one_grant_share_no_key() {
        try (var first = fixture.completed().destination.result();
                var second = fixture.completed().destination.result()) {
            assertThat(first.outgoing().copy()).isNotEqualTo(second.outgoing().copy());
            assertThat(first.handshakeHash()).isNotEqualTo(second.handshakeHash());
        }
    }

    @Test
    void the_messages_are_272_bytes_in_all_payloads_aside() {
        Fixture.Pair pair = pair();
        int total = 0;
        for (int i = 1; i <= 3; i++) {
            byte[] message = pair.write(new byte[0]);
            assertThat(pair.reader(i).read(message)).isEmpty();
            total += message.length;
        }
        assertThat(total).isEqualTo(272);
    }

    @Test
    void the_result_is_handed_out_once() {
        Handshake handshake = fixture.completed().source;
        assertThat(handshake.isComplete()).isTrue();
        handshake.result().close();
        assertThat(handshake.isComplete()).isFalse();
        assertThatIllegalStateException().isThrownBy(handshake::result);
    }

    @Test
    void a_closed_result_gives_no_keys() {
        HandshakeResult result = fixture.completed().source.result();
        result.close();
        assertThatIllegalStateException().isThrownBy(() -> result.outgoing().sealer(0));
        assertThatIllegalStateException().isThrownBy(() -> result.incoming().opener(0));
        assertThatIllegalStateException().isThrownBy(() -> result.exporter().copy());
    }

    @Test
    void closing_wipes_a_result_nobody_took() {
        Handshake handshake = fixture.completed().source;
        handshake.close();
        requireDead(handshake);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void every_changed_byte_of_a_message_is_refused(int at) {
        byte[] message = upTo(at, pair()).write(HELLO);
        for (int i = 0; i < message.length; i += 7) {
            Fixture.Pair fresh = upTo(at, pair());
            byte[] changed = fresh.write(HELLO);
            changed[i] ^= 0x40;
            assertThatThrownBy(() -> fresh.reader(at).read(changed)).isInstanceOf(HandshakeRefusedException.class);
            requireDead(fresh.reader(at));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_message_too_short_or_too_long_is_malformed(int at) {
        for (int length : new int[] {0, 1, 33, 48, Handshake.MAX_MESSAGE + 1}) {
            Fixture.Pair pair = upTo(at, pair());
            byte[] message = Arrays.copyOf(pair.write(HELLO), length);
            requireRefused(RefusalReason.MALFORMED, pair.reader(at), reader -> {
                byte[] unused = reader.read(message);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_payload_too_long_kills_the_writer(int at) {
        Fixture.Pair pair = upTo(at, pair());
        assertThatIllegalArgumentException().isThrownBy(() -> pair.write(new byte[Handshake.MAX_MESSAGE]));
        requireDead(pair.writer(at));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void reading_out_of_turn_kills_the_next_writer(int at) {
        Fixture.Pair pair = upTo(at, pair());
        requireRefused(RefusalReason.OUT_OF_ORDER, pair.writer(at), writer -> {
            byte[] unused = writer.read(new byte[100]);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void writing_out_of_turn_kills_the_next_reader(int at) {
        Fixture.Pair pair = upTo(at, pair());
        requireRefused(RefusalReason.OUT_OF_ORDER, pair.reader(at), reader -> {
            byte[] unused = reader.write(HELLO);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_check_that_fails_itself_kills_the_handshake(int at) {
        Fixture.Pair pair = upTo(at, pair(peer -> failWhen(at == 2 ? fixture.source : fixture.destination, peer)));
        byte[] message = pair.write(HELLO);
        assertThatThrownBy(() -> pair.reader(at).read(message)).isInstanceOf(UnsupportedOperationException.class);
        requireDead(pair.reader(at));
    }

    private static Optional<RefusalReason> failWhen(Credential whose, Certificate peer) {
        if (peer.equals(whose.certificate())) {
            throw new UnsupportedOperationException();
        }
        return Optional.empty();
    }

    @ParameterizedTest
    @EnumSource
    void every_reason_of_the_check_refuses_on_both_sides(RefusalReason reason) {
        Fixture.Pair second = upTo(2, pair(peer -> Optional.of(reason)));
        byte[] message = second.write(HELLO);
        requireRefused(reason, second.destination, reader -> {
            byte[] unused = reader.read(message);
        });
        Handshake strict = Handshake.source(fixture.setup(fixture.source, peer -> Optional.of(reason)));
        Fixture.Pair third =
                upTo(3, new Fixture.Pair(Handshake.destination(fixture.setup(fixture.destination)), strict));
        byte[] last = third.write(HELLO);
        requireRefused(reason, strict, reader -> {
            byte[] unused = reader.read(last);
        });
    }

    static Stream<Consumer<Handshake>> reentrantCalls() {
        return Stream.of(
                handshake -> {
                    byte[] unused = handshake.write(HELLO);
                },
                handshake -> {
                    byte[] unused = handshake.read(HELLO);
                },
                Handshake::close);
    }

    @ParameterizedTest
    @MethodSource("reentrantCalls")
    void a_check_that_uses_the_handshake_kills_it(Consumer<Handshake> call) {
        Handshake[] own = new Handshake[1];
        own[0] = Handshake.destination(fixture.setup(fixture.destination, peer -> {
            try {
                call.accept(own[0]);
            } catch (HandshakeRefusedException e) {
                return Optional.empty();
            }
            return Optional.empty();
        }));
        Fixture.Pair pair = upTo(2, new Fixture.Pair(own[0], Handshake.source(fixture.setup(fixture.source))));
        byte[] message = pair.write(HELLO);
        assertThatThrownBy(() -> pair.destination.read(message)).isInstanceOf(RuntimeException.class);
        requireDead(pair.destination);
    }

    @Test
    void the_own_pseudonym_is_refused_whatever_the_check_says() {
        Credential own = fixture.source;
        Handshake destination = Handshake.destination(fixture.setup(own, peer -> Optional.empty()));
        Fixture.Pair pair = upTo(2, new Fixture.Pair(destination, Handshake.source(fixture.setup(own))));
        byte[] message = pair.write(HELLO);
        requireRefused(RefusalReason.OWN_PSEUDONYM, destination, reader -> {
            byte[] unused = reader.read(message);
        });
    }

    @Test
    void another_psk_and_another_migration_are_refused_by_the_first_tag() {
        byte[] message =
                Handshake.destination(fixture.setup(fixture.destination)).write(HELLO);
        var otherPsk = new HandshakeSetup(
                fixture.kgc,
                fixture.id,
                Psk.random(fixture.random),
                fixture.source,
                peer -> Optional.empty(),
                fixture.random);
        var otherId = new HandshakeSetup(
                fixture.kgc,
                MigrationId.random(fixture.random),
                fixture.psk,
                fixture.source,
                peer -> Optional.empty(),
                fixture.random);
        for (HandshakeSetup setup : new HandshakeSetup[] {otherPsk, otherId}) {
            requireRefused(RefusalReason.TAG, Handshake.source(setup), source -> {
                byte[] unused = source.read(message);
            });
        }
    }

    @Test
    void a_point_off_the_curve_in_message_one_is_noticed_only_after_its_tag() {
        byte[] offCurve = new byte[Point.LENGTH];
        offCurve[0] = 2;
        offCurve[Point.LENGTH - 1] = 4;
        assertThatThrownBy(() -> Point.decode(offCurve)).isInstanceOf(MalformedException.class);
        byte[] prologue = Bytes.concat(Bytes.ascii("FERRYMESH-V1"), fixture.kgc.encoded(), fixture.id.bytes());
        try (var forged = new SymmetricState(prologue, fixture.psk.copy())) {
            forged.mixHash(offCurve);
            forged.mixKey(offCurve.clone());
            byte[] message = Bytes.concat(offCurve, forged.encryptAndHash(HELLO));
            requireRefused(RefusalReason.MALFORMED, Handshake.source(fixture.setup(fixture.source)), source -> {
                byte[] unused = source.read(message);
            });
            message[message.length - 1] ^= 1;
            requireRefused(RefusalReason.TAG, Handshake.source(fixture.setup(fixture.source)), source -> {
                byte[] unused = source.read(message);
            });
        }
    }

    @Test
    void a_copied_certificate_without_its_key_does_not_pass() {
        byte[] wrongKey = fixture.destination.copyPrivateKey();
        Credential thief = Credential.unchecked(fixture.kgc, fixture.source.certificate(), wrongKey);
        Fixture.Pair pair = upTo(
                2,
                new Fixture.Pair(
                        Handshake.destination(fixture.setup(fixture.destination)),
                        Handshake.source(fixture.setup(thief))));
        byte[] message = pair.write(HELLO);
        requireRefused(RefusalReason.TAG, pair.destination, reader -> {
            byte[] unused = reader.read(message);
        });
    }

    @Test
    void a_credential_of_another_usage_or_key_centre_is_an_argument_error() {
        Credential signing = fixture.credential(Usage.SIGNING, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> Handshake.source(fixture.setup(signing)));
        KgcPublicKey other = MasterKey.generate(fixture.random).publicKey();
        var setup = new HandshakeSetup(
                other, fixture.id, fixture.psk, fixture.source, peer -> Optional.empty(), fixture.random);
        assertThatIllegalArgumentException().isThrownBy(() -> Handshake.destination(setup));
    }

    @Test
    void the_same_randomness_gives_different_ephemerals_to_different_keys_and_migrations() {
        byte[] first = firstMessage(fixture.destination, fixture.id);
        assertThat(firstMessage(fixture.destination, fixture.id)).isEqualTo(first);
        assertThat(firstMessage(fixture.source, fixture.id)).isNotEqualTo(first);
        assertThat(firstMessage(fixture.destination, MigrationId.of(new byte[16])))
                .isNotEqualTo(first);
    }

    private byte[] firstMessage(Credential own, MigrationId id) {
        var setup = new HandshakeSetup(fixture.kgc, id, fixture.psk, own, peer -> Optional.empty(), Seeded.random(9));
        return Arrays.copyOf(Handshake.destination(setup).write(HELLO), Point.LENGTH);
    }
}
