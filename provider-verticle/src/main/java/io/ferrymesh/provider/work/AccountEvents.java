package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.vertx.core.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What accounts are told, and the provider's audit of it: entered in the transaction that makes it so, after the row of the grant or
 * migration that it is about.
 */
final class AccountEvents {

    /** Most that an account has; the oldest go. */
    static final long MOST = 10_000;

    /** How many go at once. */
    private static final long AT_ONCE = 100;

    /** The user themselves. */
    static final String USER = "user";

    /** This provider, by itself. */
    static final String PROVIDER = "provider";

    /**
     * What is to be told.
     *
     * @param actor who did it: {@link #USER}, {@link #PROVIDER}, or {@code peer} and a pseudonym
     */
    record Told(EventType type, String actor, Optional<MigrationId> migration, JsonObject details) {}

    private AccountEvents() {}

    /** Somebody at the other end of a grant did something. */
    static Told grant(
            EventType type,
            MigrationId id,
            Optional<Pseudonym> peer,
            Optional<FailureView> failure,
            OptionalLong count) {
        JsonObject details = new JsonObject();
        peer.ifPresent(by -> details.put("peerPseudonym", by.hex()));
        failure.ifPresent(why -> details.put("failure", json(why)));
        count.ifPresent(many -> details.put("count", many));
        return new Told(type, peer.map(by -> "peer " + by.hex()).orElse("peer"), Optional.of(id), details);
    }

    /** A grant has ended. */
    static Told ended(EventType type, String actor, MigrationId id) {
        return new Told(type, actor, Optional.of(id), new JsonObject());
    }

    /** A migration's state is another one. */
    static Told migration(MigrationId id, MigrationView.State state, Optional<FailureView> failure, String actor) {
        JsonObject details = new JsonObject().put("state", state.name());
        failure.ifPresent(why -> details.put("failure", json(why)));
        return new Told(EventType.MIGRATION_STATE, actor, Optional.of(id), details);
    }

    /** Tells a migration's account that what arrives is not journaled any more. */
    static void unjournaled(Handle handle, MigrationId id, long now) {
        AccountId account = handle.createQuery("SELECT account FROM migration WHERE id = :id")
                .bind("id", id.bytes())
                .map((row, context) -> new AccountId(row.getLong("account")))
                .one();
        add(handle, account, ended(EventType.MIGRATION_UNJOURNALED, PROVIDER, id), now);
    }

    /** Objects were erased or removed by the provider, as its user wanted. */
    static Told removed(
            EventType type, MigrationId id, long objects, long bytes, long kept, long failed, Optional<String> code) {
        JsonObject removed = new JsonObject()
                .put("objects", objects)
                .put("bytes", bytes)
                .put("kept", kept)
                .put("failed", failed);
        code.ifPresent(why -> removed.put("code", why));
        return new Told(type, PROVIDER, Optional.of(id), new JsonObject().put("removed", removed));
    }

    /** Tells an account, its webhooks and the audit. */
    static void add(Handle handle, AccountId account, Told told, long now) {
        long number = handle.createQuery("INSERT INTO event_count (account, events) VALUES (:account, 1)"
                        + " ON CONFLICT (account) DO UPDATE SET events = event_count.events + 1 RETURNING events")
                .bind("account", account.value())
                .mapTo(Long.class)
                .one();
        byte @Nullable [] id = told.migration().map(MigrationId::bytes).orElse(null);
        Statements.run(handle.createUpdate("INSERT INTO account_event (account, number, at, type, migration, details)"
                        + " VALUES (:account, :number, :at, :type, :migration, :details)")
                .bind("account", account.value())
                .bind("number", number)
                .bind("at", now)
                .bind("type", told.type().text())
                .bind("migration", id)
                .bind("details", told.details().encode()));
        Statements.run(
                handle.createUpdate("INSERT INTO audit_entry (account, number, at, actor, type, migration, details)"
                                + " VALUES (:account, :number, :at, :actor, :type, :migration, :details)")
                        .bind("account", account.value())
                        .bind("number", number)
                        .bind("at", now)
                        .bind("actor", told.actor())
                        .bind("type", told.type().text())
                        .bind("migration", id)
                        .bind("details", audited(told.details()).encode()));
        if (told.type() != EventType.WEBHOOK_DROPPED) { // or that would be next
            WebhookTable.enqueue(handle, account, number, told.type(), body(number, told, now), now);
        }
        if (number % AT_ONCE == 0 && number > MOST) {
            Statements.run(handle.createUpdate("DELETE FROM account_event WHERE account = :account AND number <= :last")
                    .bind("account", account.value())
                    .bind("last", number - MOST));
        }
    }

    /** Without the message of a failure, which may have a user's paths in it: the audit outlives the account. */
    private static JsonObject audited(JsonObject details) {
        JsonObject failure = details.getJsonObject("failure");
        return failure == null
                ? details
                : details.copy().put("failure", new JsonObject().put("code", failure.getString("code")));
    }

    /** As the API has it, schema AccountEvent. */
    private static String body(long number, Told told, long now) {
        JsonObject body = new JsonObject()
                .put("number", number)
                .put("at", Instant.ofEpochMilli(now).toString())
                .put("type", told.type().text());
        told.migration().ifPresent(id -> body.put("migrationId", id.hex()));
        return body.mergeIn(told.details()).encode();
    }

    /** What came after a number. */
    static List<AccountEvent> after(Handle handle, AccountId account, long after, int limit) {
        return handle.createQuery("SELECT number, at, type, migration, details FROM account_event"
                        + " WHERE account = :account AND number > :after ORDER BY number LIMIT :limit")
                .bind("account", account.value())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> event(row))
                .list();
    }

    private static AccountEvent event(ResultSet row) throws SQLException {
        JsonObject details = new JsonObject(row.getString("details"));
        @Nullable Long count = details.getLong("count");
        return new AccountEvent(
                row.getLong("number"),
                Instant.ofEpochMilli(row.getLong("at")),
                EventType.of(row.getString("type")),
                Optional.ofNullable(row.getBytes("migration")).map(MigrationId::of),
                Optional.ofNullable(details.getString("state")).map(MigrationView.State::valueOf),
                Optional.ofNullable(details.getString("peerPseudonym")).map(Pseudonym::parse),
                Optional.ofNullable(details.getJsonObject("failure"))
                        .map(why -> new FailureView(why.getString("code"), why.getString("message"))),
                count == null ? OptionalLong.empty() : OptionalLong.of(count),
                Optional.ofNullable(details.getJsonObject("removed")).map(AccountEvents::removed),
                Optional.ofNullable(details.getString("webhookId")));
    }

    private static AccountEvent.Removed removed(JsonObject json) {
        return new AccountEvent.Removed(
                json.getLong("objects"),
                json.getLong("bytes"),
                json.getLong("kept"),
                json.getLong("failed"),
                Optional.ofNullable(json.getString("code")));
    }

    private static JsonObject json(FailureView failure) {
        return new JsonObject().put("code", failure.code()).put("message", failure.message());
    }
}
