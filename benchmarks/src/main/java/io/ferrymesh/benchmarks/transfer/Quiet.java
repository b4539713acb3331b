package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * Waits, if asked to, until nobody else uses the machine's CPU.
 *
 * @param seconds for how long at most; what is measured after that is disturbed, and the report says how much
 */
public record Quiet(long seconds) {

    private static final long LOOK_MS = 2_000;
    /** More than the nodes need to stay members of their cluster. */
    private static final double BUSY_SHARE = 0.2;

    /** Returns when the machine is quiet, or has not been for so long, which is said. */
    public void await(PrintWriter out) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < deadline) {
            double before = Proc.machineSeconds();
            Thread.sleep(LOOK_MS);
            double used = (Proc.machineSeconds() - before) * 1_000 / LOOK_MS;
            if (used / Runtime.getRuntime().availableProcessors() < BUSY_SHARE) {
                return;
            }
        }
        if (seconds > 0) {
            out.println("the machine did not become quiet within " + seconds + " s");
        }
    }
}
