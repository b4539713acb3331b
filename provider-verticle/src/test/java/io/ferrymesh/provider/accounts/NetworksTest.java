package io.ferrymesh.provider.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.254",
        "2001:db8:1:2200::1, 2001:db8:1:22ff:ffff::9",
        "::ffff:192.0.2.1, 192.0.2.7",
        "fe80::1%eth0, fe80::2%eth1"
    })
    void neighbours_are_in_one_network(String one, String other) {
        assertThat(Networks.of(one)).isEqualTo(Networks.of(other));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.3.1", "2001:db8:1:2200::1, 2001:db8:1:2300::1", "unknown, none", "1.2.3, 1.2.3.0"})
    void others_are_not(String one, String other) {
        assertThat(Networks.of(one)).isNotEqualTo(Networks.of(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "999.1.1.1", "::::", "1:2", "example.org", ":"})
    void what_is_no_address_stands_for_itself(String text) {
        assertThat(Networks.of(text)).isEqualTo(Provider.utf8(text));
    }

    @Test
    void passkeys_belong_to_a_host_and_pages_on_it() {
        assertThatThrownBy(() -> new PasskeyOptions("Cloud.example", "x", Set.of()))
                .hasMessageContaining("host name in lower case: Cloud.example");
        for (String origin : new String[] {
            "https://cloud.example/",
            "http://cloud.example",
            "cloud.example",
            "https://",
            "https://user@cloud.example",
            "ftp://cloud.example"
        }) {
            assertThatThrownBy(() -> new PasskeyOptions("cloud.example", "x", Set.of(origin)))
                    .hasMessageContaining("https://host[:port] without a path");
        }
        assertThatThrownBy(() -> new PasskeyOptions("cloud.example", "x", Set.of("https://evilcloud.example")))
                .hasMessageContaining("ends in .cloud.example");
        assertThat(new PasskeyOptions("localhost", "x", Set.of("http://localhost:8080")).origins())
                .hasSize(1);
    }
}
