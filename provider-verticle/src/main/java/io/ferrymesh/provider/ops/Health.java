package io.ferrymesh.provider.ops;

import io.ferrymesh.web.OnceASecond;
import io.ferrymesh.web.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the provider lives, and whether it is ready: started, not stopping, and what it cannot do without answers. What it can do
 * without for a while, such as the key centre, is told and makes it no less ready.
 */
public final class Health {

    /** Where a process is on its way. */
    public enum Stage {
        STARTING,
        READY,
        STOPPING
    }

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final long CHECK_TIMEOUT_MS = 5_000;

    private final Vertx vertx;
    private final HealthChecks checks;
    private final Supplier<List<Degradation>> degraded;
    private final OnceASecond<CheckResult> question;
    private volatile Stage stage = Stage.STARTING;
    private volatile boolean up;

    /**
     * Without any checks yet.
     *
     * @param degraded what does not work just now; any thread
     */
    public Health(Vertx vertx, Supplier<List<Degradation>> degraded) {
        this(vertx, degraded, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    Health(Vertx vertx, Supplier<List<Degradation>> degraded, LongSupplier nowMs) {
        this.vertx = vertx;
        this.degraded = degraded;
        this.checks = HealthChecks.create(vertx);
        this.question = new OnceASecond<>(checks::checkStatus, nowMs);
        checks.register("stage", asked -> asked.complete(stage == Stage.READY ? Status.OK() : Status.KO()));
    }

    /**
     * Something the provider cannot do without, such as its database.
     *
     * @param check throws if it does not work; on a worker, for at most 5 seconds, never twice at a time
     */
    public Health needs(String name, Runnable check) {
        AtomicBoolean running = new AtomicBoolean();
        AtomicBoolean failing = new AtomicBoolean();
        checks.register(name, CHECK_TIMEOUT_MS, asked -> {
            if (running.compareAndSet(false, true)) {
                run(name, check, failing, asked, running);
            } else {
                // It did not answer the last time yet.
                if (!failing.getAndSet(true)) {
                    LOG.warn("{} does not answer, so the provider is not ready", name);
                }
                boolean unused = asked.tryComplete(Status.KO());
            }
        });
        return this;
    }

    /** From now on it takes work, unless it is stopping already. */
    public synchronized void started() {
        if (stage == Stage.STARTING) {
            stage = Stage.READY;
        }
    }

    /** From now on it is to be sent nothing more. */
    public synchronized void stopping() {
        stage = Stage.STOPPING;
    }

    public Stage stage() {
        return stage;
    }

    /** Whether it was ready when it was asked last. Any thread. */
    public boolean isReady() {
        return stage == Stage.READY && up;
    }

    /** That this process answers at all. */
    Reply live() {
        return Reply.json(200, new JsonObject().put("status", "UP"));
    }

    /** 200 or 503, with what is down and what is degraded. Never fails. Event loop only. */
    Future<Reply> ready() {
        return question.ask().map(this::reply).otherwise(failure -> {
            up = false;
            LOG.error("the health checks failed", failure);
            return Reply.json(503, new JsonObject().put("status", "DOWN"));
        });
    }

    private Reply reply(CheckResult result) {
        boolean ready = stage == Stage.READY && Boolean.TRUE.equals(result.getUp());
        up = ready;
        JsonArray needed = new JsonArray();
        for (CheckResult each : result.getChecks()) {
            if (!each.getId().equals("stage")) {
                needed.add(new JsonObject()
                        .put("name", each.getId())
                        .put("status", Boolean.TRUE.equals(each.getUp()) ? "UP" : "DOWN"));
            }
        }
        JsonArray told = new JsonArray();
        degraded.get()
                .forEach(each ->
                        told.add(new JsonObject().put("code", each.code()).put("detail", each.detail())));
        return Reply.json(
                ready ? 200 : 503,
                new JsonObject()
                        .put("status", ready ? "UP" : "DOWN")
                        .put("stage", stage.name())
                        .put("checks", needed)
                        .put("degraded", told));
    }

    private void run(String name, Runnable check, AtomicBoolean failing, Promise<Status> asked, AtomicBoolean running) {
        vertx.executeBlocking(
                        () -> {
                            check.run();
                            return Status.OK();
                        },
                        false)
                .onComplete(
                        up -> {
                            running.set(false);
                            if (failing.getAndSet(false)) {
                                LOG.info("{} works again", name);
                            }
                            boolean unused = asked.tryComplete(up);
                        },
                        down -> {
                            running.set(false);
                            if (!failing.getAndSet(true)) {
                                LOG.warn("{} does not work, so the provider is not ready", name, down);
                            }
                            boolean unused = asked.tryComplete(Status.KO());
                        });
    }
}
