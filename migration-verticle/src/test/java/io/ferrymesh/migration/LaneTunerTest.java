package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of lanes that keep what others need. */
class LaneTunerTest {

    private static final long FRAME = WindowBudget.LEAST;

    /** Goes on a look at a time. */
    private static final class Manual implements EngineRuntime {

        private Runnable next = () -> {};
        private long nanos;

        @Override
        public Timer after(long delayMs, Runnable task) {
            next = task;
            return () -> next = () -> {};
        }

        @Override
        public <T> Future<T> aside(Callable<T> step) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        void look() {
            nanos += TimeUnit.MILLISECONDS.toNanos(LaneTuner.INTERVAL_MS);
            next.run();
        }
    }

    private final Manual runtime = new Manual();
    private final WindowBudget budget = new WindowBudget(64 * FRAME);
    private final AtomicInteger ended = new AtomicInteger();

    private WindowBudget.LaneWindow opened() {
        WindowBudget.LaneWindow window = budget.open(64 * FRAME, false);
        Pace pace = new Pace(OptionalLong.empty(), runtime::nanoTime, (delayMs, task) -> {});
        LaneTuner tuner = new LaneTuner(
                runtime,
                1,
                () -> 0,
                () -> false,
                lanes -> {},
                new RecentRate(runtime::nanoTime),
                ended::incrementAndGet);
        tuner.opened(1, window, pace.open(window.first(), credit -> {}), credit -> {});
        for (int i = 0; i < 80; i++) {
            window.received(FRAME);
            long unused = window.back(FRAME, true);
        }
        return window;
    }

    private void others() {
        for (int i = 0; i < 7; i++) {
            assertThat(budget.open(64 * FRAME, false).size()).isLessThanOrEqualTo(2 * FRAME);
        }
        assertThat(budget.taken()).isEqualTo(64 * FRAME);
    }

    @Test
    void a_lane_that_stands_still_with_all_of_the_budget_ends_after_a_minute() {
        WindowBudget.LaneWindow hoarding = opened();
        assertThat(hoarding.size()).isEqualTo(64 * FRAME);
        others();

        for (int i = 0; i < LaneTuner.MOST_LOOKS_IN_THE_WAY; i++) {
            runtime.look();
            assertThat(ended).hasValue(0);
        }
        runtime.look();

        assertThat(ended).hasValue(1);
    }

    @Test
    void a_slow_one_that_gives_back_what_it_can_goes_on() {
        WindowBudget.LaneWindow slow = opened();
        long before = slow.size();
        others();

        for (int i = 0; i < 10 * LaneTuner.MOST_LOOKS_IN_THE_WAY; i++) {
            runtime.look();
            slow.received(FRAME / 5);
            long unused = slow.back(FRAME / 5, true);
        }

        assertThat(slow.size()).isLessThan(before / 2);
        assertThat(ended).hasValue(0);
    }

    @Test
    void one_alone_may_stand_still_as_long_as_it_likes() {
        WindowBudget.LaneWindow idle = opened();
        for (int i = 0; i < 10 * LaneTuner.MOST_LOOKS_IN_THE_WAY; i++) {
            runtime.look();
        }

        assertThat(idle.size()).isGreaterThan(60 * FRAME);
        assertThat(ended).hasValue(0);
    }
}
