package io.ferrymesh.mesh.direct;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bounds for those who have proved nothing yet, and for where a process lets itself be led. */
class UnprovenTest {

    private final Unproven unproven = new Unproven();

    @Test
    void one_address_has_a_bound_of_its_own_and_leaving_makes_room() {
        for (int i = 0; i < Unproven.MAX_OF_ADDRESS; i++) {
            assertThat(unproven.enter("one")).isTrue();
        }
        assertThat(unproven.enter("one")).isFalse();
        assertThat(unproven.enter("two")).isTrue();
        unproven.leave("one");
        assertThat(unproven.enter("one")).isTrue();
    }

    @Test
    void all_addresses_together_have_a_bound() {
        for (int i = 0; i < Unproven.MAX; i++) {
            assertThat(unproven.enter("" + i)).isTrue();
        }
        assertThat(unproven.enter("another")).isFalse();
        for (int i = 0; i < Unproven.MAX; i++) {
            unproven.leave("" + i);
        }
        assertThat(unproven.count()).isZero();
        assertThat(unproven.enter("another")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, false, true",
        "2001:db8::1, false, true",
        "127.0.0.1, false, false",
        "::1, false, false",
        "127.0.0.1, true, true",
        "0.0.0.0, true, false",
        "::, true, false",
        "169.254.169.254, true, false",
        "fe80::1, true, false",
        "224.0.0.1, true, false",
        "ff02::1, true, false"
    })
    void some_addresses_are_not_connected_to(String address, boolean loopbackToo, boolean may) throws Exception {
        assertThat(Dialler.mayDial(InetAddress.getByName(address), loopbackToo)).isEqualTo(may);
    }
}
