package io.ferrymesh.kgc.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditChainTest {

    private static final Instant AT = Instant.ofEpochMilli(1_772_323_200_123L);
    private static final AuditEntry FIRST = entry(1, AT, "operator:ann", "provider.created", "{\"name\":\"nörd\"}");

    /** Computed with Python's hashlib from the formula in docs/kgc.md. */
    @Test
    void the_hash_is_that_of_the_documented_bytes() {
        assertThat(FIRST.hash()).isEqualTo("6e6d78cdf470c4f8a6c77e300beffe4e89969b093e9b06f70bc497f318e56d8c");
    }

    @Test
    void an_entry_follows_the_one_before() {
        assertThat(AuditChain.follows(FIRST, 1, AuditChain.START)).isTrue();
        assertThat(AuditChain.follows(FIRST, 2, AuditChain.START)).isFalse();
        assertThat(AuditChain.follows(FIRST, 1, Digest.sha256())).isFalse();
    }

    @Test
    void every_field_of_an_entry_is_in_its_hash() {
        for (AuditEntry changed : List.of(
                with(1, AT.plusMillis(1), "operator:ann", "provider.created", FIRST.details()),
                with(1, AT, "operator:bob", "provider.created", FIRST.details()),
                with(1, AT, "operator:ann", "provider.quota", FIRST.details()),
                with(1, AT, "operator:an", "nprovider.created", FIRST.details()),
                with(1, AT, "operator:ann", "provider.created", "{}"),
                with(2, AT, "operator:ann", "provider.created", FIRST.details()))) {
            assertThat(AuditChain.follows(changed, changed.seq(), AuditChain.START))
                    .as("%s", changed)
                    .isFalse();
        }
    }

    @Test
    void names_and_details_are_bounded() {
        assertThatThrownBy(() -> AuditChain.next(AuditChain.START, 1, 1, "a".repeat(129), "b", "{}"))
                .hasMessage("an audit entry's actor has at most 128 bytes, not 129");
    }

    @Test
    void details_have_one_form() {
        Map<String, Object> details = Map.of(
                "b", List.of(1, 2L, true), "a", "q\"\\\n\u0001é/", "ab", Map.of("z", "", "y", -1), "B", List.of());
        assertThat(CanonicalJson.object(details))
                .isEqualTo("{\"B\":[],\"a\":\"q\\\"\\\\\\n\\u0001é/\",\"ab\":{\"y\":-1,\"z\":\"\"},\"b\":[1,2,true]}");
    }

    @Test
    void details_hold_nothing_that_readers_might_round() {
        assertThatThrownBy(() -> CanonicalJson.object(Map.of("a", 1L << 53)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.object(Map.of("a", 0.5))).isInstanceOf(IllegalArgumentException.class);
    }

    /** Carries the hash of the first entry, whatever it says. */
    private static AuditEntry with(long seq, Instant at, String actor, String action, String details) {
        return new AuditEntry(seq, at, actor, action, details, AuditChain.START.toString(), FIRST.hash());
    }

    private static AuditEntry entry(long seq, Instant at, String actor, String action, String details) {
        Digest hash = AuditChain.next(AuditChain.START, seq, at.toEpochMilli(), actor, action, details);
        return new AuditEntry(seq, at, actor, action, details, AuditChain.START.toString(), hash.toString());
    }
}
