package io.ferrymesh.provider.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DevicesTest {

    private static final long NOW = 1_790_000_000_000L;
    private static final Optional<String> HASH = Optional.of("$argon2id$one");

    private final Devices devices = new Devices(new AccountSecrets(TestKeys.of("1")), new SecureRandom());

    @Test
    void a_device_is_known_until_the_password_is_another() {
        Optional<String> token = Optional.of(devices.token("ada", HASH, Optional.empty(), NOW));
        Optional<byte[]> id = devices.known("ada", HASH, token, NOW);
        assertThat(id).isPresent();
        assertThat(devices.known("ada", Optional.of("$argon2id$two"), token, NOW))
                .isEmpty();
        assertThat(devices.known("ada", Optional.empty(), token, NOW)).isEmpty();
        assertThat(devices.known("eve", HASH, token, NOW)).isEmpty();
        assertThat(devices.known("ada", HASH, token, NOW + Devices.GOOD_FOR.toMillis()))
                .isEmpty();
        Optional<String> renewed = Optional.of(devices.token("ada", HASH, id, NOW));
        assertThat(devices.known("ada", HASH, renewed, NOW).orElseThrow()).isEqualTo(id.orElseThrow());
    }
}
