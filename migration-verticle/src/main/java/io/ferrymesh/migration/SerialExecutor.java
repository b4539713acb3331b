package io.ferrymesh.migration;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in order, on a shared pool. After each task, or a few, it goes to the back of the pool's queue, so a
 * busy lane cannot keep the others from running. What a task throws goes to {@code failed}; the tasks after it still run.
 */
final class SerialExecutor implements Executor {

    private final Executor pool;
    private final Consumer<Throwable> failed;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final int atOnce;
    private boolean scheduled;

    /** One task a turn. */
    SerialExecutor(Executor pool, Consumer<Throwable> failed) {
        this(pool, failed, 1);
    }

    /** So many tasks a turn, if there are any. */
    SerialExecutor(Executor pool, Consumer<Throwable> failed, int atOnce) {
        this.pool = pool;
        this.failed = failed;
        this.atOnce = atOnce;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        pool.execute(this::turn);
    }

    private void turn() {
        for (int run = 0; run < atOnce; run++) {
            Runnable task;
            synchronized (tasks) {
                task = tasks.remove();
            }
            try {
                task.run();
            } catch (Throwable t) {
                failed.accept(t);
            }
            synchronized (tasks) {
                if (tasks.isEmpty()) {
                    scheduled = false;
                    return;
                }
            }
        }
        pool.execute(this::turn);
    }
}
