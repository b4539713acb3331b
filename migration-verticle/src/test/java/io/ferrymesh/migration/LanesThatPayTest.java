package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whole migrations over links of different kinds, in a world with a time of its own. */
class LanesThatPayTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private static final EngineOptions OPTIONS =
            new EngineOptions(8, 512 << 10, 2, Duration.ofSeconds(30), 64, Duration.ofHours(1));

    /** How many lanes were in use, ten times a second while objects came. */
    private static List<Integer> lanes(SimLink link, SimLink.Move move) {
        List<Integer> used = new ArrayList<>();
        move.begin();
        while (!move.isOver() && used.size() < 10 * LONG.toSeconds()) {
            boolean unused = link.world.runUntil(move::isOver, Duration.ofMillis(100));
            used.add(link.destination.lanesInUse());
        }
        assertThat(move.status().failure()).isEmpty();
        assertThat(move.status().state()).isEqualTo(MigrationState.COMPLETED);
        return used.stream().filter(lanes -> lanes > 0).toList();
    }

    private static double average(List<Integer> used) {
        return used.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }

    @Test
    void a_link_on_which_waiting_is_what_takes_time_gets_more_lanes() {
        SimLink link = new SimLink(OPTIONS, Duration.ofMillis(300), 1e9);

        List<Integer> used = lanes(link, link.new Move(160, TransferOptions.DEFAULTS));

        assertThat(used).startsWith(2).contains(3, 4, 6);
        assertThat(used.get(used.size() - 1)).isGreaterThanOrEqualTo(6);
        boolean free = link.world.runUntil(() -> link.destination.lanesInUse() == 0, LONG);
        assertThat(free).isTrue();
        assertThat(link.source.sourceSessions()).isZero();
        assertThat(link.destination.windowBytes()).isZero();
    }

    @Test
    void a_link_that_two_lanes_fill_gets_no_more() {
        SimLink link = new SimLink(OPTIONS, Duration.ofMillis(1), 2e6);

        List<Integer> used = lanes(link, link.new Move(160, TransferOptions.DEFAULTS));

        assertThat(used).doesNotContain(4, 6, 8);
        assertThat(average(used)).isLessThan(2.3);
    }

    @Test
    void a_migration_that_its_user_holds_back_gets_no_more() {
        SimLink link = new SimLink(OPTIONS, Duration.ofMillis(300), 1e9);
        TransferOptions held = new OptionsFor().limitedTo(1_000_000).build();

        assertThat(lanes(link, link.new Move(60, held))).allMatch(lanes -> lanes <= 2);
    }

    @Test
    void how_fast_it_was_is_known_afterwards() {
        SimLink link = new SimLink(OPTIONS, Duration.ofMillis(1), 2e6);
        assertThat(link.destination.recentThroughput()).isEmpty();

        List<Integer> unused = lanes(link, link.new Move(60, TransferOptions.DEFAULTS));

        double found = link.destination.recentThroughput().orElseThrow().bytesPerSecond();
        assertThat(found).isBetween(1.8e6, 2.6e6); // an object counts as a little more than its bytes
    }

    @Test
    void a_session_too_many_is_told_to_come_later_and_then_completes() {
        SimLink link = new SimLink(OPTIONS.with(8, EngineOptions.MIN_WINDOW_BYTES, 3), Duration.ofMillis(20), 2e6);
        List<SimLink.Move> first = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SimLink.Move move =
                    link.new Move(20, new OptionsFor().limitedTo(100_000).build());
            move.begin();
            first.add(move);
        }
        boolean running = link.world.runUntil(() -> link.source.sourceSessions() == 3, LONG);
        assertThat(running).isTrue();
        assertThat(link.destination.hasRoom()).isFalse();
        SimLink.Move late = link.new Move(3, TransferOptions.DEFAULTS);
        long issued = link.keys.serial;

        for (int i = 0; i < 70; i++) { // more often than a grant has handshakes
            late.begin();
            boolean unused = link.world.runUntil(late::isOver, LONG);
            assertThat(late.status().state()).isEqualTo(MigrationState.FAILED);
            assertThat(late.status().failure()).isEqualTo(Optional.of(ErrorCode.OVERLOADED));
        }
        assertThat(link.source.refusals().count(Refusals.Reason.OVERLOADED)).isEqualTo(70);
        assertThat(link.source.refused(late.id()))
                .as("its user is not told of an attack that is none")
                .isZero();
        assertThat(link.keys.serial - issued)
                .as("coming again costs no more credentials")
                .isEqualTo(2);
        assertThat(first).noneMatch(SimLink.Move::isOver);

        boolean over = link.world.runUntil(() -> first.stream().allMatch(SimLink.Move::isOver), LONG);
        assertThat(over).isTrue();
        boolean free = link.world.runUntil(() -> link.source.sourceSessions() == 0, LONG);
        assertThat(free).isTrue();
        late.begin();
        boolean unused = link.world.runUntil(late::isOver, LONG);

        assertThat(late.status().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(late.arrived()).isEqualTo(3);
        assertThat(first).allMatch(move -> move.arrived() == 20);
    }

    @Test
    void a_session_that_stands_still_gives_its_place_to_another() {
        SimLink link = new SimLink(OPTIONS.with(8, EngineOptions.MIN_WINDOW_BYTES, 1), Duration.ofMillis(20), 2e6);
        SimLink.Move still = link
        .new Move(
                20,
                new OptionsFor().limitedTo(TransferOptions.MIN_BYTES_PER_SECOND).build());
        still.begin();
        boolean running = link.world.runUntil(() -> link.source.sourceSessions() == 1, LONG);
        assertThat(running).isTrue();
        SimLink.Move late = link.new Move(3, TransferOptions.DEFAULTS);
        late.begin();
        boolean refused = link.world.runUntil(late::isOver, LONG);
        assertThat(refused).isTrue();
        assertThat(late.status().failure()).isEqualTo(Optional.of(ErrorCode.OVERLOADED));
        boolean settled = link.world.runUntil(() -> false, Duration.ofSeconds(5));
        assertThat(settled).isFalse();
        link.sourceNode.aheadNanos = SourceEnd.STILL_NANOS;

        late.begin();
        boolean over = link.world.runUntil(late::isOver, LONG);

        assertThat(over).isTrue();
        assertThat(late.status().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(still.isOver()).isTrue();
        assertThat(still.status().failure()).isEqualTo(Optional.of(ErrorCode.OVERLOADED));
    }

    @Test
    void an_entry_that_is_made_too_late_does_not_stay_when_its_grant_has_gone() {
        SimLink link = new SimLink(OPTIONS, Duration.ofMillis(20), 2e6);
        SimLink.Move move = link.new Move(1, TransferOptions.DEFAULTS);
        link.network.slowDirectory = true;
        link.sourceNode.lost();
        boolean unused = link.world.runUntil(() -> false, Duration.ofSeconds(1));
        assertThat(link.source.withdraw(move.id()).succeeded()).isTrue();
        assertThat(link.network.rendezvous).isEmpty();
        boolean entered = link.world.runUntil(() -> !link.network.rendezvous.isEmpty(), Duration.ofSeconds(30));
        assertThat(entered).isTrue();

        boolean left = link.world.runUntil(() -> link.network.rendezvous.isEmpty(), Duration.ofMinutes(2));

        assertThat(left).isTrue();
    }

    @Test
    void a_grant_whose_handshakes_are_used_up_is_told_to_come_later() {
        SimLink link = new SimLink(
                new EngineOptions(8, 512 << 10, 2, Duration.ofSeconds(30), 2, Duration.ofHours(1)),
                Duration.ofMillis(20),
                2e6);
        SimLink.Move move = link.new Move(60, TransferOptions.DEFAULTS);
        for (int i = 0; i < 3; i++) {
            move.begin();
            boolean running =
                    link.world.runUntil(() -> move.isOver() || move.status().state() == MigrationState.COPYING, LONG);
            assertThat(running).isTrue();
            if (!move.isOver()) {
                assertThat(link.destination.stop(move.id()).failed()).isFalse();
            }
        }

        assertThat(move.status().failure()).isEqualTo(Optional.of(ErrorCode.OVERLOADED));
        assertThat(link.source.refusals().count(Refusals.Reason.TOO_MANY_HANDSHAKES))
                .isEqualTo(1);
        assertThat(link.source.refused(move.id())).isZero();
    }
}
