package io.ferrymesh.provider.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where users may have requests sent to, and where not. */
class DestinationsTest {

    private final Destinations strict = new Destinations(false);
    private final Destinations loopback = new Destinations(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.org/a?b=c",
                "https://hooks.example.org:8443/",
                "https://93.184.216.34/",
                "https://[2606:2800:220:1:248:1893:25c8:1946]/"
            })
    void https_to_the_internet_is_allowed(String url) {
        assertThatCode(() -> strict.check(URI.create(url))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example.org/",
                "ftp://hooks.example.org/",
                "https:///path",
                "https:hooks",
                "https://user:pass@hooks.example.org/",
                "https://hooks.example.org/#a",
                "https://hooks.example.org:0/",
                "https://hooks.example.org:70000/",
                "https://127.0.0.1/",
                "https://localhost/",
                "https://db.localhost/",
                "https://10.1.2.3/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/",
                "https://[fd00::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://127.1/",
                "https://2130706433/"
            })
    void everything_else_is_refused_before_anything_is_resolved(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> strict.check(URI.create(url)))
                .withMessageStartingWith("must ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.255.255.255",
                "100.64.0.1",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::10.0.0.1",
                "::ffff:192.168.0.1",
                "64:ff9b::a00:1",
                "fe80::1",
                "fec0::1",
                "fd12:3456::1",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::1"
            })
    void no_name_may_lead_to_a_private_address(String address) throws UnknownHostException {
        assertThat(strict.allows(literal(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.255.255", "2606:2800:220:1::1", "2a00::1"})
    void names_may_lead_to_public_addresses(String address) throws UnknownHostException {
        assertThat(strict.allows(literal(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080/", "https://localhost/", "http://[::1]/"})
    void this_machine_is_allowed_only_where_the_operator_says_so(String url) throws UnknownHostException {
        assertThatCode(() -> loopback.check(URI.create(url))).doesNotThrowAnyException();
        assertThat(loopback.allows(literal("127.0.0.1"))).isTrue();
        assertThat(loopback.allows(literal("10.0.0.1"))).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> loopback.check(URI.create("http://hooks.example.org/")));
        assertThatIllegalArgumentException().isThrownBy(() -> loopback.check(URI.create("https://10.0.0.1/")));
    }

    private static InetAddress literal(String address) throws UnknownHostException {
        return InetAddress.getAllByName(address)[0];
    }
}
