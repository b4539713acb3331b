package io.ferrymesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectOptionsTest {

    @Test
    void who_says_nothing_neither_listens_nor_connects() {
        assertThat(DirectOptions.parse(Optional.empty(), Optional.empty(), false))
                .isEqualTo(DirectOptions.OFF);
        assertThat(DirectOptions.OFF.dials()).isFalse();
    }

    @Test
    void who_listens_connects_too() {
        DirectOptions options = DirectOptions.parse(Optional.of("127.0.0.1:0"), Optional.empty(), false);
        assertThat(options.listen()).contains(new Endpoint("127.0.0.1", 0));
        assertThat(options.dials()).isTrue();
    }

    @Test
    void what_is_told_may_differ_in_host_and_port() {
        DirectOptions options = DirectOptions.parse(Optional.of("[::]:7000"), Optional.of("[2001:db8::1]:7001"), false);
        assertThat(options.publicHost()).contains("2001:db8::1");
        assertThat(options.publicPort()).hasValue(7001);
        assertThat(DirectOptions.parse(Optional.of("0.0.0.0:0"), Optional.of("[2001:db8::1]"), false)
                        .publicPort())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host     |         | direct.listen must be host:port or [IPv6]:port",
                "host:1x  |         | direct.listen must be host:port or [IPv6]:port",
                "a:65536  |         | direct.listen must be host:port or [IPv6]:port",
                "::1:5    |         | direct.listen must be host:port or [IPv6]:port",
                "[::]:5   |         | direct.advertise must be set",
                "0.0.0.0:5|         | direct.advertise must be set",
                "a:5      | 0.0.0.0 | direct.advertise must be a host name or an IP address that others can reach",
                "a:5      | b:0     | direct.advertise must be from 1 to 65535: 0",
                "a:5      | b:c     | direct.advertise must be host, host:port",
                "         | b       | direct.advertise must be unset where direct.listen is not set: b"
            })
    void what_is_wrong_is_refused_with_its_key_its_value_and_what_is_right(
            String listen, String advertise, String says) {
        assertThatThrownBy(
                        () -> DirectOptions.parse(Optional.ofNullable(listen), Optional.ofNullable(advertise), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:1", "10.0.0.1:65535", "[::1]:80", "a.b-c.example:0"})
    void an_endpoint_is_written_as_it_is_read(String text) {
        assertThat(Endpoint.parse(text)).hasToString(text);
    }

    @Test
    void an_offer_shows_no_token_and_holds_one_until_it_is_wiped() {
        byte[] token = new byte[DirectOffer.TOKEN_BYTES];
        token[3] = 77;
        DirectOffer offer = new DirectOffer(Endpoint.parse("host:5"), token);
        assertThat(offer).hasToString("DirectOffer[host:5, ***]");
        assertThat(offer.token()).isEqualTo(token);
        offer.close();
        assertThat(offer.token()).containsOnly(0);
        assertThatThrownBy(() -> new DirectOffer(Endpoint.parse("host:0"), token))
                .hasMessageContaining("needs a port");
        assertThatThrownBy(() -> new DirectOffer(Endpoint.parse("host:5"), new byte[31]))
                .hasMessageContaining("32 bytes: 31");
    }
}
