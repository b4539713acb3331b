package io.ferrymesh.provider.work;

import io.ferrymesh.provider.options.Bandwidth;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.scheme.MigrationId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The migrations as their users see and move them; {@link MigrationLeases} is for who works on them. */
final class MigrationTable {

    /** A row; {@code psk} is sealed, and null once the migration has ended for good. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(
            AccountId account,
            byte[] content,
            byte @Nullable [] psk,
            MigrationView view,
            long retries,
            Optional<String> holder,
            long fence) {

        boolean hasContent(byte[] other) {
            return Arrays.equals(content, other);
        }

        State state() {
            return view.state();
        }

        /** Whether it waits for nothing but a process, and for what else is to be over first. */
        boolean isDue(long now) {
            return at(now).state() == State.QUEUED
                    && view.retryAt().filter(at -> at.toEpochMilli() > now).isEmpty();
        }

        /** The same, with why it waits if it is due and does. */
        Row because(Optional<FailureView> why, long now) {
            return why.isPresent() && isDue(now)
                    ? new Row(account, content, psk, view.because(why.get()), retries, holder, fence)
                    : this;
        }

        /** How it stands at a time: what is to begin later is not waiting for a process. */
        Row at(long now) {
            boolean later = view.schedule()
                    .startAt()
                    .filter(start -> start.toEpochMilli() > now)
                    .isPresent();
            return view.state() == State.QUEUED && later
                    ? new Row(account, content, psk, view.in(State.SCHEDULED), retries, holder, fence)
                    : this;
        }
    }

    /** What a user wants. */
    record Asked(MigrationId id, MigrationOptions options, Schedule schedule) {}

    /**
     * No process of a version before {@code due_at} begins a row that has this as {@code retry_at}: it would not do what its user
     * wants. Such a row is begun when {@code due_at} says.
     */
    static final long NEVER = Long.MAX_VALUE;

    private static final String AT_ONCE = " retries = 0, retry_at = CASE WHEN due_at IS NULL THEN 0 ELSE " + NEVER
            + " END, due_at = CASE WHEN due_at IS NULL THEN NULL ELSE 0 END";

    private static final String AS_ASKED = " retry_at = :retry, due_at = :due, known_fence = fence";

    private static final String NO_MIRROR = ", mirror = NULL, mirror_code = NULL, mirror_found = 0,"
            + " mirror_found_bytes = 0, mirror_removed = 0, mirror_removed_bytes = 0, mirror_kept = 0, mirror_due_at = 0,"
            + " mirror_failures = 0, mirror_failing_since = NULL, mirror_here_run = NULL, mirror_since = NULL, source_prefix = NULL";

    private static final String NOT_MIRRORING = " AND (mirror IS NULL OR mirror <> 'RUNNING')";

    private MigrationTable() {}

    /** A new one that waits for a process; false if the id is taken. */
    static boolean insert(Handle handle, AccountId account, Asked asked, byte[] content, byte[] psk, long now) {
        Update insert = handle.createUpdate("INSERT INTO migration (id, account, content, psk, state, created_at,"
                + " options, bandwidth, start_at, deadline, retry_at, due_at) VALUES (:id, :account, :content, :psk,"
                + " 'QUEUED', :now, :options, :bandwidth, :start, :deadline, :retry, :due) ON CONFLICT DO NOTHING");
        return asked(insert, asked)
                        .bind("id", asked.id().bytes())
                        .bind("account", account.value())
                        .bind("content", content)
                        .bind("psk", psk)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    static Optional<Row> find(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT * FROM migration WHERE id = :id")
                .bind("id", id.bytes())
                .map((row, context) -> MigrationRows.row(row))
                .findOne();
    }

    static Optional<byte[]> receipt(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT receipt FROM migration WHERE id = :id AND receipt IS NOT NULL")
                .bind("id", id.bytes())
                .mapTo(byte[].class)
                .findOne();
    }

    /** How many of an account's are under way or may go on without being asked for. */
    static long live(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COUNT(*) FROM migration WHERE account = :account"
                        + " AND state IN ('QUEUED', 'CONNECTING', 'RUNNING', 'PAUSED')")
                .bind("account", account.value())
                .mapTo(Long.class)
                .one();
    }

    /** An account's before a place in the list, newest first. */
    static List<Row> before(Handle handle, AccountId account, Cursor before, int limit) {
        return handle.createQuery("SELECT * FROM migration WHERE account = :account"
                        + " AND (created_at < :at OR (created_at = :at AND id < :id))"
                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                .bind("account", account.value())
                .bind("at", before.createdAt())
                .bind("id", before.idBytes())
                .bind("limit", limit)
                .map((row, context) -> MigrationRows.row(row))
                .list();
    }

    /** Stops one that is under way so that it can go on later; whoever holds it is to notice. */
    static boolean pause(Handle handle, MigrationId id, long now) {
        return moved(
                handle,
                id,
                State.PAUSED,
                now,
                "state IN ('QUEUED', 'CONNECTING', 'RUNNING')",
                ", finished_at = NULL, failure_code = NULL, failure_message = NULL");
    }

    /** Ends one for good that has not ended; whoever holds it is to notice. */
    static boolean cancel(Handle handle, MigrationId id, long now) {
        return moved(
                handle,
                id,
                State.CANCELLED,
                now,
                "state NOT IN ('COMPLETED', 'CANCELLED')",
                ", finished_at = " + now + ", psk = NULL");
    }

    /** Lets one go on that rests; a process that has not noticed that it was stopped is still to. */
    static boolean resume(Handle handle, MigrationId id, State waiting, long now) {
        return moved(
                handle,
                id,
                waiting,
                now,
                "state IN ('PAUSED', 'FAILED')",
                ", finished_at = NULL, failure_code = NULL, failure_message = NULL," + AT_ONCE);
    }

    /**
     * Begins a dry run that has completed again, as something else. False when it is none any more; whoever held it let go of it as it
     * completed.
     */
    static boolean begin(Handle handle, Asked asked, byte[] psk, long now) {
        Update update = handle.createUpdate("UPDATE migration SET state = 'QUEUED', psk = :psk, options = :options,"
                + " bandwidth = :bandwidth, start_at = :start, deadline = :deadline, dry_run = NULL, finished_at = NULL,"
                + " retries = 0, failure_code = NULL, failure_message = NULL," + AS_ASKED + NO_MIRROR
                + " WHERE id = :id AND state = 'COMPLETED' AND dry_run IS NOT NULL"
                + NOT_MIRRORING
                + " AND holder IS NULL");
        boolean begun = asked(update, asked)
                        .bind("id", asked.id().bytes())
                        .bind("psk", psk)
                        .execute()
                == 1;
        if (begun) {
            wanted(handle, asked.id(), waiting(asked.schedule(), now), now);
        }
        return begun;
    }

    /** Begins what has completed again under the key it had, for what has failed; false when there is no key any more. */
    static boolean again(Handle handle, MigrationId id, State waiting, long now) {
        boolean begun = handle.createUpdate("UPDATE migration SET state = 'QUEUED', finished_at = NULL,"
                                + " failure_code = NULL, failure_message = NULL, retries = 0, retry_at = " + NEVER
                                + ", due_at = 0, known_fence = fence" + NO_MIRROR
                                + " WHERE id = :id AND state = 'COMPLETED' AND psk IS NOT NULL" + NOT_MIRRORING)
                        .bind("id", id.bytes())
                        .execute()
                == 1;
        if (begun) {
            wanted(handle, id, waiting, now);
        }
        return begun;
    }

    /** Keeps when it goes; whoever holds it is to notice. */
    static void change(Handle handle, MigrationId id, Schedule schedule) {
        Update update = handle.createUpdate("UPDATE migration SET bandwidth = :bandwidth, start_at = :start,"
                + " deadline = :deadline, changed = CASE WHEN holder IS NULL THEN 0 ELSE 1 END,"
                + " due_at = COALESCE(due_at, retry_at), retry_at = " + NEVER + ", known_fence = fence"
                + " WHERE id = :id");
        Statements.run(schedule(update, schedule).bind("id", id.bytes()));
    }

    /** How one waits that no process drives. */
    static State waiting(Schedule schedule, long now) {
        return schedule.startAt().filter(start -> start.toEpochMilli() > now).isPresent()
                ? State.SCHEDULED
                : State.QUEUED;
    }

    private static Update asked(Update update, Asked asked) {
        boolean plain = asked.options().equals(MigrationOptions.DEFAULTS)
                && asked.schedule().equals(Schedule.NONE);
        @Nullable Long due = plain ? null : 0L;
        return schedule(update, asked.schedule())
                .bind("options", options(asked.options()))
                .bind("retry", plain ? 0 : NEVER)
                .bind("due", due);
    }

    private static @Nullable String options(MigrationOptions options) {
        return options.equals(MigrationOptions.DEFAULTS)
                ? null
                : OptionsJson.of(options).encode();
    }

    private static Update schedule(Update update, Schedule schedule) {
        @Nullable
        String bandwidth = schedule.bandwidth().equals(Bandwidth.UNLIMITED)
                ? null
                : OptionsJson.of(schedule.bandwidth()).encode();
        @Nullable Long start = schedule.startAt().map(Instant::toEpochMilli).orElse(null);
        @Nullable Long deadline = schedule.deadline().map(Instant::toEpochMilli).orElse(null);
        return update.bind("bandwidth", bandwidth).bind("start", start).bind("deadline", deadline);
    }

    private static boolean moved(Handle handle, MigrationId id, State to, long now, String from, String also) {
        boolean moved = handle.createUpdate("UPDATE migration SET state = :state,"
                                + " signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END" + also
                                + " WHERE id = :id AND " + from)
                        .bind("state", (to == State.SCHEDULED ? State.QUEUED : to).name())
                        .bind("id", id.bytes())
                        .execute()
                == 1;
        if (moved) {
            wanted(handle, id, to, now);
        }
        return moved;
    }

    /** How many there are of a migration, and whose it is. */
    private record Numbered(long number, AccountId account) {}

    /** Notes that its state is another one now, which the provider has made so. */
    static void event(Handle handle, MigrationId id, State state, Optional<FailureView> failure, long now) {
        event(handle, AccountEvents.migration(id, state, failure, AccountEvents.PROVIDER), id, state, failure, now);
    }

    /** The same that its user has made so. */
    static void wanted(Handle handle, MigrationId id, State state, long now) {
        Optional<FailureView> none = Optional.empty();
        event(handle, AccountEvents.migration(id, state, none, AccountEvents.USER), id, state, none, now);
    }

    private static void event(
            Handle handle,
            AccountEvents.Told told,
            MigrationId id,
            State state,
            Optional<FailureView> failure,
            long now) {
        Numbered event = handle.createQuery(
                        "UPDATE migration SET events = events + 1 WHERE id = :id RETURNING events, account")
                .bind("id", id.bytes())
                .map((row, context) -> new Numbered(row.getLong("events"), new AccountId(row.getLong("account"))))
                .one();
        Update insert = handle.createUpdate("INSERT INTO migration_event (migration, number, at, state, failure_code,"
                        + " failure_message) VALUES (:id, :number, :at, :state, :code, :message)")
                .bind("id", id.bytes())
                .bind("number", event.number())
                .bind("at", now)
                .bind("state", state.name())
                .bind("code", Columns.code(failure))
                .bind("message", Columns.message(failure));
        Statements.run(insert);
        AccountEvents.add(handle, event.account(), told, now);
    }
}
