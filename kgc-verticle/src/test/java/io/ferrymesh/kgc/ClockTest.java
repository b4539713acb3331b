package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class ClockTest {

    private final TestCentre centre;

    ClockTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
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
        assertThat(base(ahead)).isEqualTo(1);
        assertThat(ahead.bulletins()).isNotEmpty();
        centre.clock.advanceSeconds(-200_000);
        var back = centre.kgc.announcements().refresh();
        assertThat(back.bulletins()).isNotEmpty();
        assertThat(base(back)).isZero();
    }

    @Test
    void an_entry_is_announced_for_as_long_as_any_clock_may_take_its_certificate() {
        Certificate revoked = centre.enrolled("north").get(0).certificate();
        var unused = centre.as(Role.REVOCATION).revokePseudonym(revoked.pseudonym(), TestCentre.REASON);
        long expires = revoked.info().notAfter();
        centre.clock.advanceSeconds(expires + Announcements.BASE_MARGIN_SECONDS - centre.now());
        assertThat(base(centre.kgc.announcements().refresh())).isZero();
        centre.clock.advanceSeconds(1);
        assertThat(base(centre.kgc.announcements().refresh())).isEqualTo(1);
    }

    private long base(Announcements.Signed signed) {
        byte[] bulletin = signed.bulletin(centre.kgc.publicKey().fingerprint()).orElseThrow();
        return Bulletin.verify(bulletin, centre.kgc.publicKey(), centre.now()).base();
    }
}
