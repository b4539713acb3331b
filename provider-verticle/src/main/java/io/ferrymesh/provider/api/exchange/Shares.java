package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.web.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Each account's share of the {@link Workers}: what it asks for beyond waits for its own calls to end, and holds no thread that
 * others need, whatever it is that its calls wait for. Any event loop.
 */
public final class Shares {

    private static final long RETRY_SECONDS = 1;
    private static final int PART = 4;
    private static final int LEAST = 4;

    private final Vertx vertx;
    private final Workers workers;
    private final int most;
    private final int waiting;
    private final Map<AccountId, Share> shares = new HashMap<>(); // guarded by this

    /** One account's calls. */
    private static final class Share {
        final Queue<Runnable> queue = new ArrayDeque<>();
        int running;
        int beginning; // those in the queue that may be refused
    }

    /** A quarter of so many threads for each account, but a few at least, and so many requests that wait for it. */
    public Shares(Vertx vertx, Workers workers, int threads, int waiting) {
        this.vertx = vertx;
        this.workers = workers;
        this.most = Math.max(LEAST, threads / PART);
        this.waiting = waiting;
    }

    /** The workers, as this account may use them. */
    public Calls of(Account account) {
        AccountId id = account.id();
        return new Calls() {
            @Override
            public <T> Future<T> run(Callable<T> call) {
                return begin(id, true, () -> workers.run(call));
            }

            @Override
            public <T> Future<T> goOn(Callable<T> call) {
                return begin(id, false, () -> workers.goOn(call));
            }
        };
    }

    private <T> Future<T> begin(AccountId id, boolean isNew, Supplier<Future<T>> call) {
        Promise<T> result = Promise.promise();
        Runnable now = () -> call.get().onComplete(done -> ended(id)).onComplete(result);
        Context here = vertx.getOrCreateContext();
        synchronized (this) {
            Share share = shares.computeIfAbsent(id, fresh -> new Share());
            if (share.running >= most) {
                if (isNew && share.beginning >= waiting) {
                    return Future.failedFuture(tooMany());
                }
                share.beginning += isNew ? 1 : 0;
                share.queue.add(() -> {
                    share.beginning -= isNew ? 1 : 0;
                    here.runOnContext(go -> now.run());
                });
                return result.future();
            }
            share.running++;
        }
        now.run();
        return result.future();
    }

    /** The next takes the place of the one that has ended. */
    private synchronized void ended(AccountId id) {
        Share share = Objects.requireNonNull(shares.get(id));
        Runnable next = share.queue.poll();
        if (next != null) {
            next.run();
        } else if (--share.running == 0) {
            var unused = shares.remove(id);
        }
    }

    private Problem tooMany() {
        return new Problem(
                        429,
                        "THROTTLED",
                        "an account has at most " + waiting + " requests that wait; let others end first")
                .retryAfter(RETRY_SECONDS);
    }
}
