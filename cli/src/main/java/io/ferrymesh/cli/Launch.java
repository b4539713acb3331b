package io.ferrymesh.cli;

import io.vertx.core.Future;
import java.time.Duration;

/** A node on its way, which can be stopped before it is there. */
interface Launch<N extends Node> {

    /** Begins. Once. */
    Future<N> start();

    /** The most it may take to start. */
    Duration longestStart();

    /** What it does just now, for people: "joining the cluster". */
    String stage();

    /** Stops what has been started so far. */
    Future<Void> stop();

    /** The most it may take to stop. */
    Duration longestStop();
}
