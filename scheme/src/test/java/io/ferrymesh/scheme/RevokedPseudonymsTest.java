package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The times allowed are far more than is needed, and far less than a crowded set takes. */
class RevokedPseudonymsTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final long UNTIL = 1_000;

    private final Random random = new Random(1);

    private static RevocationEntry entry(long high, long low, long until) {
        byte[] name = new byte[Pseudonym.LENGTH];
        Bytes.putU64(name, 0, high);
        Bytes.putU64(name, 8, low);
        return new RevocationEntry(Pseudonym.of(name), until);
    }

    private RevocationEntry any(long until) {
        return entry(random.nextLong(), random.nextLong(), until);
    }

    @Test
    void pseudonyms_chosen_to_have_bits_in_common_do_not_crowd() {
        List<RevocationEntry> forged = new ArrayList<>();
        for (long i = 1; i <= 100_000; i++) {
            forged.add(entry(i << 32, 0, UNTIL));
            forged.add(entry(0, i << 32, UNTIL));
            forged.add(entry(i, i, UNTIL));
        }
        var set = new RevokedPseudonyms();
        assertTimeoutPreemptively(SOON, () -> forged.forEach(set::add));
        assertThat(set.size()).isEqualTo(forged.size());
        assertThat(forged).allMatch(each -> set.contains(each.pseudonym()));
        assertThat(set.contains(entry(0, 0, UNTIL).pseudonym())).isFalse();
    }

    @Test
    void forgetting_some_of_many_is_quick() {
        var set = new RevokedPseudonyms();
        List<RevocationEntry> kept = new ArrayList<>();
        for (int i = 0; i < 1_250_000; i++) {
            RevocationEntry each = any(i % 1_000 == 0 ? UNTIL - 1 : UNTIL);
            set.add(each);
            if (i % 1_000 < 2) {
                kept.add(each);
            }
        }
        assertTimeoutPreemptively(SOON, () -> set.removeEndedBefore(UNTIL));
        assertThat(set.size()).isEqualTo(1_248_750);
        assertThat(kept).allMatch(each -> set.contains(each.pseudonym()) == (each.until() == UNTIL));
    }

    @Test
    void the_sum_of_two_counts_each_once_and_only_what_lasts() {
        var some = new RevokedPseudonyms();
        var others = new RevokedPseudonyms();
        List<RevocationEntry> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(any(UNTIL + i));
        }
        all.subList(0, 200).forEach(some::add);
        all.subList(100, 300).forEach(others::add);
        assertThat(some.sizeWith(others, UNTIL)).isEqualTo(300);
        assertThat(some.sizeWith(others, UNTIL + 150)).isEqualTo(150);
        some.addAll(others);
        assertThat(some.size()).isEqualTo(300);
        some.removeEndedBefore(UNTIL + 299);
        assertThat(some.size()).isEqualTo(1);
        assertThat(some.contains(all.get(299).pseudonym())).isTrue();
        some.removeEndedBefore(UNTIL + 300);
        assertThat(some.size()).isZero();
    }
}
