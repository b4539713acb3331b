package io.ferrymesh.migration;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which lanes of all migrations read, hash, seal and write, shared fairly between users and between the
 * migrations of one. At most one task a lane waits, because lanes come through {@link SerialExecutor}.
 */
final class Workers implements Pool {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final FairQueue queue = new FairQueue();
    private final ThreadPoolExecutor threads;

    Workers(int count) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(count, count, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "ferrymesh-lane-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Share share(String owner) {
        return new QueuedShare(queue.share(owner));
    }

    @Override
    public int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    /** One thread's turn, for whichever task is next by then: as many turns are asked for as there are tasks. */
    private void turn() {
        queue.poll().ifPresent(turn -> {
            long began = System.nanoTime();
            try {
                turn.task().run();
            } finally {
                queue.charge(turn, System.nanoTime() - began);
            }
        });
    }

    /** One migration's way in. */
    private final class QueuedShare implements Share {

        private final FairQueue.Share share;

        QueuedShare(FairQueue.Share share) {
            this.share = share;
        }

        @Override
        public void execute(Runnable task) {
            queue.add(share, task);
            try {
                threads.execute(Workers.this::turn);
            } catch (RejectedExecutionException e) {
                LOG.debug("a lane's task comes after the workers have stopped", e);
            }
        }

        @Override
        public void close() {
            share.close();
        }
    }
}
