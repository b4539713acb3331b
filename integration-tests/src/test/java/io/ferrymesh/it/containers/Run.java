package io.ferrymesh.it.containers;

import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;

/** A command of the program in a container of its own. */
record Run(GenericContainer<?> container) {

    private static final long GENEROUS_S = 120;

    /** Waits for its end and returns its exit status. */
    int status() {
        return Containers.docker()
                .waitContainerCmd(container.getContainerId())
                .start()
                .awaitStatusCode(GENEROUS_S, TimeUnit.SECONDS);
    }

    /** What it has printed so far. */
    String output() {
        return container.getLogs();
    }

    /** Waits for its end, which must be a good one, and returns what it printed. */
    String succeeded() {
        int status = status();
        if (status != 0) {
            throw new IllegalStateException("exit status " + status + ": " + output());
        }
        return output();
    }
}
