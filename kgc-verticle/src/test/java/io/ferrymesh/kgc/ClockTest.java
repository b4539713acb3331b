package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.scheme.Credential;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class ClockTest {

    private final TestCentre centre;

    ClockTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh());
    }

    @AfterEach
    void close() {
        centre.close();
    }

    @Test
    void a_clock_that_was_ahead_leaves_no_base_behind() {
        Credential signer = centre.enrolled("north").get(0);
        var unused =
                centre.as(Role.REVOCATION).revokePseudonym(signer.certificate().pseudonym(), TestCentre.REASON);
        centre.clock.advanceSeconds(200_000);
        var ahead = centre.kgc.announcements().refresh();
        assertThat(centre.kgc.announcements().base()).isEqualTo(1);
        assertThat(ahead.bulletins()).isNotEmpty();
        centre.clock.advanceSeconds(-200_000);
        var back = centre.kgc.announcements().refresh();
        assertThat(back.bulletins()).isNotEmpty();
        assertThat(centre.kgc.announcements().base()).isZero();
    }
}
