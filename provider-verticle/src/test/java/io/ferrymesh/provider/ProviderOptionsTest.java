package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.scheme.Digest;
import org.junit.jupiter.api.Test;

class ProviderOptionsTest {

    @Test
    void the_defaults_are_within_the_bounds() {
        assertThat(ProviderOptions.of(Digest.sha256()).poolSize()).isEqualTo(32);
    }

    @Test
    void a_bad_value_is_refused_by_name() {
        assertThatThrownBy(() -> new ProviderOptions(Digest.sha256(), 4, 4, 86_400, 600, 2_000, 60, 10_000, 300, 5))
                .hasMessage("lowWater must be from 0 to 3: 4");
    }
}
