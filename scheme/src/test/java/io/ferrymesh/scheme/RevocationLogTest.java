package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.scheme.RevocationLog.Accepted;
import io.ferrymesh.scheme.RevocationView.Status;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RevocationLogTest {

    private static final long NOW = Fixture.NOW;
    private static final long MAX_AGE = 60;

    private final Fixture fixture = new Fixture();
    private final RevocationLog log = new RevocationLog(MAX_AGE);

    /** The key centre's side: entry i is number i + 1, and so is its hash. */
    private final List<RevocationEntry> entries = new ArrayList<>();

    private final List<Digest> hashes = new ArrayList<>(List.of(RevocationChain.START));

    @BeforeEach
    void ten_revocations() {
        for (int i = 1; i <= 10; i++) {
            revoke(NOW + 1000 + i);
        }
    }

    private void revoke(long until) {
        int number = entries.size() + 1;
        entries.add(new RevocationEntry(name(number), until));
        hashes.add(RevocationChain.next(hashes.get(number - 1), number, entries.get(number - 1)));
    }

    private Pseudonym name(int number) {
        return fixture.trace.seal(number, 1);
    }

    /** What the key centre says at a time when so many were revoked; it writes one audit entry for each. */
    private Bulletin bulletin(long issued, int base, int number) {
        return new Bulletin(
                new Validity(issued, issued + 3600),
                base,
                hashes.get(base),
                number,
                hashes.get(number),
                number,
                hashes.get(number));
    }

    private Accepted append(int first, int last) {
        return log.append(first, entries.subList(first - 1, last));
    }

    private Status status(int number) {
        return log.status(name(number), NOW);
    }

    private static void requireRefused(RefusalReason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }

    @Test
    void before_the_first_bulletin_nobody_is_known_to_be_good() {
        assertThat(status(1)).isEqualTo(Status.UNKNOWN);
        assertThat(log.newest()).isEmpty();
        assertThat(log.wanted()).isEmpty();
        requireRefused(RefusalReason.NOT_AS_REQUESTED, () -> append(1, 2));
    }

    @Test
    void a_bulletin_of_an_empty_log_is_enough() {
        assertThat(log.accept(bulletin(NOW, 0, 0))).isEqualTo(Accepted.CURRENT);
        assertThat(status(1)).isEqualTo(Status.GOOD);
        assertThat(log.wanted()).isEmpty();
    }

    @Test
    void nothing_of_the_pages_is_seen_before_they_reach_the_bulletin() {
        Bulletin target = bulletin(NOW, 0, 10);
        assertThat(log.accept(target)).isEqualTo(Accepted.BEHIND);
        assertThat(log.wanted()).contains(new RevocationPage.Request(0, 10));
        assertThat(append(1, 4)).isEqualTo(Accepted.BEHIND);
        assertThat(log.wanted()).contains(new RevocationPage.Request(4, 10));
        assertThat(status(1)).isEqualTo(Status.UNKNOWN);
        assertThat(append(5, 10)).isEqualTo(Accepted.CURRENT);
        assertThat(log.number()).isEqualTo(10);
        assertThat(log.size()).isEqualTo(10);
        assertThat(log.newest()).contains(target);
        assertThat(log.wanted()).isEmpty();
        for (int number = 1; number <= 10; number++) {
            assertThat(status(number)).isEqualTo(Status.REVOKED);
        }
        assertThat(status(11)).isEqualTo(Status.GOOD);
    }

    @Test
    void what_is_new_is_added_to_what_is_here() {
        reach(4);
        assertThat(log.accept(bulletin(NOW + 1, 0, 5))).isEqualTo(Accepted.BEHIND);
        assertThat(status(5)).as("the list before still answers").isEqualTo(Status.GOOD);
        assertThat(append(5, 5)).isEqualTo(Accepted.CURRENT);
        assertThat(List.of(status(1), status(4), status(5), status(6)))
                .containsExactly(Status.REVOKED, Status.REVOKED, Status.REVOKED, Status.GOOD);
    }

    private void reach(int number) {
        Accepted behind = log.accept(bulletin(NOW, 0, number));
        assertThat(behind).isEqualTo(Accepted.BEHIND);
        assertThat(append(1, number)).isEqualTo(Accepted.CURRENT);
    }

    @Test
    void good_lasts_as_long_as_the_greatest_age_and_revoked_for_ever() {
        reach(4);
        assertThat(log.status(name(9), NOW + MAX_AGE)).isEqualTo(Status.GOOD);
        assertThat(log.status(name(9), NOW + MAX_AGE + 1)).isEqualTo(Status.UNKNOWN);
        assertThat(log.status(name(4), NOW + 1_000_000)).isEqualTo(Status.REVOKED);
        assertThat(log.accept(bulletin(NOW + 50, 0, 4))).isEqualTo(Accepted.CURRENT);
        assertThat(log.status(name(9), NOW + 50 + MAX_AGE)).isEqualTo(Status.GOOD);
        assertThat(log.isFresh(NOW + 51 + MAX_AGE)).isFalse();
    }

    @Test
    void good_ends_when_the_bulletin_expires_if_that_is_earlier() {
        Bulletin brief =
                new Bulletin(new Validity(NOW, NOW + 10), 0, hashes.get(0), 0, hashes.get(0), 0, RevocationChain.START);
        assertThat(log.accept(brief)).isEqualTo(Accepted.CURRENT);
        assertThat(log.isFresh(NOW + 10)).isTrue();
        assertThat(log.isFresh(NOW + 11)).isFalse();
    }

    @Test
    void a_clock_that_was_set_back_makes_nobody_good() {
        reach(4);
        assertThat(log.isFresh(NOW - Bulletin.MAX_SKEW_SECONDS)).isTrue();
        assertThat(log.isFresh(NOW - Bulletin.MAX_SKEW_SECONDS - 1)).isFalse();
    }

    @Test
    void an_older_bulletin_changes_nothing() {
        reach(4);
        assertThat(log.accept(bulletin(NOW + 30, 0, 3))).isEqualTo(Accepted.STALE);
        assertThat(log.number()).isEqualTo(4);
        assertThat(log.isFresh(NOW + MAX_AGE + 1)).isFalse();
    }

    @Test
    void the_same_state_issued_earlier_takes_no_freshness_away() {
        reach(4);
        assertThat(log.accept(bulletin(NOW - 20, 0, 4))).isEqualTo(Accepted.CURRENT);
        assertThat(log.isFresh(NOW + MAX_AGE)).isTrue();
    }

    @Test
    void a_key_centre_that_contradicts_itself_is_refused_and_nothing_changes() {
        reach(4);
        Digest other = hashes.get(9);
        Validity later = new Validity(NOW + 1, NOW + 100);
        List<Bulletin> contradictions = List.of(
                new Bulletin(later, 0, hashes.get(0), 4, other, 4, hashes.get(4)),
                new Bulletin(later, 0, hashes.get(0), 4, hashes.get(4), 4, other),
                new Bulletin(later, 0, hashes.get(0), 5, hashes.get(5), 3, hashes.get(3)),
                new Bulletin(later, 0, hashes.get(0), 3, hashes.get(3), 5, hashes.get(5)),
                new Bulletin(later, 4, other, 5, hashes.get(5), 5, hashes.get(5)));
        for (Bulletin contradiction : contradictions) {
            requireRefused(RefusalReason.CONTRADICTION, () -> log.accept(contradiction));
        }
        assertThat(log.number()).isEqualTo(4);
        assertThat(log.wanted()).isEmpty();
        assertThat(log.isFresh(NOW + MAX_AGE + 1)).isFalse();
        assertThat(log.accept(bulletin(NOW + 1, 0, 5))).isEqualTo(Accepted.BEHIND);
    }

    @Test
    void a_target_is_not_contradicted_either() {
        assertThat(log.accept(bulletin(NOW, 0, 6))).isEqualTo(Accepted.BEHIND);
        assertThat(log.accept(bulletin(NOW, 0, 5))).isEqualTo(Accepted.STALE);
        Bulletin contradiction =
                new Bulletin(new Validity(NOW, NOW + 1), 0, hashes.get(0), 6, hashes.get(1), 6, hashes.get(6));
        requireRefused(RefusalReason.CONTRADICTION, () -> log.accept(contradiction));
    }

    @Test
    void a_forged_page_is_refused_all_collected_is_dropped_and_the_true_ones_still_lead_there() {
        reach(2);
        assertThat(log.accept(bulletin(NOW, 0, 8))).isEqualTo(Accepted.BEHIND);
        assertThat(append(3, 5)).isEqualTo(Accepted.BEHIND);
        List<RevocationEntry> forged = new ArrayList<>(entries.subList(5, 8));
        forged.set(1, new RevocationEntry(name(99), NOW + 1000));
        requireRefused(RefusalReason.NOT_AS_REQUESTED, () -> log.append(6, forged));
        assertThat(List.of(status(3), status(8), status(99))).containsOnly(Status.GOOD);
        assertThat(log.wanted()).contains(new RevocationPage.Request(2, 8));
        assertThat(append(3, 8)).isEqualTo(Accepted.CURRENT);
        assertThat(status(8)).isEqualTo(Status.REVOKED);
        assertThat(status(99)).isEqualTo(Status.GOOD);
    }

    @Test
    void a_page_of_other_numbers_of_nothing_or_of_too_much_is_refused_and_all_collected_is_dropped() {
        for (ThrowingCallable page : List.<ThrowingCallable>of(
                () -> append(5, 6), () -> append(3, 4), () -> log.append(4, List.of()), () -> append(4, 7))) {
            Accepted behind = log.accept(bulletin(NOW, 0, 6));
            assertThat(behind).isEqualTo(Accepted.BEHIND);
            assertThat(append(1, 3)).isEqualTo(Accepted.BEHIND);
            requireRefused(RefusalReason.NOT_AS_REQUESTED, page);
            assertThat(log.wanted()).contains(new RevocationPage.Request(0, 6));
        }
    }

    @Test
    void a_newcomer_starts_at_the_base() {
        assertThat(log.accept(bulletin(NOW, 7, 10))).isEqualTo(Accepted.BEHIND);
        assertThat(log.wanted()).contains(new RevocationPage.Request(7, 10));
        assertThat(append(8, 10)).isEqualTo(Accepted.CURRENT);
        assertThat(status(7)).isEqualTo(Status.GOOD);
        assertThat(status(8)).isEqualTo(Status.REVOKED);
    }

    @Test
    void a_newcomer_to_a_log_of_which_all_has_expired_needs_no_pages() {
        assertThat(log.accept(bulletin(NOW, 10, 10))).isEqualTo(Accepted.CURRENT);
        assertThat(log.number()).isEqualTo(10);
        assertThat(status(10)).isEqualTo(Status.GOOD);
    }

    @Test
    void a_receiver_that_fell_behind_the_base_starts_over_there_and_keeps_what_it_has() {
        reach(2);
        assertThat(log.accept(bulletin(NOW, 5, 10))).isEqualTo(Accepted.BEHIND);
        assertThat(log.wanted()).contains(new RevocationPage.Request(5, 10));
        assertThat(append(6, 10)).isEqualTo(Accepted.CURRENT);
        assertThat(List.of(status(1), status(3), status(6)))
                .containsExactly(Status.REVOKED, Status.GOOD, Status.REVOKED);
    }

    @Test
    void pages_collected_for_one_bulletin_lead_to_a_later_one() {
        assertThat(log.accept(bulletin(NOW, 0, 8))).isEqualTo(Accepted.BEHIND);
        assertThat(append(1, 4)).isEqualTo(Accepted.BEHIND);
        assertThat(log.accept(bulletin(NOW + 1, 2, 10))).isEqualTo(Accepted.BEHIND);
        assertThat(log.wanted()).contains(new RevocationPage.Request(4, 10));
        assertThat(append(5, 10)).isEqualTo(Accepted.CURRENT);
        assertThat(status(1)).isEqualTo(Status.REVOKED);
    }

    @Test
    void pages_collected_before_the_base_moved_past_them_are_let_go() {
        assertThat(log.accept(bulletin(NOW, 0, 8))).isEqualTo(Accepted.BEHIND);
        assertThat(append(1, 4)).isEqualTo(Accepted.BEHIND);
        assertThat(log.accept(bulletin(NOW + 1, 6, 10))).isEqualTo(Accepted.BEHIND);
        assertThat(log.wanted()).contains(new RevocationPage.Request(6, 10));
    }

    @Test
    void entries_are_forgotten_when_their_time_is_over() {
        reach(10);
        long end = NOW + 1005 + Bulletin.MAX_SKEW_SECONDS;
        assertThat(log.accept(bulletin(end, 5, 10))).isEqualTo(Accepted.CURRENT);
        assertThat(log.size())
                .as("numbers 5 to 10: the fifth is needed in its last second")
                .isEqualTo(6);
        assertThat(log.status(name(4), end)).isEqualTo(Status.GOOD);
        assertThat(log.status(name(5), end)).isEqualTo(Status.REVOKED);
    }

    @Test
    void a_bulletin_too_far_ahead_is_not_followed() {
        Bulletin far = new Bulletin(
                Fixture.VALIDITY,
                0,
                RevocationChain.START,
                RevocationLog.MAX_ENTRIES + 1,
                hashes.get(1),
                1,
                RevocationChain.START);
        assertThatThrownBy(() -> log.accept(far)).isInstanceOf(MalformedException.class);
        assertThat(log.wanted()).isEmpty();
    }

    @Test
    void many_entries_are_all_found() {
        while (entries.size() < 5_000) {
            revoke(NOW + 1000);
        }
        reach(5_000);
        assertThat(log.size()).isEqualTo(5_000);
        for (int number = 1; number <= 5_000; number++) {
            assertThat(status(number)).isEqualTo(Status.REVOKED);
        }
        for (int number = 5_001; number <= 10_000; number++) {
            assertThat(status(number)).isEqualTo(Status.GOOD);
        }
    }

    @Test
    void it_holds_no_more_than_twice_what_the_key_centre_may_need_at_once() {
        var small = new RevocationLog(MAX_AGE, 4);
        for (int from : List.of(0, 4)) {
            assertThat(small.accept(bulletin(NOW, 0, from + 4))).isEqualTo(Accepted.BEHIND);
            assertThat(small.append(from + 1, entries.subList(from, from + 4))).isEqualTo(Accepted.CURRENT);
        }
        assertThat(small.accept(bulletin(NOW + 1, 0, 9))).isEqualTo(Accepted.BEHIND);
        assertThatThrownBy(() -> small.append(9, entries.subList(8, 9)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("more than 8 entries");
        assertThat(small.number()).isEqualTo(8);
        long later = NOW + 1001 + Bulletin.MAX_SKEW_SECONDS + 1;
        assertThat(small.accept(bulletin(later, 1, 9))).isEqualTo(Accepted.BEHIND);
        assertThat(small.append(9, entries.subList(8, 9))).isEqualTo(Accepted.CURRENT);
        assertThat(small.size()).isEqualTo(8);
    }
}
