package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.ferrymesh.provider.Said;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final Rounds rounds = new Rounds();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        boolean unused = rounds.end();
    }

    @Test
    void a_round_goes_on_after_an_error_too_which_is_said_once() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        try (Said said = new Said(Rounds.class)) {
            rounds.every(1, "it is put off", () -> {
                thrice.countDown();
                throw new StackOverflowError("as deep as it goes");
            });

            assertThat(thrice.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(rounds.end()).isTrue();

            assertThat(said.atLeast(Level.WARN)).containsExactly("it is put off: it is tried again");
        }
    }

    @Test
    void the_end_does_not_wait_for_what_is_done_aside() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        rounds.aside(1, "it is put off", () -> {
            begun.countDown();
            await(release);
            done.set(true);
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(rounds.end()).isTrue();

        assertThat(done).isFalse();
    }

    @Test
    void nothing_begins_after_the_end() {
        assertThat(rounds.end()).isTrue();

        rounds.working(1, "it is put off", () -> {
            throw new IllegalStateException("begun");
        });
        rounds.wake();

        assertThat(rounds.end()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
