package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Links of all kinds, by how much so many lanes bring in a second. */
class LaneControllerTest {

    private final LaneController controller = new LaneController(2, 16);

    /** How many lanes were used in each of so many intervals. */
    private List<Integer> pass(int intervals, IntToDoubleFunction link, boolean held) {
        List<Integer> used = new ArrayList<>();
        for (int i = 0; i < intervals; i++) {
            controller.observe(link.applyAsDouble(controller.lanes()), held);
            used.add(controller.lanes());
        }
        return used;
    }

    private static long changes(List<Integer> used) {
        long changes = 0;
        for (int i = 1; i < used.size(); i++) {
            changes += used.get(i).equals(used.get(i - 1)) ? 0 : 1;
        }
        return changes;
    }

    @Test
    void it_begins_with_few() {
        assertThat(controller.lanes()).isEqualTo(2);
        assertThat(new LaneController(2, 1).lanes()).isEqualTo(1);
        assertThat(new LaneController(2, 3).lanes()).isEqualTo(2);
        assertThat(new LaneController(2, 5).lanes()).isEqualTo(2);
    }

    @Test
    void where_each_lane_brings_as_much_it_goes_up_to_the_most() {
        List<Integer> used = pass(60, lanes -> 10.0 * lanes, false);

        assertThat(used).startsWith(2).contains(3, 4, 6, 8, 12, 16);
        assertThat(used.subList(30, 60)).filteredOn(lanes -> lanes == 16).hasSizeGreaterThan(25);
        assertThat(used).isSubsetOf(2, 3, 4, 6, 8, 12, 16);
    }

    @Test
    void it_never_exceeds_what_there_is() {
        LaneController five = new LaneController(2, 5);
        for (int i = 0; i < 100; i++) {
            five.observe(five.lanes(), false);
            assertThat(five.lanes()).isBetween(1, 5);
        }
        assertThat(five.lanes()).isEqualTo(5);
    }

    @Test
    void where_more_lanes_bring_no_tenth_more_it_does_not_stay_there() {
        List<Integer> used = pass(300, lanes -> 10 + 0.03 * lanes, false);

        assertThat(used).filteredOn(lanes -> lanes > 2).hasSizeLessThan(25);
        assertThat(used).contains(3); // it has tried
        assertThat(used).doesNotContain(4);
    }

    @Test
    void it_stops_where_the_link_is_full() {
        List<Integer> used = pass(200, lanes -> Math.min(60, 10.0 * lanes), false);

        assertThat(used.subList(60, 200)).filteredOn(lanes -> lanes == 6).hasSizeGreaterThan(110);
    }

    @Test
    void when_the_link_becomes_narrow_it_comes_back_to_one() {
        List<Integer> unused = pass(60, lanes -> 10.0 * lanes, false);
        assertThat(controller.lanes()).isGreaterThanOrEqualTo(12);

        List<Integer> used = pass(200, lanes -> 20, false);

        assertThat(used).last().isEqualTo(1);
        assertThat(used).allMatch(lanes -> lanes >= 1);
    }

    @Test
    void where_nothing_pays_trials_become_rare() {
        List<Integer> used = pass(3_600, lanes -> 20, false);

        assertThat(changes(used.subList(1_000, 3_600))).isLessThan(2 * 2_600 / LaneController.LONGEST_PAUSE + 4);
    }

    @Test
    void a_link_that_changes_its_mind_all_the_time_does_not_drive_it_mad() {
        Random random = new Random(7);
        List<Integer> used = pass(3_600, lanes -> 5 + 20 * random.nextDouble(), false);

        assertThat(used).allMatch(lanes -> lanes >= 1 && lanes <= 16);
        assertThat(changes(used))
                .as("a trial takes three intervals at the least")
                .isLessThan(3_600 * 2 / 3);
    }

    @Test
    void what_is_held_back_by_something_else_does_not_go_up() {
        assertThat(pass(500, lanes -> 10.0 * lanes, true)).allMatch(lanes -> lanes <= 2);
    }

    @Test
    void a_trial_ends_when_a_limit_is_set_in_its_middle() {
        while (controller.lanes() == 2) {
            controller.observe(10, false);
        }
        assertThat(controller.lanes()).isEqualTo(3);

        controller.observe(10, true);

        assertThat(controller.lanes()).isEqualTo(2);
    }

    @Test
    void time_in_which_nothing_came_says_nothing() {
        assertThat(pass(500, lanes -> 0, false)).containsOnly(2);
        assertThat(pass(500, lanes -> Double.NaN, false)).containsOnly(2);
    }
}
