package io.ferrymesh.benchmarks.http;

import io.ferrymesh.benchmarks.transfer.Meter;
import io.ferrymesh.benchmarks.transfer.Proc;
import io.ferrymesh.benchmarks.transfer.Side;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Users who keep asking a provider for small things, from one event loop of this program, each caller on a connection. */
final class SmallRequests implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 300;

    private final TestedProvider provider;
    private final Meter meter;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<Caller> callers = new ArrayList<>();

    /**
     * What came of a phase.
     *
     * @param offeredPerSecond 0 where everybody asked as fast as there were answers
     * @param generatorCpuSeconds of this program, on the same machine
     */
    record Result(
            String what,
            double offeredPerSecond,
            int connections,
            double seconds,
            double answersPerSecond,
            Latencies.Spread spread,
            Map<String, Latencies.Spread> byOperation,
            double providerCpuSeconds,
            double generatorCpuSeconds,
            double othersShare) {}

    SmallRequests(TestedProvider provider, Meter meter, int connections) {
        this.provider = provider;
        this.meter = meter;
        HttpClient http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultHost(provider.api().getHost())
                        .setDefaultPort(provider.api().getPort()),
                new PoolOptions().setHttp1MaxSize(connections));
        for (int i = 0; i < connections; i++) {
            callers.add(new Caller(http, i));
        }
    }

    /** Logs in and puts every caller's objects. */
    void prepare() throws Exception {
        login();
        var unused = await(() -> Future.join(callers.stream().map(Caller::fill).toList()));
    }

    /**
     * Asks for so long.
     *
     * @param perSecond 0 for as much as there can be
     */
    Result run(String what, double perSecond, double seconds) throws Exception {
        login();
        Side served = Side.of(provider.process());
        double own = Proc.ownSeconds();
        try (Meter.Running running = meter.start(served, Side.of(provider.centre()))) {
            Latencies latencies = await(() -> Phase.run(vertx, callers, perSecond, seconds));
            Meter.Reading reading = running.read();
            Latencies.Spread spread = latencies.all();
            return new Result(
                    what,
                    perSecond,
                    callers.size(),
                    reading.seconds(),
                    spread.answers() / reading.seconds(),
                    spread,
                    latencies.byOperation(),
                    reading.source().cpuSeconds(),
                    Proc.ownSeconds() - own,
                    reading.othersShare());
        }
    }

    private void login() throws Exception {
        List<String> tokens = provider.login();
        var unused = await(() -> {
            for (int i = 0; i < callers.size(); i++) {
                callers.get(i).use(tokens.get(i % tokens.size()));
            }
            return Future.succeededFuture();
        });
    }

    /** Does something on the event loop and waits for what comes of it. */
    private <T> T await(Supplier<Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        vertx.runOnContext(loop -> work.get().onComplete(done));
        try {
            return done.future().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new IllegalStateException("no end within " + PATIENCE_SECONDS + " s", e);
        }
    }

    @Override
    public void close() {
        var unused = vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(1, TimeUnit.MINUTES)
                .join();
    }
}
