package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Lanes with sources that send a frame whenever they may, in seconds that pass when the test says so. */
class PaceTest {

    private static final long FRAME = Lanes.MAX_FRAME_BYTES;
    private static final long WINDOW = 4L << 20;

    private final Queue<Timer> timers = new ArrayDeque<>();
    private long nowNanos = 1_000_000;

    private record Timer(long dueNanos, Runnable task) {}

    private static final class Lane {

        private final Pace.PacedLane paced;
        private long credit;
        private long sent;
        private boolean idle;

        Lane(Pace pace) {
            paced = pace.open(WINDOW, bytes -> credit += bytes);
            credit = paced.firstCredit();
        }

        /** Sends all it may, in full frames, which are dealt with at once. */
        boolean send() {
            boolean any = false;
            while (!idle && credit >= FRAME) {
                credit -= FRAME;
                sent += FRAME;
                paced.received(FRAME);
                paced.giveBack(FRAME, () -> credit += FRAME);
                any = true;
                if (sent > 1L << 30) {
                    return false;
                }
            }
            return any;
        }
    }

    private Pace pace(long bytesPerSecond) {
        return new Pace(
                OptionalLong.of(bytesPerSecond),
                () -> nowNanos,
                (ms, task) -> timers.add(new Timer(nowNanos + ms * 1_000_000, task)));
    }

    /** Lets so many seconds pass, a millisecond at a time. */
    private void pass(double seconds, Lane... lanes) {
        long end = nowNanos + (long) (seconds * 1e9);
        while (nowNanos < end) {
            nowNanos += 1_000_000;
            for (int i = timers.size(); i > 0; i--) {
                Timer timer = timers.remove();
                if (timer.dueNanos <= nowNanos) {
                    timer.task.run();
                } else {
                    timers.add(timer);
                }
            }
            for (Lane lane : lanes) {
                boolean unused = lane.send();
            }
        }
    }

    @Test
    void without_a_limit_credit_comes_back_at_once() {
        Pace pace = new Pace(OptionalLong.empty(), () -> nowNanos, (ms, task) -> timers.add(new Timer(0, task)));
        Lane lane = new Lane(pace);

        assertThat(lane.credit).isEqualTo(WINDOW);
        boolean unused = lane.send();
        assertThat(lane.sent).isGreaterThan(1L << 30);
        assertThat(timers).isEmpty();
    }

    @Test
    void the_rate_holds_over_all_lanes_and_they_share_it() {
        long rate = 10L << 20;
        Pace pace = pace(rate);
        Lane first = new Lane(pace);
        Lane second = new Lane(pace);

        pass(10, first, second);

        long all = first.sent + second.sent;
        assertThat(all).isBetween(rate * 95 / 10, rate * 11); // a second's burst at the most
        assertThat(first.sent).isCloseTo(second.sent, org.assertj.core.data.Offset.offset(rate / 2));
    }

    @Test
    void a_rate_far_below_a_frame_a_second_holds_too() {
        Pace pace = pace(10_000);
        Lane lane = new Lane(pace);

        pass(120, lane);

        assertThat(lane.sent).isBetween(9 * FRAME, 12 * FRAME);
    }

    @Test
    void time_in_which_nothing_comes_makes_no_burst() {
        long rate = 1L << 20;
        Pace pace = pace(rate);
        Lane lane = new Lane(pace);
        pass(2, lane);
        lane.idle = true;
        pass(60, lane);
        lane.idle = false;
        long before = lane.sent;

        boolean unused = lane.send();
        assertThat(lane.sent - before).isLessThanOrEqualTo(rate + 2 * FRAME);
    }

    @Test
    void a_lane_that_rests_leaves_its_share_to_the_other() {
        long rate = 1L << 20;
        Pace pace = pace(rate);
        Lane resting = new Lane(pace);
        Lane busy = new Lane(pace);
        pass(1, resting, busy);
        resting.idle = true;
        long before = busy.sent;

        pass(20, resting, busy);

        assertThat(busy.sent - before).isGreaterThan(rate * 18);
    }

    @Test
    void a_lane_whose_window_shrinks_gets_what_is_due_from_before() {
        WindowBudget.LaneWindow window = new WindowBudget(FRAME).open(2 * FRAME, false);
        long[] granted = new long[1];
        Pace pace = pace(FRAME); // no more than a frame is outstanding
        Pace.PacedLane lane = pace.open(window.first(), bytes -> granted[0] += bytes);
        RecordSink takesAll = new RecordSink() {
            @Override
            public void accept(RecordReader records) {}

            @Override
            public void ended() {}
        };
        PacedSink sink = new PacedSink(takesAll, lane, window, () -> true, bytes -> {}, bytes -> granted[0] += bytes);
        pass(1);

        window.rest();
        byte[] records = new byte[Lanes.FRAME_PLAINTEXT_BYTES];
        sink.accept(new RecordReader(records, 0, records.length));
        sink.whenRoom(() -> {});

        assertThat(window.size()).isEqualTo(FRAME);
        assertThat(granted[0]).isEqualTo(FRAME);
    }

    @Test
    void a_limit_that_is_lifted_gives_everything_that_waits() {
        Pace pace = pace(2_000);
        Lane lane = new Lane(pace);
        pass(1, lane);
        assertThat(lane.credit).isLessThan(FRAME);

        pace.limit(OptionalLong.empty());

        assertThat(lane.credit).isEqualTo(WINDOW);
    }

    @Test
    void a_limit_that_is_set_later_holds_once_the_window_is_used() {
        Pace pace = new Pace(
                OptionalLong.empty(),
                () -> nowNanos,
                (ms, task) -> timers.add(new Timer(nowNanos + ms * 1_000_000, task)));
        Lane lane = new Lane(pace);
        pace.limit(OptionalLong.of(100_000));

        pass(60, lane);

        assertThat(lane.sent).isBetween(WINDOW - FRAME, WINDOW + 6_100_000);
    }

    @Test
    void a_raised_limit_counts_from_then_on() {
        Pace pace = pace(100_000);
        Lane lane = new Lane(pace);
        pass(10, lane);
        long before = lane.sent;
        pace.limit(OptionalLong.of(10_000_000));

        pass(10, lane);

        assertThat(lane.sent - before).isBetween(90_000_000L, 115_000_000L);
    }

    @Test
    void lanes_of_small_frames_never_stand_still() {
        Pace pace = pace(1_024);
        Lane lane = new Lane(pace);
        // Half of what it has goes in small frames; then it has a full one to send.
        for (int i = 0; i < 60; i++) {
            lane.credit -= 1_000;
            lane.paced.received(1_000);
            lane.paced.giveBack(1_000, () -> lane.credit += 1_000);
        }

        pass(300, lane);

        assertThat(lane.sent).isGreaterThanOrEqualTo(FRAME);
    }

    @Test
    void a_rate_that_is_too_low_is_refused() {
        assertThatThrownBy(() -> pace(5_000).limit(OptionalLong.of(0))).hasMessage("bytesPerSecond must be >= 1024: 0");
    }
}
