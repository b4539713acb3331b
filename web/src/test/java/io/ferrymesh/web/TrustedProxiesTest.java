package io.ferrymesh.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES = new TrustedProxies(
            List.of(AddressRange.parse("10.1.0.0/16"), AddressRange.parse("::1"), AddressRange.parse("2001:db8::/33")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.2.3 | 203.0.113.9 | 203.0.113.9",
                "10.1.2.3 | 6.6.6.6, 203.0.113.9 | 203.0.113.9",
                "10.1.2.3 | 6.6.6.6, 203.0.113.9, 10.1.9.9 | 203.0.113.9",
                "10.1.2.3 | 10.2.0.1 | 10.2.0.1",
                "0:0:0:0:0:0:0:1 | 2001:db8:8000::7 | 2001:db8:8000::7",
                "2001:db8::5 | 203.0.113.9:4711 | 203.0.113.9",
                "2001:db8::5 | [2001:db9::7]:4711 | 2001:db9::7",
                "203.0.113.1 | 198.51.100.1 | 203.0.113.1",
                "10.2.0.1 | 198.51.100.1 | 10.2.0.1",
            })
    void a_client_is_who_a_trusted_proxy_says_and_nobody_else_is_believed(String peer, String said, String client) {
        assertThat(PROXIES.client(peer, List.of(said))).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "localhost", "10.1.0.1", "6.6.6.6, _hidden", "6.6.6.6,", "300.1.1.1"})
    void what_a_proxy_does_not_say_is_not_known(String said) {
        assertThat(PROXIES.client("10.1.2.3", List.of(said))).isEqualTo(TrustedProxies.UNKNOWN);
        assertThat(PROXIES.client("10.1.2.3", List.of())).isEqualTo(TrustedProxies.UNKNOWN);
    }

    @Test
    void the_last_of_several_headers_counts() {
        assertThat(PROXIES.client("10.1.2.3", List.of("6.6.6.6", "203.0.113.9")))
                .isEqualTo("203.0.113.9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0/8", "/8"})
    void a_range_is_of_addresses(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
