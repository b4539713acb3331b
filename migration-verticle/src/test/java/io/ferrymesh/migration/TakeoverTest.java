package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that another has taken over leaves what is staged alone: the store cannot tell whose it is by now. */
class TakeoverTest {

    private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000L);
    private static final ObjectPath LARGE = ObjectPath.of("large");

    private final Fixture fixture = new Fixture();
    private final MigrationId id = MigrationId.random(fixture.random);
    private final byte[] key = new byte[32];
    private final MemoryStore.Disk from = new MemoryStore.Disk();
    private final MemoryStore.Disk to = new MemoryStore.Disk();
    private final MemoryJournal.Kept kept = new MemoryJournal.Kept();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void what_is_staged_is_not_taken_up() {
        halfThere();

        MigrationStatus status = runThatLosesItsLease(1);

        assertThat(status.failure()).contains(ErrorCode.CANCELLED);
        assertThat(asked).isEmpty();
        assertThat(to.kept).hasSize(1);
    }

    @Test
    void what_is_staged_is_not_taken_up_to_go_on_with_it() {
        halfThere();

        MigrationStatus status = runThatLosesItsLease(2);

        assertThat(status.failure()).contains(ErrorCode.CANCELLED);
        assertThat(asked).containsExactly("resume large");
        assertThat(to.kept).hasSize(1);
    }

    @Test
    void what_is_staged_of_an_object_that_changed_is_not_removed() {
        halfThere();
        large(5 * Segments.BYTES + 8);

        MigrationStatus status = runThatLosesItsLease(1);

        assertThat(status.failure()).contains(ErrorCode.CANCELLED);
        assertThat(asked).isEmpty();
        assertThat(to.kept).hasSize(1);
    }

    @Test
    void what_was_being_written_stays_when_its_object_fails() {
        halfThere();
        AtomicBoolean changed = new AtomicBoolean();
        MemoryStore changing = new MemoryStore(from, step -> {
            if (step.equals("read large") && changed.compareAndSet(false, true)) {
                from.put("large", new byte[7], MODIFIED);
            }
        });
        fixture.offer(fixture.provider(), id, key, changing);

        MigrationStatus status = fetchUntilTheLeaseIsLost(3);

        assertThat(status.failure()).contains(ErrorCode.CANCELLED);
        assertThat(changed).isTrue();
        assertThat(to.kept).hasSize(1);
    }

    /** A first run ends when some of the object is safe. */
    private void halfThere() {
        large(5 * Segments.BYTES + 7);
        fixture.offer(fixture.provider(), id, key, new MemoryStore(from));
        AtomicBoolean safe = new AtomicBoolean();
        MemoryStore store = new MemoryStore(to, step -> {
            if (safe.get() && step.equals("write large")) {
                throw new MeshException(ErrorCode.UNAVAILABLE, "stopped");
            }
        });
        var unused = fetch(store, new MemoryJournal(kept, step -> {
            if (step.startsWith("safe")) {
                safe.set(true);
            }
        }));
        assertThat(kept.safe(LARGE)).isNotEmpty();
        assertThat(to.kept).hasSize(1);
    }

    /** The journal says so at that look, and from then on. */
    private MigrationStatus runThatLosesItsLease(int atLook) {
        fixture.offer(fixture.provider(), id, key, new MemoryStore(from));
        return fetchUntilTheLeaseIsLost(atLook);
    }

    private MigrationStatus fetchUntilTheLeaseIsLost(int atLook) {
        AtomicInteger looks = new AtomicInteger();
        MemoryStore store = new MemoryStore(to, step -> {
            if (step.startsWith("resume") || step.startsWith("discard")) {
                asked.add(Objects.requireNonNull(step));
            }
        });
        return fetch(store, new MemoryJournal(kept, step -> {
            if ((step.equals("current") ? looks.incrementAndGet() : looks.get()) >= atLook) {
                throw new MeshException(ErrorCode.CANCELLED, "another process drives the migration");
            }
        }));
    }

    private MigrationStatus fetch(MemoryStore store, MemoryJournal journal) {
        var destination = fixture.provider();
        MigrationStatus status = fixture.fetch(destination, id, key, store, journal, OptionsFor.attempts(1));
        Fixture.done(destination.engine().stop(id));
        return status;
    }

    private void large(int size) {
        from.put("large", new byte[size], MODIFIED);
    }
}
