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
final class Rounds {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private static final int THREADS = 3;
    private static final int ASIDE_THREADS = 4;
    private static final long END_SECONDS = 3;

    private final ScheduledThreadPoolExecutor threads = executor(THREADS, "ferrymesh-work-");
    private final ScheduledThreadPoolExecutor aside = executor(ASIDE_THREADS, "ferrymesh-work-aside-");
    private final ScheduledThreadPoolExecutor vital = executor(2, "ferrymesh-work-vital-");
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Runnable work;
    private volatile boolean ended;

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

    /** One of two with a thread each: they run whatever the others wait for, and until {@link #endVital}. */
    void vital(long ms, String trouble, Runnable round) {
        begin(vital, ms, told(trouble, round));
    }

    void every(long ms, String trouble, Runnable round) {
        begin(threads, ms, told(trouble, round));
    }

    /** What may take long. Nobody waits for it at the end: whoever begins one makes it end soon then. */
    void aside(long ms, String trouble, Runnable round) {
        begin(aside, ms, told(trouble, round));
    }

    /** Once, as soon as a thread is free; not at all when it is over, and a failure is said. */
    void once(Runnable task) {
        try {
            threads.execute(told("something is not written down", task));
        } catch (RejectedExecutionException e) {
            LOG.debug("nothing is begun any more", e);
        }
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
        begin(threads, ms, told);
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

    private static void begin(ScheduledThreadPoolExecutor on, long ms, Runnable told) {
        try {
            var unused = on.scheduleWithFixedDelay(told, 0, ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("nothing is begun any more", e);
        }
    }

    /** An executor never again runs what threw anything, an Error included: nothing may pass. */
    private Runnable told(String trouble, Runnable round) {
        AtomicBoolean failing = new AtomicBoolean();
        return () -> {
            try {
                round.run();
                if (failing.getAndSet(false)) {
                    LOG.info("over: {}", trouble);
                }
            } catch (Throwable e) {
                if (ended) {
                    LOG.debug("{} at the end", trouble, e);
                } else if (!failing.getAndSet(true)) {
                    LOG.warn("{}: it is tried again", trouble, e);
                }
            }
        };
    }

    /**
     * Begins nothing any more but what is vital. Whether nothing runs any more of what must have ended; it has been waited for long
     * enough.
     */
    boolean end() {
        ended = true;
        threads.shutdown();
        aside.shutdown();
        try {
            if (threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                return true;
            }
            LOG.warn("what is under way does not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Ends the rest. */
    void endVital() {
        vital.shutdown();
    }
}
