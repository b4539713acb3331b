package io.ferrymesh.provider.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.database.DatabaseException.Kind;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StartWaitTest {

    private final AtomicLong nowMs = new AtomicLong();
    private final AtomicInteger attempts = new AtomicInteger();
    private final StartWait wait =
            new StartWait(60, () -> Instant.ofEpochMilli(nowMs.get()), ms -> assertThat(nowMs.addAndGet(ms))
                    .isPositive());

    @Test
    void a_database_that_comes_late_is_waited_for() throws Exception {
        String opened = wait.insist("the database", () -> {
            if (attempts.incrementAndGet() < 6) {
                throw new DatabaseException(Kind.UNAVAILABLE, "not there", null);
            }
            return "open";
        });
        assertThat(opened).isEqualTo("open");
        assertThat(nowMs).hasValue(5_000);
    }

    @Test
    void all_together_wait_no_longer_than_agreed() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> wait.insist("the store", () -> {
                        attempts.incrementAndGet();
                        throw new StoreException(StoreError.UNAVAILABLE, "not there");
                    }))
                    .hasMessage("not there");
        }
        assertThat(nowMs).hasValue(60_000);
        assertThat(attempts).hasValue(62);
    }

    @Test
    void what_waiting_does_not_help_fails_at_once() {
        assertThatThrownBy(() -> wait.insist("the store", () -> {
                    throw new StoreException(StoreError.NOT_FOUND, "no such bucket");
                }))
                .hasMessage("no such bucket");
        assertThatThrownBy(() -> wait.insist("the database", () -> {
                    throw new DatabaseException(Kind.INTERNAL, "wrong password", null);
                }))
                .hasMessage("wrong password");
        assertThat(nowMs).hasValue(0);
    }
}
