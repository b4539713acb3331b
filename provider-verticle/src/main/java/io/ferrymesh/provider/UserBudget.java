package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * How many grants and migrations each user may begin. Each takes two of the provider's pseudonyms, of which the key centre
 * gives only so many a day, so no user may have all of them. What a user does not use comes back evenly over an hour.
 * Bounded by the number of users. Event loop only.
 */
final class UserBudget {

    private static final long HOUR_MS = 3_600_000;

    private final Clock clock;
    private final int perHour;
    /** When each user's budget is full again, in epoch milliseconds. */
    private final Map<String, Long> fullAt = new HashMap<>();

    UserBudget(Clock clock, int perHour) {
        this.clock = clock;
        this.perHour = perHour;
    }

    /** Takes one from a user's budget; a {@link Problem} when there is none. */
    void spend(String user) {
        long now = clock.millis();
        long each = HOUR_MS / perHour;
        long full = Math.max(now, fullAt.getOrDefault(user, now));
        long over = full + each - (now + each * perHour);
        if (over > 0) {
            throw new Problem(
                    429,
                    ErrorCode.OVERLOADED.name(),
                    "you may begin " + perHour + " grants and migrations an hour; try again in " + (over + 999) / 1_000
                            + " s");
        }
        fullAt.put(user, full + each);
    }
}
