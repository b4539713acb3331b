package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.web.Problem;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What each account has under way that takes memory for as long as its client likes: so much at once. Any thread. */
public final class Turns {

    private static final long RETRY_SECONDS = 1;

    private final ConcurrentMap<AccountId, Integer> underWay = new ConcurrentHashMap<>();
    private final int most;

    /** None yet. */
    public Turns(int most) {
        this.most = most;
    }

    /** One more, which is to end; throws 429. */
    public void begin(Account account) {
        var unused = underWay.compute(account.id(), (id, others) -> {
            int before = others == null ? 0 : others;
            if (before >= most) {
                throw new Problem(
                                429,
                                "THROTTLED",
                                "an account has at most " + most + " long transfers at once; let another end first")
                        .retryAfter(RETRY_SECONDS);
            }
            return before + 1;
        });
    }

    /** One less. */
    public void end(Account account) {
        var unused = underWay.computeIfPresent(account.id(), (id, all) -> all == 1 ? null : all - 1);
    }
}
