package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KgcOptionsTest {

    @Test
    void bad_options_are_refused_by_name() {
        assertThatThrownBy(() -> KgcOptions.defaults().with("maxValiditySeconds", 60))
                .hasMessage("maxValiditySeconds must be from 3600 to 31622400: 60");
        assertThatThrownBy(() -> KgcOptions.defaults().with("resignMs", 60_000))
                .hasMessage("resignMs must be from 10 to 30000: 60000");
        assertThatThrownBy(() -> KgcOptions.defaults().with("maxProviders", 1L << 40))
                .hasMessageContaining("maxProviders must be from 1 to 1000000");
        assertThatThrownBy(() -> KgcOptions.defaults().with("quota", 1)).hasMessageContaining("no option quota");
    }

    @Test
    void a_quota_that_could_not_be_revoked_is_refused() {
        assertThat(KgcOptions.defaults().maxQuota()).isEqualTo(166_666);
        assertThatThrownBy(() -> KgcOptions.defaults().with("certificatesPerEpoch", 166_667))
                .hasMessageContaining("certificatesPerEpoch must be at most 166666");
    }

    @Test
    void options_are_what_they_were_changed_to() {
        KgcOptions changed = KgcOptions.defaults().with("ratePerProvider", 3).with("epochSeconds", 60_000);
        assertThat(changed.ratePerProvider()).isEqualTo(3);
        assertThat(changed.asMap()).containsEntry("epochSeconds", 60_000L).hasSize(13);
        assertThat(KgcOptions.with(changed.asMap())).isEqualTo(changed);
        assertThat(KgcOptions.with(Map.of())).isEqualTo(KgcOptions.defaults());
    }

    @Test
    void a_quota_epoch_begins_on_a_multiple_of_its_length() {
        assertThat(KgcOptions.defaults().quotaEpoch(86_400 * 5 + 7)).isEqualTo(86_400 * 5);
    }
}
