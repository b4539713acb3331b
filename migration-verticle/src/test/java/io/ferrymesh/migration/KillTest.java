package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Either end dies at some call of its store or its journal, chosen by a seed: from then on its process does nothing any more. The
 * next processes go on with what was durable. Nothing that was safe is read again, and everything arrives.
 */
class KillTest {

    private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000L);

    /** Lanes, times what may be on its way in one of them: its window, the segment at hand, and one that is not journaled yet. */
    private static final long MOST_AGAIN = 2L * ((4 << 20) + 2 * Segments.BYTES);

    private final Fixture fixture = new Fixture();
    private final MigrationId id = MigrationId.random(fixture.random);
    private final byte[] key = new byte[32];
    private final MemoryStore.Disk from = new MemoryStore.Disk();
    private final MemoryStore.Disk to = new MemoryStore.Disk();
    private final MemoryJournal.Kept kept = new MemoryJournal.Kept();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** A process that dies at one of its steps, and every call of it fails from then on. */
    private final class Doomed {

        private final AtomicInteger left;
        private final String at;
        private final Fixture.Provider provider = fixture.provider();

        Doomed(int steps) {
            this(steps, "");
        }

        /** Only steps that start with something count. */
        Doomed(int steps, String at) {
            this.left = new AtomicInteger(steps);
            this.at = at;
        }

        void step(String what) {
            int now = what.startsWith(at) || isDead() ? left.decrementAndGet() : left.get();
            if (now == 0) {
                Fixture.Provider dying = provider;
                fixture.vertx.runOnContext(dead -> Fixture.done(dying.node().close()));
            }
            if (now <= 0) {
                throw new MeshException(ErrorCode.INTERNAL, "the process is dead, at " + what);
            }
        }

        boolean isDead() {
            return left.get() <= 0;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void small_objects_arrive_whoever_dies_when(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 600; i++) {
            byte[] content = new byte[random.nextInt(9_000)];
            random.nextBytes(content);
            from.put("%03d/%d".formatted(random.nextInt(1_000), i), content, MODIFIED.plusNanos(i));
        }

        int kills = migrate(random, 1 + random.nextInt(550));

        assertThat(kills).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void large_objects_go_on_in_the_middle_whoever_dies_when(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2; i++) {
            byte[] content = new byte[2 * Segments.BYTES + random.nextInt(2 * Segments.BYTES)];
            for (int at = 0; at < content.length; at += 1 + random.nextInt(64)) {
                content[at] = (byte) random.nextInt();
            }
            from.put("large " + i, content, MODIFIED.plusSeconds(i));
        }

        int kills = migrate(random, 100 + random.nextInt(440));

        assertThat(kills).isPositive();
    }

    @Test
    void a_large_object_that_was_published_but_not_journaled_is_read_by_neither_end_again() {
        dieAfterPublishing();

        MigrationStatus status = run(new Doomed(Integer.MAX_VALUE));

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).isEmpty();
        assertThat(to.reads()).isEmpty();
        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(status.counts().objectsStored()).isEqualTo(1);
        assertThat(kept.unfinished).isEmpty();
        assertThat(kept.arrived).containsOnlyKeys(ObjectPath.of("large"));
    }

    @ParameterizedTest
    @MethodSource("careful")
    void such_an_object_is_compared_where_it_is_to_be_read_back_or_may_be_what_was_to_be_replaced(
            TransferOptions options) {
        dieAfterPublishing();

        MigrationStatus status = run(new Doomed(Integer.MAX_VALUE), options);

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).hasSize(3);
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    private static Stream<TransferOptions> careful() {
        return Stream.of(
                new OptionsFor().with(Verification.READ_BACK).build(),
                new OptionsFor().with(ConflictPolicy.OVERWRITE).build(),
                new OptionsFor().with(ConflictPolicy.OVERWRITE_OLDER).build());
    }

    @Test
    void what_somebody_put_in_the_place_of_such_an_object_is_not_taken_for_it() {
        dieAfterPublishing();
        to.put("large", new byte[3 * Segments.BYTES], MODIFIED.plusSeconds(1));

        MigrationStatus status = run(new Doomed(Integer.MAX_VALUE));

        assertThat(status.counts().objectsFailed()).isEqualTo(1);
        assertThat(status.counts().objectsStored()).isZero();
        assertThat(from.reads()).hasSize(3);
    }

    private void dieAfterPublishing() {
        byte[] content = new byte[3 * Segments.BYTES];
        new Random(1).nextBytes(content);
        from.put("large", content, MODIFIED);
        Doomed taking = new Doomed(1, "add");
        assertThat(run(taking).state()).isEqualTo(MigrationState.FAILED);
        assertThat(taking.isDead()).isTrue();
        assertThat(to.contents()).isEqualTo(from.contents());
        from.forgetReads();
        to.forgetReads();
    }

    private MigrationStatus run(Doomed taking) {
        return run(taking, TransferOptions.DEFAULTS);
    }

    private MigrationStatus run(Doomed taking, TransferOptions options) {
        fixture.offer(fixture.provider(), id, key, new MemoryStore(from));
        MigrationStatus status = fixture.fetch(
                taking.provider,
                id,
                key,
                new MemoryStore(to, taking::step),
                new MemoryJournal(kept, taking::step),
                options);
        Fixture.done(taking.provider.engine().stop(id));
        return status;
    }

    /** Runs until it completes; returns how often somebody died. */
    private int migrate(Random random, int firstSteps) {
        int steps = firstSteps;
        int kills = 0;
        long total = size();
        MigrationStatus status;
        do {
            Set<String> safe = safe();
            boolean source = random.nextBoolean();
            Doomed giving = new Doomed(source ? steps : Integer.MAX_VALUE);
            Doomed taking = new Doomed(source ? Integer.MAX_VALUE : steps);
            from.read.clear();
            fixture.offer(giving.provider, id, key, new MemoryStore(from, giving::step));
            status = fixture.fetch(
                    taking.provider, id, key, new MemoryStore(to, taking::step), new MemoryJournal(kept, taking::step));
            Fixture.done(taking.provider.engine().stop(id));
            assertThat(from.reads()).as("of what was safe").noneMatch(safe::contains);
            kills += giving.isDead() || taking.isDead() ? 1 : 0;
            steps = 1 + random.nextInt(kills < 4 ? 400 : 4_000);
        } while (status.state() != MigrationState.COMPLETED && kills < 30);
        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(from.bytesRead - total).as("bytes read again").isLessThanOrEqualTo(kills * MOST_AGAIN);
        assertThat(kept.unfinished).isEmpty();
        assertThat(status.receipt().orElseThrow().receipt().objects()).isEqualTo(from.objects.size());
        return kills;
    }

    private long size() {
        return from.objects.values().stream()
                .mapToLong(stored -> stored.content().length)
                .sum();
    }

    /** What is journaled as safe and still there, segment by segment. */
    private Set<String> safe() {
        Set<String> safe = new HashSet<>();
        synchronized (kept) {
            for (Arrived arrived : kept.arrived.values()) {
                int count = new Segments(arrived.listed().size()).count();
                for (int segment = 0; segment < count; segment++) {
                    safe.add(arrived.listed().path() + "#" + segment);
                }
            }
            for (ObjectPath path : kept.unfinished.keySet()) {
                kept.safe(path).forEach(segment -> safe.add(path + "#" + segment));
            }
        }
        return safe;
    }
}
