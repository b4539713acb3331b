package io.ferrymesh.cli;

import io.vertx.core.Future;

/** Something that runs until it is stopped. */
interface Node {

    /** Leaves the cluster in order. */
    Future<Void> stop();
}
