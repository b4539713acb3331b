package io.ferrymesh.benchmarks.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Requests for a while. Without a rate, each caller asks again as soon as it has its answer. With one, requests are due at even
 * distances whatever the answers do, and an answer's time counts from when its request was due: a provider that stops for a
 * second is seen by all requests of that second and not only by those that were under way. Event loop only.
 */
final class Phase {

    private final Vertx vertx;
    private final List<Caller> callers;
    private final double perSecond;
    private final Latencies latencies = new Latencies();
    private final long start = System.nanoTime();
    private final long end;
    private boolean failed;

    private Phase(Vertx vertx, List<Caller> callers, double perSecond, double seconds) {
        this.vertx = vertx;
        this.callers = callers;
        this.perSecond = perSecond;
        this.end = start + (long) (seconds * 1e9);
    }

    /**
     * Completes when the time is over and everything is answered; fails with the first answer that is wrong.
     *
     * @param perSecond of all callers together; 0 for as many as there can be
     */
    static Future<Latencies> run(Vertx vertx, List<Caller> callers, double perSecond, double seconds) {
        Phase phase = new Phase(vertx, callers, perSecond, seconds);
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < callers.size(); i++) {
            Promise<Void> done = Promise.promise();
            all.add(done.future());
            phase.go(i, 0, done);
        }
        return Future.join(all).map(done -> phase.latencies);
    }

    private void go(int caller, long count, Promise<Void> done) {
        long now = System.nanoTime();
        long due = perSecond == 0 ? now : due(caller, count);
        if (failed || due >= end) {
            done.complete();
        } else if (due > now) {
            // a timer has a resolution of a millisecond: late is what it may be, early is not
            long waitMs = (due - now + 999_999) / 1_000_000;
            long unused = vertx.setTimer(waitMs, timer -> ask(caller, count, due, done));
        } else {
            ask(caller, count, due, done);
        }
    }

    private long due(int caller, long count) {
        return start + (long) ((count * callers.size() + caller) * (TimeUnit.SECONDS.toNanos(1) / perSecond));
    }

    private void ask(int caller, long count, long due, Promise<Void> done) {
        callers.get(caller)
                .next()
                .onComplete(
                        operation -> {
                            latencies.add(operation, System.nanoTime() - due);
                            go(caller, count + 1, done);
                        },
                        wrong -> {
                            failed = true;
                            done.fail(wrong);
                        });
    }
}
