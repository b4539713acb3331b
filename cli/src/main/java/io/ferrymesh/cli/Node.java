package io.ferrymesh.cli;

import io.vertx.core.Future;
import java.time.Duration;

/** Something that runs until it is stopped. */
interface Node {

    /** The most it may take to stop. */
    default Duration longestStop() {
        return Duration.ofSeconds(15);
    }

    /** Leaves the cluster in order. */
    Future<Void> stop();
}
