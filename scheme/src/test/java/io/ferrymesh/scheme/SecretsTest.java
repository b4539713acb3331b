package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretsTest {

    private static final byte[] SECRET = Bytes.random(Seeded.random(2), 32);

    static Stream<Function<byte[], FixedSecret>> kinds() {
        return Stream.of(
                Psk::of,
                VoucherKey::of,
                MasterKey::of,
                TraceKey::of,
                HpkeKeyPair::of,
                EnrolmentToken::of,
                Exporter::new,
                value -> new TrafficKey(value, true),
                value -> new RawKey(value, "AES"),
                value -> KeyRequest.of(new BigInteger(1, value), KeyRequestPublic.Seed.of(value)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_secret_prints_stars_copies_in_and_out_and_is_wiped_on_close(Function<byte[], FixedSecret> kind) {
        byte[] given = SECRET.clone();
        FixedSecret secret = kind.apply(given);
        given[0] ^= 1;
        assertThat(secret).hasToString("***");
        assertThat(secret.copy()).isEqualTo(SECRET).isNotSameAs(secret.copy());
        byte[] held = secret.raw();
        secret.close();
        assertThat(held).containsOnly(0);
        assertThat(secret).hasToString("***");
        assertThatIllegalStateException().isThrownBy(secret::copy);
        secret.close();
    }

    @Test
    void secrets_of_the_wrong_length_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Psk.of(new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> TraceKey.of(new byte[33]));
        assertThatIllegalArgumentException().isThrownBy(() -> EnrolmentToken.of(new byte[0]));
    }

    @Test
    void scalars_out_of_range_are_malformed() {
        byte[] order = P256.encodeScalar(P256.N.subtract(BigInteger.ONE));
        order[31]++;
        for (byte[] scalar : new byte[][] {new byte[32], order, new byte[31], new byte[33]}) {
            assertThatThrownBy(() -> MasterKey.of(scalar)).isInstanceOf(MalformedException.class);
            assertThatThrownBy(() -> HpkeKeyPair.of(scalar)).isInstanceOf(MalformedException.class);
        }
        assertThat(MasterKey.of(P256.encodeScalar(P256.N.subtract(BigInteger.ONE))))
                .isNotNull();
    }

    @Test
    void a_credential_prints_stars_and_is_wiped_on_close() {
        Credential credential = new Fixture().source;
        byte[] held = credential.raw();
        assertThat(credential).hasToString("***");
        credential.close();
        assertThat(held).containsOnly(0);
        assertThatIllegalStateException().isThrownBy(credential::copyPrivateKey);
        assertThat(credential.certificate()).isNotNull();
    }

    @Test
    void fresh_secrets_come_from_the_given_randomness() {
        assertThat(Psk.random(Seeded.random(1)).copy())
                .isEqualTo(Psk.random(Seeded.random(1)).copy())
                .isNotEqualTo(Psk.random(Seeded.random(2)).copy());
        assertThat(TraceKey.generate(Seeded.random(1)).copy())
                .isNotEqualTo(TraceKey.generate(Seeded.random(2)).copy());
        assertThat(EnrolmentToken.random(Seeded.random(1)).digest())
                .isNotEqualTo(EnrolmentToken.random(Seeded.random(2)).digest());
        assertThat(HpkeKeyPair.generate(Seeded.random(1)).publicKey())
                .isNotEqualTo(HpkeKeyPair.generate(Seeded.random(2)).publicKey());
    }
}
