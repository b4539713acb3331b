package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RenewalsTest {

    private record Timer(long at, Runnable task) {}

    private final List<Integer> waiting = new ArrayList<>();
    private final List<Integer> entered = new ArrayList<>();
    private final List<Timer> timers = new ArrayList<>();
    private long now;

    private final Renewals<Integer> renewals =
            new Renewals<>(() -> waiting, entered::add, (ms, task) -> timers.add(new Timer(now + ms, task)));

    @Test
    void everything_is_entered_again_soon_after_a_loss() {
        waitingNow(10_000);
        renewals.start();

        renewals.lost();
        pass(20_000);

        assertThat(entered).containsExactlyElementsOf(waiting);
    }

    @Test
    void a_second_loss_begins_again_with_what_waits_then() {
        waitingNow(100);
        renewals.start();
        renewals.lost();
        pass(Renewals.SOON_MS);
        assertThat(entered).hasSize(Renewals.AT_ONCE);
        waiting.add(4_711);

        renewals.lost();
        pass(3 * Renewals.SOON_MS);

        assertThat(entered.subList(Renewals.AT_ONCE, entered.size())).containsExactlyElementsOf(waiting);
    }

    @Test
    void without_a_loss_it_is_a_little_at_a_time_and_everything_in_ten_minutes() {
        waitingNow(10_000);
        renewals.start();

        pass(Renewals.TURN_MS);
        assertThat(entered).hasSize(167);

        pass(Renewals.ALL_MS);
        assertThat(entered).containsAll(waiting).hasSizeLessThan(10_400);
    }

    @Test
    void nothing_is_entered_where_nothing_waits_or_all_is_over() {
        renewals.start();
        renewals.lost();
        pass(Renewals.ALL_MS);
        assertThat(entered).isEmpty();

        waitingNow(10);
        renewals.close();
        renewals.lost();
        pass(Renewals.ALL_MS);
        assertThat(entered).isEmpty();
    }

    private void waitingNow(int count) {
        waiting.addAll(IntStream.range(0, count).boxed().toList());
    }

    private void pass(long ms) {
        long until = now + ms;
        while (true) {
            Timer next = timers.stream()
                    .min((a, b) -> Long.compare(a.at, b.at))
                    .filter(timer -> timer.at <= until)
                    .orElse(null);
            if (next == null) {
                now = until;
                return;
            }
            timers.remove(next);
            now = next.at;
            next.task.run();
        }
    }
}
