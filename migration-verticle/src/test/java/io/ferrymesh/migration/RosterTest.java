package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import org.junit.jupiter.api.Test;

class RosterTest {

    private final Roster<String> roster = new Roster<>(2, value -> value.startsWith("over"));

    @Test
    void an_id_keeps_its_first_entry() {
        assertThat(roster.enter("1", "live a")).isEqualTo("live a");
        assertThat(roster.enter("1", "live b")).isEqualTo("live a");
        assertThat(roster.get("1")).contains("live a");
    }

    @Test
    void the_oldest_that_is_over_makes_room() {
        assertThat(roster.enter("1", "live")).isEqualTo("live");
        assertThat(roster.enter("2", "over")).isEqualTo("over");
        assertThat(roster.enter("3", "live")).isEqualTo("live");

        assertThat(roster.get("1")).isPresent();
        assertThat(roster.get("2")).isEmpty();
        assertThat(roster.all()).hasSize(2);
    }

    @Test
    void without_room_it_is_overloaded_and_nothing_is_lost() {
        assertThat(roster.enter("1", "live")).isEqualTo("live");
        assertThat(roster.enter("2", "live")).isEqualTo("live");

        assertThatThrownBy(() -> {
                    String unused = roster.enter("3", "live");
                })
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(roster.all()).hasSize(2);
    }
}
