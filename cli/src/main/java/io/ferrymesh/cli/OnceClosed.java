package io.ferrymesh.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Nodes that are stopped once: at the end, or when the user interrupts, so that nothing half-written stays behind. Whoever
 * comes second does not wait.
 */
record OnceClosed(DemoNodes nodes, AtomicBoolean closed) implements AutoCloseable {

    /** Stops these nodes when the JVM is told to end, unless they were closed before. */
    static OnceClosed of(DemoNodes nodes) {
        OnceClosed once = new OnceClosed(nodes, new AtomicBoolean());
        Runtime.getRuntime().addShutdownHook(new Thread(once::close, "ferrymesh-interrupted"));
        return once;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            nodes.close();
        }
    }
}
