package io.ferrymesh.provider.work;

import io.ferrymesh.provider.options.Bandwidth;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.MirrorView;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.json.JsonObject;
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
                        isRemoved(row)
                                ? ReportEntry.Outcome.REMOVED
                                : ReportEntry.Outcome.valueOf(row.getString("outcome")),
                        Optional.ofNullable(row.getString("code")).filter(code -> !code.equals(ReportTable.REMOVED)),
                        Columns.number(row, "size").map(OptionalLong::of).orElseGet(OptionalLong::empty),
                        Optional.ofNullable(row.getBytes("sha256")).map(HexFormat.of()::formatHex)))
                .list();
    }

    private static boolean isRemoved(ResultSet row) throws SQLException {
        return "SKIPPED".equals(row.getString("outcome")) && ReportTable.REMOVED.equals(row.getString("code"));
    }

    static MigrationTable.Row row(ResultSet row) throws SQLException {
        Optional<MirrorView> mirror = mirror(row);
        State state = State.valueOf(row.getString("state"));
        boolean mirrors = state == State.COMPLETED
                && mirror.filter(each -> each.state() == MirrorView.State.RUNNING)
                        .isPresent();
        MigrationView view = new MigrationView(
                MigrationId.of(row.getBytes("id")),
                mirrors ? State.MIRRORING : state,
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
                row.getBytes("receipt") != null,
                options(row),
                new Schedule(Columns.instant(row, "start_at"), Columns.instant(row, "deadline"), bandwidth(row)),
                Optional.ofNullable(row.getString("dry_run")).map(json -> OptionsJson.totals(new JsonObject(json))),
                mirror,
                retryAt(row, state));
        return new MigrationTable.Row(
                new AccountId(row.getLong("account")),
                Objects.requireNonNull(row.getBytes("content")),
                row.getBytes("psk"),
                view,
                row.getLong("retries"),
                Optional.ofNullable(row.getString("holder")),
                row.getLong("fence"));
    }

    private static Optional<Instant> retryAt(ResultSet row, State state) throws SQLException {
        boolean waits = state == State.QUEUED && row.getString("failure_code") != null;
        Optional<Long> due = Columns.number(row, "due_at");
        return waits ? Optional.of(Instant.ofEpochMilli(due.orElse(row.getLong("retry_at")))) : Optional.empty();
    }

    private static Optional<MirrorView> mirror(ResultSet row) throws SQLException {
        String state = row.getString("mirror");
        return state == null
                ? Optional.empty()
                : Optional.of(new MirrorView(
                        MirrorView.State.valueOf(state),
                        Optional.ofNullable(row.getString("mirror_code")).map(MirrorView.Reason::valueOf),
                        row.getLong("mirror_found"),
                        row.getLong("mirror_found_bytes"),
                        row.getLong("mirror_removed"),
                        row.getLong("mirror_removed_bytes"),
                        row.getLong("mirror_kept")));
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
                row.getLong("bytes_done"),
                row.getLong("objects_excluded"));
    }

    private static MigrationOptions options(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("options"))
                .map(json -> OptionsJson.options(new JsonObject(json)))
                .orElse(MigrationOptions.DEFAULTS);
    }

    /** How fast it may be. */
    static Bandwidth bandwidth(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("bandwidth"))
                .map(json -> OptionsJson.bandwidth(new JsonObject(json)))
                .orElse(Bandwidth.UNLIMITED);
    }
}
