package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose a grant or a migration is. In memory, at most so many a user; when a user has that many, the oldest of theirs that
 * has ended makes room. Event loop only.
 */
final class Ownership {

    /** One user's grant or migration. */
    static final class Owned {
        final String user;
        final MigrationId id;
        /** Over everything that was asked for, to tell a repetition from a contradiction. */
        final Digest content;

        final Instant expiresAt;
        /** Completes when the engine has taken it on. */
        Future<Void> accepted = Future.succeededFuture();

        private Owned(String user, MigrationId id, Digest content, Instant expiresAt) {
            this.user = user;
            this.id = id;
            this.content = content;
            this.expiresAt = expiresAt;
        }
    }

    private final int maxPerUser;
    private final UserBudget budget;
    private final Predicate<Owned> ended;
    private final Map<MigrationId, Owned> all = new HashMap<>();
    private final Map<String, Map<MigrationId, Owned>> byUser = new HashMap<>();

    Ownership(int maxPerUser, UserBudget budget, Predicate<Owned> ended) {
        this.maxPerUser = maxPerUser;
        this.budget = budget;
        this.ended = ended;
    }

    /** What this user has by this id; of others' nothing is told. */
    Optional<Owned> find(String user, MigrationId id) {
        @Nullable Owned owned = all.get(id);
        return owned != null && owned.user.equals(user) ? Optional.of(owned) : Optional.empty();
    }

    /**
     * Notes a new one, which the user's budget pays for. The id must be free: {@link #find} comes first, and an id of somebody
     * else's is a conflict.
     */
    Owned claim(String user, MigrationId id, Digest content, Instant expiresAt) {
        if (all.containsKey(id)) {
            throw Problem.conflict("this migrationId cannot be used; draw another");
        }
        Map<MigrationId, Owned> mine = byUser.computeIfAbsent(user, u -> new LinkedHashMap<>());
        Optional<Owned> outgoing = mine.size() < maxPerUser ? Optional.empty() : Optional.of(oldestEnded(mine));
        budget.spend(user);
        outgoing.ifPresent(this::release);
        Owned owned = new Owned(user, id, content, expiresAt);
        mine.put(id, owned);
        all.put(id, owned);
        return owned;
    }

    /** Forgets one that never came to be, or has ended. */
    void release(Owned owned) {
        all.remove(owned.id, owned);
        byUser.getOrDefault(owned.user, new HashMap<>()).remove(owned.id, owned);
    }

    private Owned oldestEnded(Map<MigrationId, Owned> mine) {
        return mine.values().stream()
                .filter(ended)
                .findFirst()
                .orElseThrow(() -> new Problem(
                        429,
                        ErrorCode.OVERLOADED.name(),
                        "you have " + maxPerUser + " of these that have not ended yet"));
    }
}
