package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Room;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a run that is no dry run may ask for. In this store an object costs ten more than its bytes. */
class RoomCheckTest {

    private final FaultyStore store = new FaultyStore();
    private long moved;
    private final Place place = new Place(store, Journal.none(), Clock.systemUTC());
    private final RoomCheck check = new RoomCheck(place, () -> moved);

    @Test
    void what_fits_to_the_byte_may_be_asked_for() {
        store.room = Room.free(100).withQuota(120);

        assertThat(check.mayBeTooMuch(List.of(entry("a", 60), entry("b", 40)))).isFalse();
        fetch("a", 60, 0);
        fetch("b", 40, 0);
        assertFits();
    }

    @Test
    void more_than_what_is_free_is_refused_before_it_is_asked_for() {
        store.room = Room.free(99);

        assertThat(check.mayBeTooMuch(List.of(entry("a", 60), entry("b", 40)))).isTrue();
        fetch("a", 60, 0);
        fetch("b", 40, 0);
        assertThatThrownBy(check::require)
                .isInstanceOf(MeshException.class)
                .hasMessageContaining("100 bytes of space are needed and 99 are free")
                .extracting(e -> ((MeshException) e).code())
                .isEqualTo(ErrorCode.DESTINATION_FULL);
    }

    @Test
    void a_quota_counts_what_objects_cost() {
        store.room = Room.UNKNOWN.withQuota(109);

        fetch("a", 100, 0);
        assertThatThrownBy(check::require).hasMessageContaining("110 bytes of quota are needed and 109 are left");
    }

    @Test
    void frames_are_added_up() {
        store.room = Room.free(100);

        assertThat(check.mayBeTooMuch(List.of(entry("a", 60)))).isFalse();
        fetch("a", 60, 0);
        assertThat(check.mayBeTooMuch(List.of(entry("b", 60)))).isTrue();
        fetch("b", 60, 0);
        assertThatThrownBy(check::require).isInstanceOf(MeshException.class);
    }

    @Test
    void what_is_there_already_or_stays_behind_takes_nothing() {
        store.room = Room.free(10);

        assertThat(check.mayBeTooMuch(List.of(entry("a", 60)))).isTrue();
        assertFits();
    }

    @Test
    void what_is_replaced_makes_room() {
        store.room = Room.free(10);

        fetch("a", 60, 50);
        assertFits();
    }

    @Test
    void room_that_somebody_makes_meanwhile_counts() {
        store.room = Room.free(100);
        assertThat(check.mayBeTooMuch(List.of(entry("a", 90)))).isFalse();
        fetch("a", 90, 0);
        moved = 80;
        store.room = Room.free(60);

        fetch("b", 50, 0);
        assertFits(); // 140 in all, 80 of them there: 60 are to come
        assertThat(check.mayBeTooMuch(List.of(entry("c", 1)))).isTrue();
        fetch("c", 1, 0);
        assertThatThrownBy(check::require).isInstanceOf(MeshException.class);
    }

    @Test
    void what_is_begun_counts_against_the_quota_already() {
        store.room = Room.UNKNOWN.withQuota(20);
        assertThat(check.mayBeTooMuch(List.of())).isFalse();
        assertThat(check.mayBeTooMuch(List.of(entry("image", 80)))).isTrue();
        fetch("image", 80, 0);
        place.begunBytes().addAndGet(80);
        moved = 5;

        assertFits();
        fetch("another", 100, 0);
        assertThatThrownBy(check::require).isInstanceOf(MeshException.class);
    }

    @Test
    void a_store_that_does_not_know_stops_nothing() {
        assertThat(check.mayBeTooMuch(List.of(entry("a", Long.MAX_VALUE / 2)))).isFalse();
        fetch("a", Long.MAX_VALUE / 2, 0);
        fetch("b", Long.MAX_VALUE / 2, 0);
        fetch("c", Long.MAX_VALUE / 2, 0);
        assertFits();
    }

    @Test
    void sizes_that_are_not_true_do_not_turn_over() {
        store.room = new Room(OptionalLong.of(1_000), OptionalLong.empty());
        fetch("a", Long.MAX_VALUE / 2, 0);
        fetch("b", Long.MAX_VALUE / 2, 0);
        fetch("c", Long.MAX_VALUE / 2, 0);
        assertThatThrownBy(check::require).isInstanceOf(MeshException.class);
    }

    private void assertFits() {
        assertThatCode(check::require).doesNotThrowAnyException();
    }

    private void fetch(String name, long size, long replaced) {
        Optional<String> etag = replaced == 0 ? Optional.empty() : Optional.of("e");
        Target target = new Target(ObjectPath.of(name), 1, etag, Round.FIRST, MetadataPolicy.PREFER);
        check.add(entry(name, size).info(), new Plan.Fetch(target, replaced));
    }

    private static Recall.Entry entry(String name, long size) {
        return new Recall.Entry(0, new ObjectInfo(ObjectPath.of(name), size, WithStores.EARLY), Round.FIRST);
    }
}
