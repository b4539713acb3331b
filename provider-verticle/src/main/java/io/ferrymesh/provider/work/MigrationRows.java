package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Rows of migrations, of their events and their objects, read. */
final class MigrationRows {

    private MigrationRows() {}

    static List<MigrationEvent> events(Handle handle, MigrationId id, long after, int limit) {
        return handle.createQuery("SELECT * FROM migration_event WHERE migration = :id AND number > :after"
                        + " ORDER BY number LIMIT :limit")
                .bind("id", id.bytes())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new MigrationEvent(
                        row.getLong("number"),
                        Instant.ofEpochMilli(row.getLong("at")),
                        State.valueOf(row.getString("state")),
                        Columns.failure(row)))
                .list();
    }

    static List<ReportEntry> objects(Handle handle, MigrationId id, long after, int limit) {
        return handle.createQuery("SELECT * FROM migration_object WHERE migration = :id AND number > :after"
                        + " ORDER BY number LIMIT :limit")
                .bind("id", id.bytes())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new ReportEntry(
                        row.getLong("number"),
                        row.getString("path"),
                        ReportEntry.Outcome.valueOf(row.getString("outcome")),
                        Optional.ofNullable(row.getString("code")),
                        Columns.number(row, "size").map(OptionalLong::of).orElseGet(OptionalLong::empty),
                        Optional.ofNullable(row.getBytes("sha256")).map(HexFormat.of()::formatHex)))
                .list();
    }

    static MigrationTable.Row row(ResultSet row) throws SQLException {
        MigrationView view = new MigrationView(
                MigrationId.of(row.getBytes("id")),
                State.valueOf(row.getString("state")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Columns.instant(row, "started_at"),
                Columns.instant(row, "finished_at"),
                progress(row),
                Columns.number(row, "handshake_micros"),
                Columns.pseudonym(row, "own"),
                Columns.pseudonym(row, "peer"),
                Optional.ofNullable(row.getBytes("merkle_root")).map(Digest::of),
                Columns.failure(row),
                Optional.ofNullable(row.getString("crypto_provider")),
                row.getBytes("receipt") != null);
        return new MigrationTable.Row(
                new AccountId(row.getLong("account")),
                Objects.requireNonNull(row.getBytes("content")),
                row.getBytes("psk"),
                view,
                row.getLong("retries"),
                Optional.ofNullable(row.getString("holder")),
                row.getLong("fence"));
    }

    private static ProgressView progress(ResultSet row) throws SQLException {
        return new ProgressView(
                row.getLong("objects_listed"),
                row.getLong("listing_complete") != 0,
                row.getLong("objects_done"),
                row.getLong("objects_present"),
                row.getLong("objects_failed"),
                row.getLong("objects_skipped"),
                row.getLong("bytes_listed"),
                row.getLong("bytes_moved"),
                row.getLong("bytes_done"));
    }
}
