package io.ferrymesh.mesh.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.wire.Id128;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Who is let in, and who is not. */
class ExpectationsTest {

    private static final Id128 SELF = new Id128(1, 1);
    private static final Id128 PEER = new Id128(2, 2);
    private static final DirectSession SESSION = new DirectSession("0123456789abcdef".repeat(2));
    private static final Id128 NONCE = new Id128(0x0f0e0d0c0b0a0908L, 0x0706050403020100L);
    private static final long UNTIL = 1_000;

    private final Expectations<String> expectations = new Expectations<>(SELF);

    private static byte[] token(int fill) {
        byte[] token = new byte[32];
        Arrays.fill(token, (byte) fill);
        return token;
    }

    private static byte[] dial(DirectSession session, Id128 dialler, Id128 listener, int token) {
        return new Preamble(NONCE, session, dialler, listener).dial(token(token));
    }

    private void expect() {
        assertThat(expectations.add(SESSION, PEER, token(7), UNTIL, "waits")).isTrue();
    }

    @Test
    void the_peer_with_the_token_is_let_in_and_told_a_proof_in_return() {
        expect();
        var admitted = expectations.admit(dial(SESSION, PEER, SELF, 7), 999).orElseThrow();
        assertThat(admitted.waiting()).isEqualTo("waits");
        assertThat(admitted.peer()).isEqualTo(PEER);
        assertThat(admitted.session()).isEqualTo(SESSION);
        assertThat(new Preamble(NONCE, SESSION, PEER, SELF).isAnswered(admitted.answer(), token(7)))
                .isTrue();
        assertThat(new Preamble(NONCE, SESSION, PEER, SELF).isAnswered(admitted.answer(), token(8)))
                .isFalse();
        assertThat(expectations.size()).isZero();
    }

    @Test
    void the_same_token_does_not_let_in_twice() {
        expect();
        byte[] dial = dial(SESSION, PEER, SELF, 7);
        assertThat(expectations.admit(dial, 1)).isPresent();
        assertThat(expectations.admit(dial, 2)).isEmpty();
    }

    @Test
    void a_wrong_token_session_peer_or_listener_is_not_let_in_and_spoils_nothing() {
        expect();
        DirectSession other = new DirectSession("ab".repeat(16));
        assertThat(expectations.admit(dial(SESSION, PEER, SELF, 8), 1)).isEmpty();
        assertThat(expectations.admit(dial(other, PEER, SELF, 7), 1)).isEmpty();
        assertThat(expectations.admit(dial(SESSION, new Id128(3, 3), SELF, 7), 1))
                .isEmpty();
        assertThat(expectations.admit(dial(SESSION, PEER, new Id128(3, 3), 7), 1))
                .isEmpty();
        assertThat(expectations.admit(dial(SESSION, PEER, SELF, 7), 1)).isPresent();
    }

    @Test
    void one_peer_is_expected_for_several_sessions_and_proves_one() {
        expect();
        DirectSession other = new DirectSession("ab".repeat(16));
        assertThat(expectations.add(other, PEER, token(9), UNTIL, "other")).isTrue();
        assertThat(expectations.admit(dial(other, PEER, SELF, 7), 1)).isEmpty();
        assertThat(expectations.admit(dial(other, PEER, SELF, 9), 1))
                .hasValueSatisfying(admitted -> assertThat(admitted.waiting()).isEqualTo("other"));
        assertThat(expectations.admit(dial(SESSION, PEER, SELF, 7), 1)).isPresent();
    }

    /** A place and a session of the peer's choice: the four octets in front are all that is the same on two connections. */
    @Test
    void nothing_that_the_peer_chose_is_said_before_it_has_proved_itself() {
        String chosen = "\r\nFLUSHALL\r\n1234";
        DirectSession session = new DirectSession(HexFormat.of().formatHex(chosen.getBytes(StandardCharsets.US_ASCII)));
        byte[] one = new Preamble(NONCE, session, PEER, SELF).dial(token('\n'));
        byte[] two = new Preamble(new Id128(5, 6), session, PEER, SELF).dial(token('\n'));
        assertThat(new String(one, StandardCharsets.ISO_8859_1)).doesNotContain("\r\n", "FLUSH", "1234");
        assertThat(Arrays.copyOfRange(one, 20, 36)).isNotEqualTo(Arrays.copyOfRange(two, 20, 36));
        assertThat(Arrays.copyOfRange(one, 36, 52)).isEqualTo(Arrays.copyOfRange(two, 36, 52)); // the dialler's own
        assertThat(Arrays.copyOfRange(one, 52, 84)).isNotEqualTo(Arrays.copyOfRange(two, 52, 84));
    }

    @Test
    void the_answer_to_one_connection_is_none_to_another() {
        byte[] answer = new Preamble(NONCE, SESSION, PEER, SELF).answer(token(7));
        assertThat(new Preamble(new Id128(5, 6), SESSION, PEER, SELF).isAnswered(answer, token(7)))
                .isFalse();
    }

    @Test
    void the_answer_of_a_listener_is_no_proof_of_a_dialler() {
        expect();
        byte[] dial = dial(SESSION, PEER, SELF, 7);
        byte[] answer = new Preamble(NONCE, SESSION, PEER, SELF).answer(token(7));
        System.arraycopy(answer, 0, dial, dial.length - answer.length, answer.length);
        assertThat(expectations.admit(dial, 1)).isEmpty();
    }

    @Test
    void who_comes_late_is_not_let_in() {
        expect();
        assertThat(expectations.admit(dial(SESSION, PEER, SELF, 7), UNTIL)).isEmpty();
    }

    @Test
    void every_bit_of_the_first_octets_matters() {
        expect();
        byte[] dial = dial(SESSION, PEER, SELF, 7);
        for (int bit = 0; bit < 8 * dial.length; bit++) {
            byte[] changed = dial.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(expectations.admit(changed, 1)).as("bit %d", bit).isEmpty();
        }
        assertThat(expectations.admit(dial, 1)).isPresent();
    }

    @Test
    void nobody_is_let_in_after_it_was_withdrawn() {
        expect();
        assertThat(expectations.remove(SESSION, "another"::equals)).isEmpty();
        assertThat(expectations.remove(SESSION)).contains("waits");
        assertThat(expectations.admit(dial(SESSION, PEER, SELF, 7), 1)).isEmpty();
        assertThat(expectations.remove(SESSION)).isEmpty();
    }

    @Test
    void nobody_is_let_in_after_all_were_withdrawn_and_no_token_is_left() {
        byte[] one = token(7);
        byte[] two = token(9);
        assertThat(expectations.add(SESSION, PEER, one, UNTIL, "one")).isTrue();
        assertThat(expectations.add(new DirectSession("ab".repeat(16)), PEER, two, UNTIL, "two"))
                .isTrue();
        assertThat(expectations.removeAll()).containsExactlyInAnyOrder("one", "two");
        assertThat(one).containsOnly(0);
        assertThat(two).containsOnly(0);
        assertThat(expectations.admit(dial(SESSION, PEER, SELF, 7), 1)).isEmpty();
        assertThat(expectations.removeAll()).isEmpty();
    }

    @Test
    void a_session_is_expected_once_and_all_are_bounded() {
        expect();
        assertThat(expectations.add(SESSION, PEER, token(9), UNTIL, "again")).isFalse();
        for (int i = 1; i < Expectations.MAX; i++) {
            DirectSession session = new DirectSession(new Id128(9, i).toString());
            assertThat(expectations.add(session, PEER, token(1), UNTIL, "" + i)).isTrue();
        }
        assertThat(expectations.add(new DirectSession("cd".repeat(16)), PEER, token(1), UNTIL, "more"))
                .isFalse();
    }

    /** The bytes are docs/wire.md, Direct connections; the hash and the proofs were computed with Python. */
    @Test
    void the_first_octets_are_as_documented() {
        byte[] dial = dial(SESSION, PEER, SELF, 7);
        assertThat(HexFormat.of().formatHex(dial))
                .isEqualTo("464d4432" + NONCE + "4b1fff3e06d7cc32e259013c800149ee" + PEER
                        + "346c6098a2344e7e0975a81c8ba09a8af3a71bd6b6c85110783c2404d799a63c");
        assertThat(HexFormat.of().formatHex(new Preamble(NONCE, SESSION, PEER, SELF).answer(token(7))))
                .isEqualTo("273cecbe5d4ee08fa37d640ab3ad6a6dfee0f54b5a9f57ce358f98198d5d17db");
    }
}
