package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.api.Connections.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsTest {

    private final Connections<String> connections = new Connections<>(2);

    @Test
    void one_more_than_the_most_is_not_taken_on_until_one_has_gone() {
        assertThat(connections.opened("a", 0)).isTrue();
        assertThat(connections.opened("b", 0)).isTrue();
        assertThat(connections.opened("c", 0)).isFalse();
        connections.closed("a");
        assertThat(connections.opened("c", 0)).isTrue();
    }

    @Test
    void a_connection_that_sends_no_request_is_overdue_after_half_a_minute() {
        assertThat(connections.opened("a", 0)).isTrue();
        assertThat(connections.overdue(30_000)).isEmpty();
        assertThat(connections.overdue(30_001)).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({"RECEIVING,30000", "SENDING,30000", "DISCARDING,2000"})
    void every_phase_that_waits_for_the_client_ends(Phase phase, long mostMs) {
        assertThat(connections.opened("a", 0)).isTrue();
        connections.enter("a", phase, 100);
        assertThat(connections.overdue(100 + mostMs)).isEmpty();
        assertThat(connections.overdue(101 + mostMs)).containsExactly("a");
    }

    @Test
    void an_operation_takes_as_long_as_it_takes() {
        assertThat(connections.opened("a", 0)).isTrue();
        connections.enter("a", Phase.WORKING, 0);
        assertThat(connections.overdue(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void what_was_never_taken_on_or_has_gone_stays_away() {
        connections.enter("a", Phase.SENDING, 0);
        connections.closed("a");
        assertThat(connections.size()).isZero();
    }
}
