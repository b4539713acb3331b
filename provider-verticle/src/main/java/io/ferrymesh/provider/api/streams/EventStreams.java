package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Workers;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.web.Problem;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The event streams there are: so many for each account. Event loop only. */
public final class EventStreams {

    private final Vertx vertx;
    private final Workers workers;
    private final AccountService accounts;
    private final MigrationService migrations;
    private final int mostPerAccount;
    private final EventTimes times;
    private final Map<AccountId, Set<EventStream>> streams = new HashMap<>();
    private boolean stopped;

    /** None yet. */
    public EventStreams(
            Vertx vertx,
            Workers workers,
            AccountService accounts,
            MigrationService migrations,
            int mostPerAccount,
            EventTimes times) {
        this.vertx = vertx;
        this.workers = workers;
        this.accounts = accounts;
        this.migrations = migrations;
        this.mostPerAccount = mostPerAccount;
        this.times = times;
    }

    /** Answers with events after a number, as long as the migration, the session and the client last; throws 429. */
    public void answer(RoutingContext ctx, Authenticated who, MigrationId id, long after) {
        if (!MediaRanges.accepts(ctx.request().getHeader("Accept"), EventStream.MEDIA_TYPE)) {
            throw new Problem(406, "NOT_ACCEPTABLE", "Accept must allow " + EventStream.MEDIA_TYPE);
        }
        AccountId account = who.account().id();
        Set<EventStream> others = streams.getOrDefault(account, Set.of());
        if (others.size() >= mostPerAccount) {
            throw new Problem(
                    429,
                    "THROTTLED",
                    "an account has at most " + mostPerAccount + " event streams at once; end another first");
        }
        if (stopped) {
            throw new Problem(503, "UNAVAILABLE", "the provider is being stopped").retryAfter(1);
        }
        EventSource source = new EventSource(accounts, migrations, who, id);
        EventStream stream =
                new EventStream(ctx.request(), vertx, workers, source, times, after, over -> forget(account, over));
        streams.computeIfAbsent(account, none -> new HashSet<>()).add(stream);
        ctx.addEndHandler(ended -> stream.over());
        stream.begin();
    }

    /** Ends all of them; there will be no more. */
    public void stop() {
        stopped = true;
        List<EventStream> all = streams.values().stream().flatMap(Set::stream).toList();
        all.forEach(EventStream::end);
    }

    private void forget(AccountId account, EventStream stream) {
        streams.computeIfPresent(account, (same, left) -> {
            left.remove(stream);
            return left.isEmpty() ? null : left;
        });
    }
}
