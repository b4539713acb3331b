package io.ferrymesh.provider.accounts;

import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.scheme.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of sessions. Refresh tokens are there by their SHA-256. Times are epoch milliseconds. */
final class SessionTable {

    /** An account's sessions beyond this many end, the longest unused first. */
    static final int MOST = 100;

    /** A session with its account's name. */
    record Row(String id, long account, String name, String method, long createdAt, long lastUsedAt, long expiresAt) {}

    private static final String SELECT = "SELECT s.id, s.account, a.name, s.method, s.created_at, s.last_used_at,"
            + " s.expires_at FROM session s JOIN account a ON a.id = s.account";
    /** What is live. The state of the account is looked at too, though those that lock or erase one end its sessions. */
    private static final String LIVE =
            " s.expires_at > :now AND s.last_used_at > :idle_since" + " AND a.state = 'ACTIVE' AND a.locked_at IS NULL";

    private SessionTable() {}

    static void insert(Handle handle, Row session, Digest refreshSha256) {
        int unused = handle.createUpdate(
                        "INSERT INTO session (id, account, method, created_at, last_used_at,"
                                + " expires_at, refresh_sha256) VALUES (:id, :account, :method, :created, :used, :expires, :refresh)")
                .bind("id", session.id())
                .bind("account", session.account())
                .bind("method", session.method())
                .bind("created", session.createdAt())
                .bind("used", session.lastUsedAt())
                .bind("expires", session.expiresAt())
                .bind("refresh", refreshSha256.bytes())
                .execute();
        int unusedEnded = handle.createUpdate(
                        "DELETE FROM session WHERE account = :account AND id NOT IN (SELECT id FROM"
                                + " session WHERE account = :account ORDER BY last_used_at DESC, created_at DESC LIMIT :most)")
                .bind("account", session.account())
                .bind("most", MOST)
                .execute();
    }

    static Optional<Row> find(Handle handle, String id, long now, long idleSince) {
        return handle.createQuery(SELECT + " WHERE s.id = :id AND" + LIVE)
                .bind("id", id)
                .bind("now", now)
                .bind("idle_since", idleSince)
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Newest first. */
    static List<SessionInfo> list(Handle handle, long account, long now, long idleSince) {
        return handle
                .createQuery(SELECT + " WHERE s.account = :account AND" + LIVE + " ORDER BY s.created_at DESC, s.id")
                .bind("account", account)
                .bind("now", now)
                .bind("idle_since", idleSince)
                .map((row, context) -> row(row))
                .list()
                .stream()
                .map(row -> new SessionInfo(
                        row.id(),
                        Instant.ofEpochMilli(row.createdAt()),
                        Instant.ofEpochMilli(row.lastUsedAt()),
                        Instant.ofEpochMilli(row.expiresAt()),
                        row.method()))
                .toList();
    }

    /** Takes the current refresh token for the next; says whether it was the current one. The caller has found it live. */
    static boolean rotate(Handle handle, String id, Digest current, Digest next, long now) {
        return handle.createUpdate("UPDATE session SET refresh_sha256 = :next, previous_sha256 = refresh_sha256,"
                                + " last_used_at = :now WHERE id = :id AND refresh_sha256 = :current")
                        .bind("next", next.bytes())
                        .bind("now", now)
                        .bind("id", id)
                        .bind("current", current.bytes())
                        .execute()
                == 1;
    }

    /** The same for the token before, once, if the current one was given out after this time; says whether it was. */
    static boolean rotateAgain(Handle handle, String id, Digest previous, Digest next, long now, long since) {
        return handle.createUpdate("UPDATE session SET refresh_sha256 = :next, previous_sha256 = NULL,"
                                + " last_used_at = :now WHERE id = :id AND previous_sha256 = :previous"
                                + " AND last_used_at > :since")
                        .bind("next", next.bytes())
                        .bind("now", now)
                        .bind("id", id)
                        .bind("previous", previous.bytes())
                        .bind("since", since)
                        .execute()
                == 1;
    }

    /** Says whether it was there. */
    static boolean delete(Handle handle, long account, String id) {
        return handle.execute("DELETE FROM session WHERE id = ? AND account = ?", id, account) == 1;
    }

    static void deleteOthers(Handle handle, long account, String but) {
        int unused = handle.execute("DELETE FROM session WHERE account = ? AND id <> ?", account, but);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("id"),
                row.getLong("account"),
                row.getString("name"),
                row.getString("method"),
                row.getLong("created_at"),
                row.getLong("last_used_at"),
                row.getLong("expires_at"));
    }
}
