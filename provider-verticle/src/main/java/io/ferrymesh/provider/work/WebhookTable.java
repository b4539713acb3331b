package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.WebhookView;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Webhooks, and what they have not been told yet. */
final class WebhookTable {

    /** Which webhook of which account. */
    record Key(AccountId account, String name) {}

    /** What is to be told to one; {@code secret} is sealed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Delivery(
            Key webhook,
            long number,
            long at,
            long failures,
            Optional<String> message,
            URI url,
            byte[] secret,
            String body) {}

    private WebhookTable() {}

    static List<WebhookView> all(Handle handle, AccountId account) {
        return handle.createQuery("SELECT webhook.*, (SELECT COUNT(*) FROM webhook_delivery"
                        + " WHERE webhook_delivery.account = webhook.account AND webhook_delivery.name = webhook.name) AS waiting"
                        + " FROM webhook WHERE account = :account ORDER BY name")
                .bind("account", account.value())
                .map((row, context) -> view(row))
                .list();
    }

    /** Changes one, which is tried at once, in the places of those that fail if it did; false when there is none. */
    static boolean change(Handle handle, Key key, URI url, Set<EventType> types) {
        return handle.createUpdate("UPDATE webhook SET url = :url, types = :types, last_error = NULL, due_at = 0"
                                + " WHERE account = :account AND name = :name")
                        .bind("account", key.account().value())
                        .bind("name", key.name())
                        .bind("url", url.toString())
                        .bind("types", text(types))
                        .execute()
                == 1;
    }

    static void insert(Handle handle, Key key, URI url, Set<EventType> types, byte[] secret, long now) {
        Statements.run(handle.createUpdate("INSERT INTO webhook (account, name, url, secret, types, created_at)"
                        + " VALUES (:account, :name, :url, :secret, :types, :now)")
                .bind("account", key.account().value())
                .bind("name", key.name())
                .bind("url", url.toString())
                .bind("secret", secret)
                .bind("types", text(types))
                .bind("now", now));
    }

    /** With what it has not been told; false when there is none. */
    static boolean delete(Handle handle, Key key) {
        return handle.createUpdate("DELETE FROM webhook WHERE account = :account AND name = :name")
                        .bind("account", key.account().value())
                        .bind("name", key.name())
                        .execute()
                == 1;
    }

    /** Has an account's webhooks told of an event, each that wants it. */
    static void enqueue(Handle handle, AccountId account, long number, EventType type, String body, long now) {
        Statements.run(
                handle.createUpdate("INSERT INTO webhook_delivery (account, name, number, at, body, due_at, message)"
                                + " SELECT account, name, CAST(:number AS BIGINT), CAST(:now AS BIGINT), CAST(:body AS TEXT),"
                                + " CAST(:now AS BIGINT), CAST(:message AS TEXT) FROM webhook WHERE account = :account"
                                + " AND (types = '' OR types LIKE :like)")
                        .bind("number", number)
                        .bind("now", now)
                        .bind("body", body)
                        .bind("message", UUID.randomUUID().toString())
                        .bind("account", account.value())
                        .bind("like", "%," + type.text() + ",%"));
    }

    /** The first of each webhook that is due, those first that have waited longest: of those that fail, or of those that do not. */
    static List<Delivery> due(Handle handle, boolean failing, long now, int limit) {
        return handle.createQuery("SELECT d.account, d.name, d.number, d.at, d.message, d.body, webhook.failures,"
                        + " webhook.url, webhook.secret FROM (SELECT waiting.account, waiting.name,"
                        + " MIN(waiting.number) AS number, MIN(waiting.due_at) AS due FROM webhook_delivery AS waiting"
                        + " JOIN webhook AS told ON told.account = waiting.account AND told.name = waiting.name"
                        + " WHERE waiting.due_at <= :now AND told.due_at <= :now"
                        + " AND CASE WHEN told.failures > 0 THEN 1 ELSE 0 END = :failing"
                        + " GROUP BY waiting.account, waiting.name) AS first"
                        + " JOIN webhook_delivery AS d ON d.account = first.account AND d.name = first.name"
                        + " AND d.number = first.number"
                        + " JOIN webhook ON webhook.account = d.account AND webhook.name = d.name"
                        + " ORDER BY first.due, d.account, d.name LIMIT :limit")
                .bind("now", now)
                .bind("failing", failing ? 1 : 0)
                .bind("limit", limit)
                .map((row, context) -> delivery(row))
                .list();
    }

    /** Takes one until a time; false when it is gone or another process was faster. */
    static boolean claim(Handle handle, Delivery delivery, long now, long until) {
        return of(
                        delivery,
                        handle,
                        "UPDATE webhook_delivery SET attempts = attempts + 1, due_at = :until",
                        " AND due_at <= :now",
                        until,
                        now)
                == 1;
    }

    /** It was told. */
    static void delivered(Handle handle, Delivery delivery, long now) {
        int unused = of(delivery, handle, "DELETE FROM webhook_delivery", "", 0, 0);
        outcome(handle, delivery.webhook(), now, null, 0);
    }

    /** It could not be told; its webhook is tried again from a time on, with whatever it waits for by then. */
    static void failed(Handle handle, Delivery delivery, long again, String why) {
        int unused = of(delivery, handle, "UPDATE webhook_delivery SET due_at = :until", "", again, 0);
        outcome(handle, delivery.webhook(), null, why, again);
    }

    /** Webhooks that could not be told of something for too long. */
    static List<Key> late(Handle handle, long before) {
        return handle.createQuery("SELECT DISTINCT account, name FROM webhook_delivery WHERE at < :before LIMIT 100")
                .bind("before", before)
                .map((row, context) ->
                        new Key(new AccountId(row.getLong("account")), Objects.requireNonNull(row.getString("name"))))
                .list();
    }

    /** Gives those up; how many there were. */
    static int drop(Handle handle, Key key, long before) {
        return handle.createUpdate(
                        "DELETE FROM webhook_delivery WHERE account = :account AND name = :name AND at < :before")
                .bind("account", key.account().value())
                .bind("name", key.name())
                .bind("before", before)
                .execute();
    }

    private static void outcome(Handle handle, Key key, @Nullable Long delivered, @Nullable String why, long again) {
        Statements.run(handle.createUpdate(
                        "UPDATE webhook SET last_error = :why, due_at = :again,"
                                + " failures = CASE WHEN CAST(:why AS TEXT) IS NULL THEN 0 ELSE failures + 1 END,"
                                + " delivered_at = COALESCE(:delivered, delivered_at) WHERE account = :account AND name = :name")
                .bind("why", why)
                .bind("again", again)
                .bind("delivered", delivered)
                .bind("account", key.account().value())
                .bind("name", key.name()));
    }

    private static int of(Delivery delivery, Handle handle, String sql, String also, long until, long now) {
        var update = handle.createUpdate(sql + " WHERE account = :account AND name = :name AND number = :number" + also)
                .bind("account", delivery.webhook().account().value())
                .bind("name", delivery.webhook().name())
                .bind("number", delivery.number());
        if (sql.contains(":until")) {
            var unused = update.bind("until", until);
        }
        if (also.contains(":now")) {
            var unused = update.bind("now", now);
        }
        return update.execute();
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                new Key(new AccountId(row.getLong("account")), Objects.requireNonNull(row.getString("name"))),
                row.getLong("number"),
                row.getLong("at"),
                row.getLong("failures"),
                Optional.ofNullable(row.getString("message")),
                URI.create(Objects.requireNonNull(row.getString("url"))),
                Objects.requireNonNull(row.getBytes("secret")),
                Objects.requireNonNull(row.getString("body")));
    }

    private static WebhookView view(ResultSet row) throws SQLException {
        return new WebhookView(
                Objects.requireNonNull(row.getString("name")),
                URI.create(Objects.requireNonNull(row.getString("url"))),
                types(Objects.requireNonNull(row.getString("types"))),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Columns.instant(row, "delivered_at"),
                Optional.ofNullable(row.getString("last_error")),
                row.getLong("waiting"));
    }

    private static String text(Set<EventType> types) {
        return types.isEmpty()
                ? ""
                : types.stream().map(EventType::text).sorted().collect(Collectors.joining(",", ",", ","));
    }

    private static Set<EventType> types(String text) {
        return Arrays.stream(text.split(",", -1))
                .filter(each -> !each.isEmpty())
                .map(EventType::of)
                .collect(Collectors.toUnmodifiableSet());
    }
}
