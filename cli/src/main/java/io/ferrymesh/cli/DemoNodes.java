package io.ferrymesh.cli;

import java.net.URI;

/** A key generation centre and two providers, ready to be used. Closing stops all three. */
interface DemoNodes extends AutoCloseable {

    URI source();

    URI destination();

    @Override
    void close();
}
