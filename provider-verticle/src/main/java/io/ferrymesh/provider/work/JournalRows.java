package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.Arrived;
import io.ferrymesh.provider.engine.SafeSegment;
import io.ferrymesh.provider.engine.Unfinished;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the next run of a migration need not do again, read. A row that cannot be understood is as if it were not there. */
final class JournalRows {

    private static final Logger LOG = LoggerFactory.getLogger(JournalRows.class);

    private JournalRows() {}

    /** Whether there may be anything. */
    static boolean any(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT journaled FROM migration WHERE id = :id")
                .bind("id", id.bytes())
                .mapTo(Long.class)
                .findOne()
                .filter(journaled -> journaled == 1)
                .isPresent();
    }

    static Map<ObjectPath, Arrived> arrived(Handle handle, MigrationId id, Collection<ObjectPath> of) {
        Map<PathKey, ObjectPath> byKey = new HashMap<>();
        of.forEach(path -> byKey.put(PathKey.of(path), path));
        Map<ObjectPath, Arrived> arrived = new HashMap<>();
        if (!byKey.isEmpty()) {
            handle.createQuery("SELECT * FROM migration_arrived WHERE migration = :id AND path_key IN (<keys>)")
                    .bind("id", id.bytes())
                    .bindList(
                            "keys", byKey.keySet().stream().map(PathKey::bytes).toList())
                    .map((row, context) -> understood(row, byKey))
                    .forEach(object ->
                            object.ifPresent(known -> arrived.put(known.listed().path(), known)));
        }
        return arrived;
    }

    private static Optional<Arrived> understood(ResultSet row, Map<PathKey, ObjectPath> byKey) throws SQLException {
        try {
            PathKey key = PathKey.ofBytes(Objects.requireNonNull(row.getBytes("path_key")));
            ObjectPath path = Objects.requireNonNull(byKey.get(key));
            return Optional.of(new Arrived(
                    new ObjectInfo(path, row.getLong("size"), instant(row, "listed")),
                    Optional.ofNullable(row.getString("name"))
                            .map(ObjectPath::of)
                            .orElse(path),
                    instant(row, "here"),
                    Optional.ofNullable(row.getString("etag")),
                    row.getLong("stored") == 1,
                    Digest.of(Objects.requireNonNull(row.getBytes("digest"))),
                    Optional.ofNullable(row.getBytes("voucher")).map(Voucher::of)));
        } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
            LOG.warn("a row of a journal is damaged, and its object looked at anew: {}", e.getMessage());
            return Optional.empty();
        }
    }

    static List<SafeSegment> segments(Handle handle, MigrationId id, ObjectPath of, int from, int most) {
        return handle
                .createQuery("SELECT segment, digest, voucher FROM migration_segment WHERE migration = :id"
                        + " AND path_key = :key AND segment >= :from ORDER BY segment LIMIT :most")
                .bind("id", id.bytes())
                .bind("key", PathKey.of(of).bytes())
                .bind("from", from)
                .bind("most", most)
                .map((row, context) -> segment(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<SafeSegment> segment(ResultSet row) throws SQLException {
        try {
            return Optional.of(new SafeSegment(
                    row.getInt("segment"),
                    Digest.of(Objects.requireNonNull(row.getBytes("digest"))),
                    Voucher.of(Objects.requireNonNull(row.getBytes("voucher")))));
        } catch (IllegalArgumentException | NullPointerException e) {
            LOG.warn("a row of a journal is damaged, and its segment moved anew");
            LOG.debug("a row of a journal is damaged, and its segment moved anew", e);
            return Optional.empty();
        }
    }

    static Optional<Unfinished> unfinished(Handle handle, MigrationId id, ObjectPath path) {
        return handle.createQuery("SELECT * FROM migration_staged WHERE migration = :id AND path_key = :key")
                .bind("id", id.bytes())
                .bind("key", PathKey.of(path).bytes())
                .map((row, context) -> staged(row))
                .findOne()
                .flatMap(staged -> staged)
                .map(staged -> new Unfinished(
                        staged.listed(),
                        staged.metadata(),
                        staged.token(),
                        segments(handle, id, path, 0, Integer.MAX_VALUE)));
    }

    /** One whose time or metadata cannot be understood is still to be discarded by its token. */
    private static Optional<Unfinished> staged(ResultSet row) throws SQLException {
        try {
            return Optional.of(new Unfinished(
                    new ObjectInfo(ObjectPath.of(row.getString("path")), row.getLong("size"), instant(row, "listed")),
                    MetadataText.parse(row.getString("metadata")),
                    row.getString("token"),
                    List.of()));
        } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
            LOG.warn("a row of a journal is damaged, and its object moved anew");
            LOG.debug("a row of a journal is damaged, and its object moved anew", e);
            return Optional.empty();
        }
    }

    private static Instant instant(ResultSet row, String name) throws SQLException {
        return Instant.ofEpochSecond(row.getLong(name + "_seconds"), row.getInt(name + "_nanos"));
    }
}
