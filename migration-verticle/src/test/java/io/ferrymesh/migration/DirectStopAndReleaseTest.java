package io.ferrymesh.migration;

import org.junit.jupiter.api.BeforeEach;

/** The suite of runs that are stopped and released, with lanes on direct connections. */
class DirectStopAndReleaseTest extends StopAndReleaseTest {

    @BeforeEach
    void direct() {
        fixture.network.direct = true;
    }
}
