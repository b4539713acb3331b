package io.ferrymesh.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "localhost", "127.0.0.1.nip.io", "127.0.0.256"})
    void where_secrets_travel_without_tls_it_listens_on_loopback_only(String host) {
        assertThatThrownBy(() -> options(host, true)).hasMessageContainingAll("host must be 127.0.0.1 or ::1", host);
        assertThat(options(host, false).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "example.org",
                "https://example.org/",
                "https://Example.org",
                "https://example.org:443",
                "http://example.org:80",
                "ftp://example.org",
                "https://user@example.org",
                "https://example.org?x"
            })
    void what_no_browser_sends_as_an_origin_is_refused(String origin) {
        assertThatThrownBy(() -> new Cors(Set.of(origin)))
                .hasMessageContainingAll("an origin must be https://HOST", origin);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.org", "http://localhost:5173", "https://[::1]:8443"})
    void an_origin_is_taken_as_browsers_send_it(String origin) {
        assertThat(new Cors(Set.of(origin)).origins()).containsExactly(origin);
    }

    @Test
    void limits_name_what_is_wrong() {
        assertThatThrownBy(() -> WebLimits.DEFAULT.withConnections(0, 1))
                .hasMessage("maxConnections must be from 1 to 65536: 0");
        assertThatThrownBy(() ->
                        WebLimits.DEFAULT.withTimeouts(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessage("headerTimeout must be from 1 s to 1 h: PT0S");
    }

    private static WebServerOptions options(String host, boolean secrets) {
        return new WebServerOptions("any", host, 0, Optional.empty(), WebLimits.DEFAULT, Cors.OFF, secrets);
    }
}
