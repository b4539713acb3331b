package io.ferrymesh.provider.work;

import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.MirrorView;
import io.ferrymesh.provider.service.MirrorView.Reason;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Migrations that have completed and of which it is still to be removed what the source has not got. Everything counts only while
 * that goes on and this process has the account's turn at it.
 */
final class MirrorTable {

    /** The name of the job. */
    static final String JOB = "mirror";

    /** Most that are looked up in one statement. */
    private static final int AT_ONCE = 500;

    private static final String GOES_ON = " id = :id AND mirror = 'RUNNING' AND EXISTS (SELECT 1 FROM job"
            + " WHERE name = '" + JOB + "' AND job.account = migration.account AND job.holder = :holder)";

    /** For how long in a row it may fail before it is left. */
    static final long FAILS_FOR_MS = 86_400_000;

    /**
     * That it is due and may be begun: no process has the account's turn, and no run begins there, which may be about to bring
     * something. One that has begun is no reason to wait: either its place is another one, or it ends the mirror.
     */
    private static final String READY =
            " mirror = 'RUNNING' AND mirror_due_at <= :now AND NOT EXISTS (SELECT 1 FROM job"
                    + " WHERE name = '" + JOB + "' AND job.account = migration.account)"
                    + " AND (dry_run IS NOT NULL OR NOT EXISTS (SELECT 1 FROM migration AS held"
                    + " WHERE held.account = migration.account AND held.holder IS NOT NULL"
                    + " AND (held.state IN ('QUEUED', 'CONNECTING') OR held.id = migration.id)))";

    /** One of them. {@code run} is the fence of the run whose listing counts. */
    record Due(
            MigrationId id,
            AccountId account,
            long run,
            Optional<String> sourcePrefix,
            MigrationOptions options,
            boolean onlyLooks,
            long removed,
            long hereRun,
            long since) {}

    private MirrorTable() {}

    /** Those whose turn it is, of accounts that are not being erased and of which no process does one. */
    static List<MigrationId> due(Handle handle, long now, int most) {
        return handle.createQuery("SELECT migration.id FROM migration JOIN account ON account.id = migration.account"
                        + " WHERE account.state = 'ACTIVE' AND" + READY
                        + " ORDER BY mirror_due_at, migration.id LIMIT :most")
                .bind("now", now)
                .bind("most", most)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    /**
     * Takes the account's turn at one that is due, if it still may be begun. It stays due as long as the turn lasts, by everybody's
     * clock, so that none begins to arrive meanwhile.
     */
    static boolean take(Handle handle, MigrationId id, AccountId account, String holder, long now) {
        Apart.hold(handle, account);
        return handle.createUpdate("UPDATE migration SET mirror_due_at = 0 WHERE id = :id AND" + READY)
                                .bind("id", id.bytes())
                                .bind("now", now)
                                .execute()
                        == 1
                && JobTable.take(handle, JOB, account, holder);
    }

    /** Whose one is. */
    static Optional<AccountId> account(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT account FROM migration WHERE id = :id")
                .bind("id", id.bytes())
                .mapTo(Long.class)
                .findOne()
                .map(AccountId::new);
    }

    /**
     * It failed: it is tried again after some time, longer each time in a row, and left after a day of that. Nothing when it does not go
     * on here.
     */
    static void postpone(Handle handle, MigrationId id, AccountId account, String holder, Reason why, long now) {
        handle.createQuery("UPDATE migration SET mirror_failures = mirror_failures + 1, mirror_code = :code,"
                        + " mirror_failing_since = COALESCE(mirror_failing_since, :now) WHERE" + GOES_ON
                        + " RETURNING mirror_failures, mirror_failing_since")
                .bind("code", why.name())
                .bind("now", now)
                .bind("id", id.bytes())
                .bind("holder", holder)
                .map((row, context) -> new Failing(row.getLong("mirror_failures"), row.getLong("mirror_failing_since")))
                .findOne()
                .ifPresent(failing -> {
                    if (now - failing.since >= FAILS_FOR_MS) {
                        conclude(handle, id, account, Optional.of(why), now);
                        return;
                    }
                    Statements.run(handle.createUpdate("UPDATE migration SET mirror_due_at = :due WHERE id = :id")
                            .bind("due", now + Moves.backoff(failing.times))
                            .bind("id", id.bytes()));
                });
    }

    private record Failing(long times, long since) {}

    /** How one stands; empty when it does not go on, or it is not this process's turn. */
    static Optional<Due> find(Handle handle, MigrationId id, String holder) {
        return handle.createQuery("SELECT * FROM migration WHERE" + GOES_ON)
                .bind("id", id.bytes())
                .bind("holder", holder)
                .map((row, context) -> new Due(
                        id,
                        new AccountId(row.getLong("account")),
                        row.getLong("mirror_run"),
                        Optional.ofNullable(row.getString("source_prefix")),
                        OptionsJson.options(new JsonObject(row.getString("options"))),
                        row.getString("dry_run") != null,
                        row.getLong("mirror_removed"),
                        row.getLong("mirror_here_run"),
                        row.getLong("mirror_since")))
                .findOne();
    }

    /** Whether it still goes on, here. */
    static boolean goesOn(Handle handle, MigrationId id, String holder) {
        return handle.createQuery("SELECT COUNT(*) FROM migration WHERE" + GOES_ON)
                        .bind("id", id.bytes())
                        .bind("holder", holder)
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    /**
     * Those of some objects that were here, as they are now, before the source listed anything, and that it has not got; empty when it
     * does not go on here. What a later run has listed is there as well, and so is what is below something that it could not look into.
     */
    static Optional<List<ObjectInfo>> missing(Handle handle, Due of, String holder, Collection<ObjectInfo> now) {
        if (!goesOn(handle, of.id(), holder)) {
            return Optional.empty();
        }
        Map<PathKey, Name> known = new HashMap<>();
        Set<PathKey> asked = new LinkedHashSet<>();
        for (ObjectInfo info : now) {
            String path = info.path().toString();
            boolean unused = asked.add(MirrorKey.of(path));
            boolean unusedToo = asked.addAll(MirrorKey.above(path));
        }
        List<PathKey> all = List.copyOf(asked);
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            names(handle, of.id(), all.subList(i, Math.min(all.size(), i + AT_ONCE)), known);
        }
        return Optional.of(
                now.stream().filter(info -> isMissing(of, info, known)).toList());
    }

    private static void names(Handle handle, MigrationId id, List<PathKey> keys, Map<PathKey, Name> into) {
        handle.createQuery("SELECT path_key, run, here_run, here FROM migration_listed WHERE migration = :id"
                        + " AND path_key IN (<keys>)")
                .bind("id", id.bytes())
                .bindList("keys", keys.stream().map(PathKey::bytes).toList())
                .map((row, context) -> new Name(
                        PathKey.ofBytes(row.getBytes("path_key")),
                        row.getLong("run"),
                        row.getLong("here_run"),
                        row.getBytes("here")))
                .forEach(name -> into.put(name.key, name));
    }

    @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
    private record Name(PathKey key, long run, long hereRun, byte @Nullable [] here) {}

    private static boolean isMissing(Due of, ObjectInfo info, Map<PathKey, Name> known) {
        String path = info.path().toString();
        Name name = known.get(MirrorKey.of(path));
        return name != null
                && name.run < of.run()
                && of.hereRun() > 0
                && name.hereRun == of.hereRun()
                && Arrays.equals(name.here, MirrorKey.state(info))
                && MirrorKey.above(path).stream()
                        .map(known::get)
                        .allMatch(above -> above == null || above.run < of.run());
    }

    /**
     * Whether another migration of the account, which the two do not keep apart by their prefixes, has been running since this began:
     * what it brought, or found here, is covered by its receipt, and perhaps erased at its source.
     */
    static boolean isCrossed(Handle handle, Due of) {
        return handle.createQuery("SELECT options, source_prefix FROM migration WHERE account = :account AND id <> :id"
                        + " AND dry_run IS NULL AND (state = 'RUNNING' OR EXISTS (SELECT 1 FROM migration_event"
                        + " WHERE migration_event.migration = migration.id AND at >= :since AND migration_event.state"
                        + " IN ('RUNNING', 'PAUSED', 'FAILED', 'CANCELLED', 'MIRRORING', 'COMPLETED')))")
                .bind("account", of.account().value())
                .bind("id", of.id().bytes())
                .bind("since", of.since())
                .map((row, context) -> meets(
                        of,
                        Optional.ofNullable(row.getString("options")),
                        Optional.ofNullable(row.getString("source_prefix"))))
                .list()
                .contains(true);
    }

    /** A dry run brings nothing. */
    private static boolean meets(Due of, Optional<String> encoded, Optional<String> sourcePrefix) {
        MigrationOptions options =
                encoded.map(text -> OptionsJson.options(new JsonObject(text))).orElse(MigrationOptions.DEFAULTS);
        String other = options.selection().prefix();
        return !options.dryRun()
                && Stream.of(
                                of.options().selection().prefix(),
                                of.sourcePrefix().orElse(""))
                        .allMatch(own -> meet(own, other) && meet(own, sourcePrefix.orElse("")));
    }

    private static boolean meet(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    /** Notes how much there is that the source has not got, besides what is removed already. */
    static boolean found(Handle handle, Due of, String holder, long objects, long bytes) {
        return handle.createUpdate("UPDATE migration SET mirror_found = mirror_removed + mirror_kept + :objects,"
                                + " mirror_found_bytes = mirror_removed_bytes + :bytes WHERE" + GOES_ON)
                        .bind("objects", objects)
                        .bind("bytes", bytes)
                        .bind("id", of.id().bytes())
                        .bind("holder", holder)
                        .execute()
                == 1;
    }

    /** Notes that an object is removed, and reports it. */
    static void removed(Handle handle, Due of, ObjectInfo object) {
        Statements.run(handle.createUpdate("UPDATE migration SET mirror_removed = mirror_removed + 1,"
                        + " mirror_removed_bytes = mirror_removed_bytes + :bytes, mirror_failures = 0,"
                        + " mirror_failing_since = NULL, mirror_code = CASE WHEN mirror = 'RUNNING' THEN NULL"
                        + " ELSE mirror_code END WHERE id = :id")
                .bind("bytes", object.size())
                .bind("id", of.id().bytes()));
        ReportTable.removed(handle, of.id(), of.account(), object);
    }

    /** Ends it, and tells the account; nothing when it has ended. */
    static void end(Handle handle, Due of, String holder, long kept, Optional<Reason> reason, long now) {
        int ended = handle.createUpdate("UPDATE migration SET mirror_kept = :kept WHERE" + GOES_ON)
                .bind("kept", kept)
                .bind("id", of.id().bytes())
                .bind("holder", holder)
                .execute();
        if (ended == 1) {
            conclude(handle, of.id(), of.account(), reason, now);
        }
    }

    /** The user does not want it any more; false when it has ended. */
    static boolean cancel(Handle handle, MigrationId id, AccountId account, long now) {
        boolean going =
                handle.createUpdate("UPDATE migration SET mirror = mirror WHERE id = :id AND mirror = 'RUNNING'")
                                .bind("id", id.bytes())
                                .execute()
                        == 1;
        if (going) {
            conclude(handle, id, account, Optional.of(Reason.CANCELLED), now);
        }
        return going;
    }

    /** That nothing is removed, since something failed, is told at once. */
    static void left(Handle handle, MigrationId id, AccountId account, Reason reason, long now) {
        conclude(handle, id, account, Optional.of(reason), now);
    }

    private static void conclude(Handle handle, MigrationId id, AccountId account, Optional<Reason> reason, long now) {
        AccountEvents.Told told = handle.createQuery("UPDATE migration SET mirror = :state, mirror_code = :code,"
                        + " finished_at = :now WHERE id = :id"
                        + " RETURNING mirror_removed, mirror_removed_bytes, mirror_kept")
                .bind("state", (reason.isPresent() ? MirrorView.State.LEFT : MirrorView.State.DONE).name())
                .bind("code", reason.map(Reason::name).orElse(null))
                .bind("now", now)
                .bind("id", id.bytes())
                .map((row, context) -> AccountEvents.removed(
                        EventType.MIGRATION_MIRRORED,
                        id,
                        row.getLong("mirror_removed"),
                        row.getLong("mirror_removed_bytes"),
                        row.getLong("mirror_kept"),
                        0,
                        reason.map(Reason::name)))
                .one();
        AccountEvents.add(handle, account, told, now);
        MigrationTable.event(handle, id, State.COMPLETED, Optional.empty(), now);
    }
}
