package io.ferrymesh.provider.work;

import java.util.concurrent.TimeUnit;

/** How much time passes: it says nothing of what time it is, and nobody sets it. */
interface Ticker {

    /** This machine's. */
    Ticker SYSTEM = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

    /** Milliseconds since some moment; only differences mean anything. */
    long millis();
}
