package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beats that take long. */
@OnEachDatabase
class MembershipTest {

    private static final long TIMEOUT_MS = 10_000;

    private final Database database;
    private final Deque<Long> looks = new ArrayDeque<>();
    private final Membership membership;
    private long now;

    MembershipTest(TestDatabase databases) {
        database = Database.open(databases.fresh(ProviderDatabase.MIGRATIONS), ProviderDatabase.MIGRATIONS);
        membership = new Membership(database, Clock.systemUTC(), this::tick, new SecureRandom(), TIMEOUT_MS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_beat_that_took_too_long_brings_nobody_back() {
        membership.beat();
        String before = membership.id();
        assertThat(before).isNotNull();

        // The beat begins in time, at 2 s, and the database answers 5.5 s later.
        looks.add(2_000L);
        looks.add(2_000L);
        now = 7_500;
        membership.beat();
        assertThat(membership.id()).isNull();

        membership.beat();
        String after = membership.id();
        assertThat(after).isNotNull().isNotEqualTo(before);
        assertThat(database.read(InstanceTable::beats)).containsOnlyKeys(before, after);

        now = 12_000;
        membership.beat();
        now = 17_400;
        membership.beat();
        now = 17_500;
        membership.beat();
        assertThat(membership.id()).isEqualTo(after);
        assertThat(database.read(InstanceTable::beats)).containsOnlyKeys(after);
    }

    @Test
    void a_beat_in_time_keeps_who_it_is() {
        membership.beat();
        String before = membership.id();
        for (int i = 1; i <= 5; i++) {
            looks.add(now + 2_000);
            looks.add(now + 2_000);
            now += 6_000;
            membership.beat();
            assertThat(membership.id()).isEqualTo(before);
            looks.clear();
            now -= 4_000;
        }
    }

    @Test
    void what_one_claimed_who_was_taken_for_dead_and_did_not_know_yet_is_freed() {
        int made = database.transaction(handle -> handle.execute(
                        "INSERT INTO account (id, name, state, user_handle,"
                                + " used_bytes, created_at) VALUES (1, 'alice', 'ACTIVE', ?, 0, 0)",
                        (Object) new byte[] {1})
                + handle.execute("INSERT INTO space_reservation (account, instance, bytes) VALUES (1, 'ghost', 50)")
                + handle.execute("INSERT INTO job (name, account, holder) VALUES ('erase', 1, 'ghost')"));
        assertThat(made).isEqualTo(3);
        for (now = 0; now < TIMEOUT_MS; now += 2_000) {
            membership.beat();
            assertThat(held()).isEqualTo(2);
        }
        membership.beat();
        assertThat(held()).isZero();
        membership.beat();
        assertThat(database.read(InstanceTable::beats)).containsOnlyKeys(membership.id());
    }

    private long held() {
        return database.read(handle -> handle.createQuery(
                        "SELECT (SELECT COUNT(*) FROM space_reservation)" + " + (SELECT COUNT(*) FROM job)")
                .mapTo(Long.class)
                .one());
    }

    private long tick() {
        Long scripted = looks.poll();
        return scripted == null ? now : scripted;
    }
}
