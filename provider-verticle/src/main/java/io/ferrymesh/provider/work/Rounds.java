package io.ferrymesh.provider.work;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done again and again, each on its own without ever overlapping itself. That it fails, and is over, is said once. */
final class Rounds implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private static final int THREADS = 4;
    private static final long CLOSE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor watch;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Runnable work;

    Rounds() {
        threads = executor(THREADS, "ferrymesh-work-");
        watch = executor(1, "ferrymesh-work-watch-");
    }

    private static ScheduledThreadPoolExecutor executor(int count, String name) {
        AtomicInteger number = new AtomicInteger();
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(count, task -> {
            Thread thread = new Thread(task, name + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** On a thread of its own: it runs whatever the others wait for. */
    void watching(long ms, String trouble, Runnable round) {
        var unused = watch.scheduleWithFixedDelay(told(trouble, round), 0, ms, TimeUnit.MILLISECONDS);
    }

    void every(long ms, String trouble, Runnable round) {
        Runnable told = told(trouble, round);
        var unused = threads.scheduleWithFixedDelay(told, 0, ms, TimeUnit.MILLISECONDS);
    }

    /** The one that {@link #wake} wakes. */
    void working(long ms, String trouble, Runnable round) {
        Object turn = new Object();
        Runnable told = told(trouble, () -> {
            synchronized (turn) {
                woken.set(false);
                round.run();
            }
        });
        work = told;
        var unused = threads.scheduleWithFixedDelay(told, 0, ms, TimeUnit.MILLISECONDS);
    }

    /** Works now, if it works at all. */
    void wake() {
        Runnable now = work;
        if (now != null && !woken.getAndSet(true)) {
            try {
                threads.execute(now);
            } catch (RejectedExecutionException e) {
                LOG.debug("nothing is begun any more", e);
            }
        }
    }

    private static Runnable told(String trouble, Runnable round) {
        AtomicBoolean failing = new AtomicBoolean();
        return () -> {
            try {
                round.run();
                if (failing.getAndSet(false)) {
                    LOG.info("over: {}", trouble);
                }
            } catch (RuntimeException e) {
                if (!failing.getAndSet(true)) {
                    LOG.warn("{}: it is tried again", trouble, e);
                }
            }
        };
    }

    /** Nothing runs any more when this returns, or it has been waited for long enough. */
    @Override
    public void close() {
        threads.shutdown();
        watch.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("what is under way does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
