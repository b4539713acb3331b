package io.ferrymesh.stores.directory;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that wait for disks, for all stores of the process: a disk is fastest while several of its requests are under way. */
final class SyncThreads {

    /** As many waits at once. */
    private static final int COUNT = 4;

    private static final long IDLE_SECONDS = 10;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ThreadPoolExecutor THREADS = begin();

    private SyncThreads() {}

    /** Runs something soon. What it throws is nobody's to see. */
    static void execute(Runnable wait) {
        THREADS.execute(wait);
    }

    private static ThreadPoolExecutor begin() {
        var threads = new ThreadPoolExecutor(
                COUNT, COUNT, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    var thread = new Thread(task, "ferrymesh-sync-" + NUMBER.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
