package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CryptoProviderTest {

    private static boolean corretto() {
        try {
            return CorrettoLoader.load() != null;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void an_unknown_name_is_refused_with_the_key_the_value_and_what_would_be_right() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CryptoProvider.named("openssl"))
                .withMessage("ferrymesh.crypto must be auto, corretto or bouncycastle: openssl");
    }

    @Test
    void the_description_names_who_computes() {
        assertThat(CryptoProvider.named("bouncycastle").toString())
                .isEqualTo("Bouncy Castle 1.87 for ECDH, SunJCE for AES-GCM");
        assumeTrue(corretto(), "the Amazon Corretto Crypto Provider does not load here");
        assertThat(CryptoProvider.named("corretto").toString())
                .matches("Amazon Corretto Crypto Provider \\d+\\.\\d+\\.\\d+");
        assertThat(CryptoProvider.named("auto"))
                .hasToString(CryptoProvider.named("corretto").toString());
    }

    @Test
    void every_choice_agrees_on_diffie_hellman_and_digests() {
        assumeTrue(corretto(), "the Amazon Corretto Crypto Provider does not load here");
        CryptoProvider bouncy = CryptoProvider.named("bouncycastle");
        CryptoProvider fast = CryptoProvider.named("corretto");
        for (int seed = 0; seed < 5; seed++) {
            byte[] a = P256.encodeScalar(P256.randomScalar(Seeded.random(seed)));
            Point peer = Point.of(P256.multiplyBase(P256.randomScalar(Seeded.random(seed + 100))));
            assertThat(bouncy.newDhKey(a).agree(peer))
                    .isEqualTo(fast.newDhKey(a).agree(peer));
            assertThat(bouncy.newSha256().digest(a)).isEqualTo(fast.newSha256().digest(a));
        }
    }

    @Test
    void nothing_is_installed_into_the_jvm() {
        assertThat(CryptoProvider.description()).isNotEmpty();
        assertThat(Arrays.stream(Security.getProviders()).map(Provider::getName))
                .noneMatch(name -> name.contains("Corretto") || name.equals("BC"));
    }
}
