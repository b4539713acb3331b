package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.scheme.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderOptionsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0", "::", "10.0.0.1", "localhost", "example.org", "127.0.0.1.example.org", "", "127.0.0"})
    void the_api_listens_on_loopback_only(String host) {
        assertThatThrownBy(() -> withHost(host)).hasMessageContaining("httpHost must be 127.0.0.1 or ::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1"})
    void every_loopback_address_will_do(String host) {
        assertThat(withHost(host).httpHost()).isEqualTo(host);
    }

    @Test
    void a_bad_value_is_refused_by_name() {
        assertThatThrownBy(() -> ProviderOptions.of(Digest.sha256(), 65_536, List.of()))
                .hasMessage("httpPort must be from 0 to 65535: 65536");
    }

    private static ProviderOptions withHost(String host) {
        return new ProviderOptions(
                Digest.sha256(), host, 0, List.of(), 4, 2, 86_400, 600, 2_000, 60, 10_000, 300, 5, 10, 100, 10);
    }
}
