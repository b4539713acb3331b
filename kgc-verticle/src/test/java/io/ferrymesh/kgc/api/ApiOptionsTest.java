package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.web.PemFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiOptionsTest {

    private static final Optional<PemFiles> TLS =
            Optional.of(new PemFiles(Path.of("certificate.pem"), Path.of("key.pem")));

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "localhost", "127.0.0.1.nip.io", "127.0.0.256", "128.0.0.1"})
    void without_tls_it_listens_on_loopback_only(String host) {
        assertThatThrownBy(() -> new ApiOptions(host, 0, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("apiHost must be 127.0.0.1 or ::1", "apiCertificate and apiKey", host);
        assertThat(new ApiOptions(host, 0, TLS).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.3.2.1", "::1"})
    void loopback_needs_no_tls(String host) {
        assertThat(new ApiOptions(host, 0, Optional.empty()).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void a_port_that_there_is_not_is_refused(int port) {
        assertThatThrownBy(() -> new ApiOptions("127.0.0.1", port, Optional.empty()))
                .hasMessage("apiPort must be from 0 to 65535: " + port);
    }

    @Test
    void no_host_is_refused() {
        assertThatThrownBy(() -> new ApiOptions(" ", 0, TLS)).hasMessageStartingWith("apiHost must be");
    }
}
