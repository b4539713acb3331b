package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The suite of migrations with lanes on direct connections. */
class DirectMigrationTest extends MigrationTest {

    @BeforeEach
    void direct() {
        fixture.network.direct = true;
    }

    @AfterEach
    void no_lane_took_the_bus() {
        assertThat(fixture.network.overBus.get()).isZero();
    }
}
