package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatienceTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final AtomicInteger attempts = new AtomicInteger();
    private long waitedMs;
    private final Patience patience = new Patience(clock, this::sleep, 60, new Random(1));

    @Test
    void a_key_centre_that_comes_late_is_waited_for() {
        Future<String> insisted = patience.insist(() -> failing(5, ErrorCode.UNAVAILABLE));
        assertThat(insisted.result()).isEqualTo("there");
        assertThat(attempts).hasValue(6);
        assertThat(waitedMs).isBetween(15_000L, 31_000L);
    }

    @Test
    void what_is_persisted_with_is_tried_as_long_as_it_takes() {
        AtomicInteger told = new AtomicInteger();
        Future<String> persisted = patience.persist(
                () -> failing(200, ErrorCode.KEY_RETIRED), failure -> told.incrementAndGet(), () -> false);
        assertThat(persisted.result()).isEqualTo("there");
        assertThat(told).hasValue(200);
        assertThat(waitedMs).isBetween(190 * 7_000L, 200 * 15_000L);
    }

    @Test
    void what_is_persisted_with_ends_when_it_is_over() {
        Future<String> persisted =
                patience.persist(() -> failing(1_000, ErrorCode.UNAVAILABLE), failure -> {}, () -> attempts.get() == 3);
        assertThat(persisted.failed()).isTrue();
        assertThat(attempts).hasValue(3);
    }

    @Test
    void one_that_does_not_come_is_not_waited_for_forever() {
        Future<String> insisted = patience.insist(() -> failing(1_000, ErrorCode.UNAVAILABLE));
        assertThat(insisted.cause())
                .isInstanceOf(MeshException.class)
                .hasMessage("the key centre did not answer within 60 s: not there");
        assertThat(waitedMs).isBetween(60_000L, 61_000L);
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY_RETIRED", "INVALID_MESSAGE", "NOT_ENROLLED", "REVOKED"})
    void what_waiting_does_not_help_fails_at_once(ErrorCode code) {
        assertThat(patience.insist(() -> failing(1, code)).failed()).isTrue();
        assertThat(attempts).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY_RETIRED", "INVALID_MESSAGE", "NOT_ENROLLED", "REVOKED", "UNAVAILABLE"})
    void what_anybody_could_have_said_is_not_believed_at_once(ErrorCode code) {
        assertThat(patience.insistWhatever(() -> failing(2, code)).result()).isEqualTo("there");
        assertThat(waitedMs).isBetween(1_000L, Patience.DOUBT_MS);
    }

    @Test
    void what_is_said_all_the_time_is_believed_in_the_end() {
        assertThat(patience.insistWhatever(() -> failing(1_000, ErrorCode.NOT_ENROLLED))
                        .cause())
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENROLLED))
                .hasMessage("the key centre refuses: not there");
        assertThat(waitedMs).isEqualTo(Patience.DOUBT_MS);
    }

    @Test
    void the_time_is_for_all_steps_together() {
        assertThat(patience.insist(() -> failing(5, ErrorCode.OVERLOADED)).succeeded())
                .isTrue();
        attempts.set(0);
        assertThat(patience.insist(() -> failing(1_000, ErrorCode.OVERLOADED)).failed())
                .isTrue();
        assertThat(waitedMs).isBetween(60_000L, 61_000L);
    }

    private Future<String> failing(int times, ErrorCode code) {
        return attempts.incrementAndGet() <= times
                ? Future.failedFuture(new MeshException(code, "not there"))
                : Future.succeededFuture("there");
    }

    private Future<Void> sleep(long ms) {
        waitedMs += ms;
        clock.advanceMillis(ms);
        return Future.succeededFuture();
    }
}
