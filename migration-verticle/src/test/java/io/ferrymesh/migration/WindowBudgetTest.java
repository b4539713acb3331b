package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Windows of many lanes out of one budget. */
class WindowBudgetTest {

    private static final long FRAME = WindowBudget.LEAST;
    private static final long MOST = 4L << 20;

    private final WindowBudget budget = new WindowBudget(64 * FRAME);

    @Test
    void a_window_begins_small_and_doubles_as_it_is_used() {
        WindowBudget.LaneWindow lane = budget.open(32 * FRAME, false);
        assertThat(lane.first()).isEqualTo(2 * FRAME);

        assertThat(lane.back(FRAME, true)).isEqualTo(2 * FRAME);
        assertThat(lane.back(FRAME, true)).isEqualTo(2 * FRAME);

        assertThat(lane.size()).isEqualTo(4 * FRAME);
        for (int i = 0; i < 100; i++) {
            long unused = lane.back(FRAME, true);
        }
        assertThat(lane.size()).isEqualTo(32 * FRAME);
        assertThat(lane.back(FRAME, true)).isEqualTo(FRAME);
    }

    @Test
    void one_that_has_no_use_for_more_does_not_grow() {
        WindowBudget.LaneWindow lane = budget.open(MOST, false);

        assertThat(lane.back(FRAME, false)).isEqualTo(FRAME);
        assertThat(lane.size()).isEqualTo(2 * FRAME);
    }

    @Test
    void windows_shrink_to_their_share_when_others_come() {
        WindowBudget.LaneWindow first = budget.open(64 * FRAME, false);
        for (int i = 0; i < 200; i++) {
            long unused = first.back(FRAME, true);
        }
        assertThat(first.size()).isGreaterThan(60 * FRAME);
        List<WindowBudget.LaneWindow> others = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            others.add(budget.open(MOST, false));
        }

        for (int i = 0; i < 200; i++) {
            for (WindowBudget.LaneWindow lane : others) {
                long unused = lane.back(FRAME, true);
            }
            long unused = first.back(FRAME, true);
        }

        assertThat(first.size()).isEqualTo(4 * FRAME);
        assertThat(others).allMatch(lane -> lane.size() == 4 * FRAME);
    }

    @Test
    void a_thousand_migrations_stay_within_the_budget_and_a_frame_a_lane() {
        Random random = new Random(1);
        List<WindowBudget.LaneWindow> lanes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            lanes.add(budget.open(MOST, false));
        }
        for (int i = 0; i < 50_000; i++) {
            long unused = lanes.get(random.nextInt(lanes.size())).back(1 + random.nextInt((int) FRAME), true);
        }
        long all = lanes.stream().mapToLong(WindowBudget.LaneWindow::size).sum();

        assertThat(all).isLessThanOrEqualTo(64 * FRAME + 2_000 * FRAME);
        assertThat(lanes).allMatch(lane -> lane.size() >= FRAME);
    }

    @Test
    void a_resting_lane_has_what_its_last_frame_needs_until_it_is_used() {
        WindowBudget.LaneWindow lane = budget.open(MOST, true);
        assertThat(lane.first()).isEqualTo(Lanes.LAST_FRAME_BYTES);
        assertThat(budget.lanes()).isZero();

        assertThat(lane.use()).isEqualTo(FRAME - Lanes.LAST_FRAME_BYTES);
        assertThat(lane.use()).isZero();
        assertThat(budget.lanes()).isEqualTo(1);
    }

    @Test
    void a_lane_that_rests_again_shrinks_to_a_frame_and_no_further() {
        WindowBudget.LaneWindow lane = budget.open(MOST, false);
        for (int i = 0; i < 20; i++) {
            long unused = lane.back(FRAME, true);
        }
        lane.rest();

        assertThat(lane.back(FRAME, true)).isZero();
        for (int i = 0; i < 40; i++) {
            long unused = lane.back(FRAME, true);
        }

        assertThat(lane.size()).isEqualTo(FRAME);
        assertThat(lane.back(FRAME, true)).isEqualTo(FRAME);
        assertThat(lane.use()).isZero();
        assertThat(lane.back(FRAME, true)).isEqualTo(2 * FRAME);
    }

    @Test
    void what_is_over_is_free_again() {
        List<WindowBudget.LaneWindow> lanes = List.of(budget.open(MOST, false), budget.open(MOST, true));
        long unused = lanes.get(0).back(FRAME, true);
        assertThat(budget.taken()).isEqualTo(2 * FRAME);

        lanes.forEach(WindowBudget.LaneWindow::close);
        lanes.forEach(WindowBudget.LaneWindow::close);

        assertThat(budget.taken()).isZero();
        assertThat(budget.lanes()).isZero();
    }

    @Test
    void frames_that_wait_to_be_sent_share_a_budget_too() {
        SendRoom room = new SendRoom(8 * FRAME);
        assertThat(room.frames()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            room.opened();
        }
        assertThat(room.frames()).isEqualTo(2);
        for (int i = 0; i < 100; i++) {
            room.opened();
        }
        assertThat(room.frames()).isEqualTo(1);
        for (int i = 0; i < 102; i++) {
            room.closed();
        }
        assertThat(room.frames()).isEqualTo(4);
    }

    @Test
    void the_thousand_and_first_session_finds_no_room_until_one_is_over() {
        Capacity capacity = new Capacity(EngineOptions.defaults());
        for (int i = 0; i < 1_000; i++) {
            assertThat(capacity.isFull("owner " + i % 10, 0)).isFalse();
            assertThat(capacity.enter("owner " + i % 10, false)).isTrue();
        }

        assertThat(capacity.isFull("another", 0)).isTrue();
        assertThat(capacity.enter("another", false)).isFalse();
        assertThat(capacity.enter("another", true))
                .as("in the place of another")
                .isTrue();
        capacity.leave("another");
        capacity.leave("owner 3");
        assertThat(capacity.isFull("another", 1)).as("one is about to begin").isTrue();
        assertThat(capacity.enter("another", false)).isTrue();
    }

    @Test
    void one_owner_takes_no_more_than_half_of_the_sessions_while_others_find_room() {
        Capacity capacity = new Capacity(EngineOptions.defaults());
        int taken = 0;
        while (capacity.enter("greedy", false)) {
            taken++;
        }

        assertThat(taken).isEqualTo(500);
        assertThat(capacity.isFull("greedy", 0)).isTrue();
        for (int i = 0; i < 250; i++) {
            assertThat(capacity.enter("other", false)).isTrue();
        }
        assertThat(capacity.enter("other", false))
                .as("a quarter is one's share")
                .isFalse();
        assertThat(capacity.enter("third", false)).isTrue();
        for (int i = 0; i < 260; i++) {
            capacity.leave("greedy");
        }
        assertThat(capacity.isFull("greedy", 0)).as("under a quarter again").isFalse();
    }

    @Test
    void credit_that_a_source_does_not_use_is_in_the_way_only_when_others_need_it() {
        WindowBudget.LaneWindow idle = budget.open(64 * FRAME, false);
        for (int i = 0; i < 40; i++) {
            idle.received(FRAME);
            long unused = idle.back(FRAME, true);
        }
        assertThat(idle.isInTheWay()).as("there is budget left").isFalse();
        WindowBudget.LaneWindow other = budget.open(64 * FRAME, false);
        for (int i = 0; i < 40; i++) {
            long unused = other.back(FRAME, true);
        }
        assertThat(budget.taken()).isEqualTo(64 * FRAME);
        assertThat(idle.isInTheWay()).as("no more than twice its share").isFalse();
        List<WindowBudget.LaneWindow> more = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            more.add(budget.open(MOST, false));
        }

        assertThat(idle.isInTheWay()).isTrue();
        idle.received(30 * FRAME);
        assertThat(idle.isInTheWay()).as("it was used, and waits here").isFalse();
        long unused = idle.back(30 * FRAME, true);
        assertThat(idle.isInTheWay()).as("and has shrunk").isFalse();
        assertThat(more).noneMatch(WindowBudget.LaneWindow::isInTheWay);
    }

    @Test
    void windows_and_frames_of_all_sessions_fit_a_quarter_of_the_heap() {
        for (long heap : new long[] {256L << 20, 512L << 20, 1L << 30, 64L << 30}) {
            long windows = EngineOptions.windowBytesFor(heap);
            EngineOptions options = EngineOptions.defaults().with(8, windows, 100_000);
            Capacity capacity = new Capacity(options);
            long sessions = 0;
            while (capacity.hasRoomToFetch((int) sessions)) {
                sessions++;
            }

            assertThat(2 * windows + 2 * sessions * Capacity.sessionBytes()).isLessThanOrEqualTo(heap / 4);
        }
        assertThat(EngineOptions.windowBytesFor(512L << 20)).isEqualTo(32L << 20);
        assertThat(EngineOptions.windowBytesFor(Long.MAX_VALUE)).isEqualTo(256L << 20);
        assertThat(EngineOptions.windowBytesFor(1)).isEqualTo(EngineOptions.MIN_WINDOW_BYTES);
    }

    @Test
    void there_are_fewer_sessions_where_their_frames_would_not_fit() {
        Capacity small = new Capacity(EngineOptions.defaults().with(8, EngineOptions.MIN_WINDOW_BYTES, 1_000));

        assertThat(small.hasRoomToFetch(16)).isTrue();
        assertThat(small.hasRoomToFetch(17)).isFalse();
    }
}
