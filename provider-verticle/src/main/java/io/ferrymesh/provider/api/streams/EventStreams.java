package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.api.exchange.Workers;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.EventService;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.web.Problem;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The event streams there are: so many for each account, and in all. Event loop only. */
public final class EventStreams {

    private static final long RETRY_SECONDS = 5;

    /** What is watched: a migration, or all that an account is told. */
    private record Watched(AccountId account, Optional<MigrationId> migration) {}

    private final Vertx vertx;
    private final Workers workers;
    private final AccountService accounts;
    private final MigrationService migrations;
    private final EventService events;
    private final int mostPerAccount;
    private final int most;
    private final EventTimes times;
    private final Map<Watched, EventWatch> watches = new HashMap<>();
    private final Map<AccountId, Set<EventStream>> streams = new HashMap<>();
    private boolean stopped;

    /** None yet. The workers are theirs alone; so many calls at the most are under way as there are streams. */
    public EventStreams(
            Vertx vertx,
            Workers workers,
            AccountService accounts,
            MigrationService migrations,
            EventService events,
            int mostPerAccount,
            int most,
            EventTimes times) {
        this.vertx = vertx;
        this.workers = workers;
        this.accounts = accounts;
        this.migrations = migrations;
        this.events = events;
        this.mostPerAccount = mostPerAccount;
        this.most = most;
        this.times = times;
    }

    /** Answers with events after a number, as long as the migration, the session and the client last; throws 429, 503. */
    public void answer(RoutingContext ctx, Authenticated who, MigrationId id, long after) {
        answer(ctx, who, new MigrationEvents(accounts, migrations, who.account(), id), Optional.of(id), after);
    }

    /** Answers with what the account is told after a number, as long as the session and the client last; throws 429, 503. */
    public void answer(RoutingContext ctx, Authenticated who, long after) {
        answer(ctx, who, new AccountFeed(accounts, events, who.account()), Optional.empty(), after);
    }

    private void answer(
            RoutingContext ctx, Authenticated who, EventSource source, Optional<MigrationId> id, long after) {
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
        if (streams.values().stream().mapToInt(Set::size).sum() >= most) {
            throw new Problem(503, "OVERLOADED", "too many event streams; ask now and then instead")
                    .retryAfter(RETRY_SECONDS);
        }
        if (stopped) {
            throw new Problem(503, "UNAVAILABLE", "the provider is being stopped").retryAfter(1);
        }
        EventStream stream =
                new EventStream(ctx.request(), workers, source, who.sessionId(), after, new Owner(account, id));
        streams.computeIfAbsent(account, none -> new HashSet<>()).add(stream);
        ctx.addEndHandler(ended -> stream.over());
        stream.begin();
    }

    /** Of the streams of a migration. */
    private final class Owner implements EventStream.Owner {

        private final Watched watched;

        Owner(AccountId account, Optional<MigrationId> migration) {
            this.watched = new Watched(account, migration);
        }

        @Override
        public void begun(EventStream stream) {
            watches.computeIfAbsent(watched, none -> new EventWatch(vertx, workers, stream.source(), times))
                    .join(stream);
        }

        @Override
        public void over(EventStream stream) {
            forget(watched.account(), stream);
            watches.computeIfPresent(watched, (same, watch) -> watch.isLeft(stream) ? null : watch);
        }
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
