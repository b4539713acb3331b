package io.ferrymesh.provider.accounts;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * Makes those who guess wait. An attempt is charged before it is looked at, so that many at once are not free, and given back
 * when it was right. While one must wait nothing is charged, so that asking makes no wait longer. What is counted is in the
 * database, for all processes; rows hold MACs, not names or addresses. docs/accounts.md, Throttling.
 */
final class Throttle {

    /** What is counted, and how the wait grows. */
    enum Rule {
        /** Passwords for an account from a device that has logged in to it: nothing else makes it wait. */
        DEVICE(5, 1_000, 900_000),
        /** Passwords for an account from a network. */
        HERE(5, 1_000, 900_000),
        /** Passwords for all accounts from a network. */
        NETWORK(20, 1_000, 900_000),
        /**
         * Passwords for an account from all networks that are not known to it. Makes those wait alone that have had
         * {@link #SPARED} attempts at it: who guesses elsewhere keeps nobody out who knows the password.
         */
        ACCOUNT(10, 1_000, 30_000),
        /** Passwords that a session shows to prove once more whose it is. */
        SESSION(5, 1_000, 900_000),
        /**
         * Answers to challenges in the name of a passkey that it has not signed, from a network. Only who has seen the passkey's
         * id can send them: nobody else makes its owner wait.
         */
        PASSKEY(20, 1_000, 900_000),
        /** New accounts from a network. */
        REGISTRATION(10, 60_000, 3_600_000);

        private final int free;
        private final long firstMs;
        private final long longestMs;

        Rule(int free, long firstMs, long longestMs) {
            this.free = free;
            this.firstMs = firstMs;
            this.longestMs = longestMs;
        }

        /** How long nothing more is looked at after so many attempts. */
        long waitMs(long attempts) {
            long beyond = attempts - free;
            return beyond <= 0 ? 0 : Math.min(longestMs, firstMs << Math.min(beyond - 1, 30));
        }

        int free() {
            return free;
        }

        long longestMs() {
            return longestMs;
        }
    }

    /** Something that is counted. */
    record Counted(Rule rule, Digest mac) {}

    /** So many attempts of a network at an account are looked at, whatever other networks have done. */
    static final long SPARED = 2;

    /** After so long without an attempt, and without a wait, it is forgotten. */
    static final long FORGOTTEN_AFTER_MS = 3_600_000;

    private record Row(long attempts, long blockedUntil, long expiresAt) {}

    private final AccountSecrets secrets;

    Throttle(AccountSecrets secrets) {
        this.secrets = secrets;
    }

    Counted counted(Rule rule, byte[]... of) {
        byte[] label = rule.name().getBytes(StandardCharsets.US_ASCII);
        byte[][] parts = new byte[of.length + 1][];
        parts[0] = label;
        System.arraycopy(of, 0, parts, 1, of.length);
        return new Counted(rule, Digest.of(secrets.mac(AccountSecrets.Purpose.THROTTLE, parts)));
    }

    /** THROTTLED if one of these must wait. Changes nothing. */
    void check(Handle handle, List<Counted> all, long now) {
        long wait = 0;
        for (Counted each : all) {
            wait = Math.max(
                    wait,
                    row(handle, each).map(row -> waitMs(each.rule(), row, now)).orElse(0L));
        }
        if (wait > 0) {
            throw throttled(wait);
        }
    }

    /** Counts one attempt for each; THROTTLED, which is to roll back, if one of them must wait. */
    void charge(Handle handle, List<Counted> all, long now) {
        long wait = 0;
        for (Counted each : inOrder(all)) {
            wait = Math.max(wait, charge(handle, each, now));
        }
        if (wait > 0) {
            throw throttled(wait);
        }
    }

    /** Counts one attempt unless it must wait; says whether it did not have to. */
    boolean isCharged(Handle handle, Counted counted, long now) {
        return charge(handle, counted, now) == 0;
    }

    /** How many attempts count. */
    long attempts(Handle handle, Counted counted, long now) {
        return row(handle, counted)
                .filter(row -> row.expiresAt() > now)
                .map(Row::attempts)
                .orElse(0L);
    }

    private static Optional<Row> row(Handle handle, Counted counted) {
        return handle.createQuery("SELECT attempts, blocked_until, expires_at FROM throttle WHERE mac = :mac")
                .bind("mac", counted.mac().bytes())
                .map((row, context) -> new Row(row.getLong(1), row.getLong(2), row.getLong(3)))
                .findOne();
    }

    /** The one order in which rows are held: kinds, as they are declared, and among one kind by name. */
    private static List<Counted> inOrder(List<Counted> all) {
        List<Counted> inOrder = new ArrayList<>(all);
        inOrder.sort(Comparator.comparing(Counted::rule)
                .thenComparing(each -> each.mac().hex()));
        return inOrder;
    }

    private static long charge(Handle handle, Counted counted, long now) {
        int unused = handle.createUpdate("INSERT INTO throttle (mac, attempts, blocked_until, expires_at)"
                        + " VALUES (:mac, 0, 0, 0) ON CONFLICT (mac) DO NOTHING")
                .bind("mac", counted.mac().bytes())
                .execute();
        // Updating the row holds it.
        Row row = handle.createQuery("UPDATE throttle SET attempts = attempts WHERE mac = :mac"
                        + " RETURNING attempts, blocked_until, expires_at")
                .bind("mac", counted.mac().bytes())
                .map((result, context) -> new Row(result.getLong(1), result.getLong(2), result.getLong(3)))
                .one();
        long wait = waitMs(counted.rule(), row, now);
        if (wait > 0) {
            return wait;
        }
        long attempts = (row.expiresAt() <= now ? 0 : row.attempts()) + 1;
        long until = now + counted.rule().waitMs(attempts);
        set(handle, counted, new Row(attempts, until, until + FORGOTTEN_AFTER_MS));
        return 0;
    }

    /** Takes one attempt back that was right, or was not looked at. A wait that wrong ones have earned stays. */
    void giveBack(Handle handle, List<Counted> all) {
        for (Counted each : inOrder(all)) {
            int unused = handle.createUpdate("UPDATE throttle SET attempts = attempts - 1, blocked_until ="
                            + " CASE WHEN attempts > :free + 1 THEN blocked_until ELSE 0 END"
                            + " WHERE mac = :mac AND attempts > 0")
                    .bind("free", each.rule().free())
                    .bind("mac", each.mac().bytes())
                    .execute();
        }
    }

    /** Forgets what was counted. */
    void forget(Handle handle, Counted counted) {
        int unused = handle.createUpdate("DELETE FROM throttle WHERE mac = :mac")
                .bind("mac", counted.mac().bytes())
                .execute();
    }

    private static void set(Handle handle, Counted counted, Row row) {
        int unused = handle.createUpdate("UPDATE throttle SET attempts = :attempts, blocked_until = :until,"
                        + " expires_at = :expires WHERE mac = :mac")
                .bind("attempts", row.attempts())
                .bind("until", row.blockedUntil())
                .bind("expires", row.expiresAt())
                .bind("mac", counted.mac().bytes())
                .execute();
    }

    /** A wait beyond the longest is of a clock that went back, and none. */
    private static long waitMs(Rule rule, Row row, long now) {
        long wait = row.blockedUntil() - now;
        return wait > rule.longestMs() ? 0 : Math.max(0, wait);
    }

    private static ServiceException throttled(long waitMs) {
        long seconds = (waitMs + 999) / 1_000;
        return new ServiceException(
                ServiceError.THROTTLED, "too many attempts; try again in " + seconds + " s", OptionalLong.of(seconds));
    }
}
