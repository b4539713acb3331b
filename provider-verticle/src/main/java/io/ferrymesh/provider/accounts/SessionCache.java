package io.ferrymesh.provider.accounts;

import io.ferrymesh.scheme.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What requests ask for again and again: which tokens were verified, and which sessions were live when the database was last
 * asked. A session is believed live for a second; one that this process ended, not at all. Both memories are bounded, the
 * longest unused goes first. Any thread.
 */
final class SessionCache {

    static final long FRESH_MS = 1_000;
    static final int MOST_TOKENS = 20_000;
    static final int MOST_SESSIONS = 20_000;

    private record Seen(SessionTable.Row session, long at) {}

    private final Map<Digest, AccessTokens.Claims> tokens = bounded(MOST_TOKENS);
    private final Map<String, Seen> sessions = bounded(MOST_SESSIONS);
    private long endings;

    /** What a verified token said; whoever asks looks at its times. */
    synchronized Optional<AccessTokens.Claims> claims(Digest tokenSha256) {
        return Optional.ofNullable(tokens.get(tokenSha256));
    }

    synchronized void verified(Digest tokenSha256, AccessTokens.Claims claims) {
        tokens.put(tokenSha256, claims);
    }

    synchronized void expired(Digest tokenSha256) {
        tokens.remove(tokenSha256);
    }

    synchronized Optional<SessionTable.Row> session(String id, long now) {
        return Optional.ofNullable(sessions.get(id))
                .filter(seen -> Math.abs(now - seen.at()) < FRESH_MS)
                .map(Seen::session);
    }

    /** Ask before reading the database, and give to {@link #live}. */
    synchronized long endings() {
        return endings;
    }

    /** What the database said, unless a session has ended since it was asked. */
    synchronized void live(SessionTable.Row session, long now, long endingsBefore) {
        if (endings == endingsBefore) {
            sessions.put(session.id(), new Seen(session, now));
        }
    }

    /** These have ended: call it after the database knows. */
    synchronized void ended(Predicate<SessionTable.Row> which) {
        endings++;
        sessions.values().removeIf(seen -> which.test(seen.session()));
    }

    /** One has ended: call it after the database knows. */
    synchronized void ended(String id) {
        endings++;
        sessions.remove(id);
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
