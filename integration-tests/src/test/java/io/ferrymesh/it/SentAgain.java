package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks again and again at what a destination has received and knows to be safe, to say what was sent more than once. */
final class SentAgain implements AutoCloseable {

    private static final long LOOK_EVERY_MS = 100;

    /** One snapshot: the bytes of a run that were received, and those that the next one need not ask for. */
    private static final String LOOK =
            """
            SELECT m.id, m.state, m.fence, m.bytes_moved,
              (SELECT COALESCE(SUM(a.size), 0) FROM migration_arrived a WHERE a.migration = m.id) AS arrived,
              (SELECT COALESCE(SUM(MIN(16777216, s.size - 16777216 * g.segment)), 0)
                FROM migration_staged s JOIN migration_segment g
                ON g.migration = s.migration AND g.path_key = s.path_key WHERE s.migration = m.id) AS staged
            FROM migration m""";

    private final Database database;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();

    /** How a migration stands. */
    private record Row(String id, String state, long fence, long moved, long safe) {}

    /** What was seen of one migration over its runs; the last of them is the one with that fence. */
    private static final class Seen {
        private Row last;
        private int runs;
        private long movedBefore;
        private long safeBefore;

        private Seen(Row first) {
            last = first;
            runs = (int) first.fence; // some may have begun before anybody looked
        }

        private synchronized void next(Row now) {
            if (now.fence > last.fence) {
                runs += (int) (now.fence - last.fence);
                safeBefore = last.safe;
            }
            if (now.moved < last.moved) {
                movedBefore += last.moved;
            }
            last = now;
        }
    }

    /**
     * What came more than once of a migration that has completed.
     *
     * @param runs how many there were
     * @param bytes what was received in all of them together beyond its size
     */
    record Again(int runs, long bytes) {}

    /** Begins to look. */
    SentAgain(DatabaseOptions destination) {
        database = Database.openReadOnly(destination, ProviderDatabase.MIGRATIONS);
        var unused = looking.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        List<Row> rows = database.read(handle -> handle.createQuery(LOOK)
                .map((row, context) -> new Row(
                        HexFormat.of().formatHex(row.getBytes("id")),
                        row.getString("state"),
                        row.getLong("fence"),
                        row.getLong("bytes_moved"),
                        row.getLong("arrived") + row.getLong("staged")))
                .list());
        rows.forEach(row -> seen.computeIfAbsent(row.id, none -> new Seen(row)).next(row));
    }

    /** How a migration stood a moment ago. */
    Optional<String> state(String id) {
        return Optional.ofNullable(seen.get(id)).map(each -> each.last.state);
    }

    /** Holds a migration that has completed against what may come again. */
    Again check(CrashMove move) {
        look();
        Seen all = seen.get(move.id());
        if (all == null) {
            throw new AssertionError("nothing was seen of " + move.id());
        }
        synchronized (all) {
            assertThat(all.last.moved)
                    .as("the last run of %s, without the %d bytes that were safe before it", move.id(), all.safeBefore)
                    .isLessThanOrEqualTo(move.bytes() - all.safeBefore);
            Again again = new Again(all.runs, all.movedBefore + all.last.moved - move.bytes());
            assertThat(again.bytes)
                    .as("received again in %d runs of %d bytes", all.runs, move.bytes())
                    .isLessThanOrEqualTo(Math.max(0, all.runs - 1) * move.mayComeAgain());
            return again;
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
        database.close();
    }
}
