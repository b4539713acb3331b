package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationList;
import io.ferrymesh.scheme.RevocationView.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevocationWatchTest {

    private static final Pseudonym SOMEBODY = Pseudonym.parse("ab".repeat(16));

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final LocalKgc kgc = new LocalKgc(clock, 60);
    private Future<RevocationList> next = Future.failedFuture("nobody answers");
    private int fetched;
    private final RevocationWatch watch = new RevocationWatch(() -> {
        fetched++;
        return next;
    });

    @Test
    void without_a_list_nobody_is_good() {
        assertThat(watch.refresh().failed()).isTrue();
        assertThat(status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void the_newest_list_answers_until_it_ends() {
        assertThat(refresh(kgc.list(1, List.of(), 60))).isEqualTo(Status.GOOD);
        next = Future.failedFuture("nobody answers");
        assertThat(watch.refresh().failed()).isTrue();
        clock.advanceSeconds(60);
        assertThat(status()).isEqualTo(Status.GOOD);
        clock.advanceSeconds(1);
        assertThat(status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void a_revocation_takes_effect_with_the_next_list() {
        assertThat(refresh(kgc.list(1, List.of(), 60))).isEqualTo(Status.GOOD);
        assertThat(refresh(kgc.list(2, List.of(SOMEBODY), 60))).isEqualTo(Status.REVOKED);
    }

    @Test
    void an_older_list_brings_nobody_back() {
        assertThat(refresh(kgc.list(5, List.of(SOMEBODY), 60))).isEqualTo(Status.REVOKED);
        assertThat(refresh(kgc.list(4, List.of(), 600))).isEqualTo(Status.REVOKED);
        assertThat(refresh(kgc.list(5, List.of(), 600))).isEqualTo(Status.REVOKED);
        assertThat(refresh(kgc.list(6, List.of(), 600))).isEqualTo(Status.GOOD);
    }

    @Test
    void one_fetch_runs_at_a_time() {
        Promise<RevocationList> slow = Promise.promise();
        next = slow.future();
        Future<Void> first = watch.refresh();
        assertThat(watch.refresh().succeeded()).isTrue();
        assertThat(fetched).isEqualTo(1);
        slow.complete(kgc.list(1, List.of(), 60));
        assertThat(first.succeeded()).isTrue();
        assertThat(watch.refresh().succeeded()).isTrue();
        assertThat(fetched).isEqualTo(2);
    }

    private Status refresh(RevocationList list) {
        next = Future.succeededFuture(list);
        assertThat(watch.refresh().succeeded()).isTrue();
        return status();
    }

    private Status status() {
        return watch.status(SOMEBODY, clock.instant().getEpochSecond());
    }
}
