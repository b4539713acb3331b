package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.Issued;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody with an epoch's master key, and nothing else of the key centre's, can do. */
@OnEachDatabase
class StolenKeyTest {

    private final TestCentre centre;

    StolenKeyTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh());
    }

    @AfterEach
    void close() {
        centre.close();
    }

    @Test
    void a_certificate_forged_for_a_pseudonym_that_was_issued_renews_nothing() {
        Credential signer = centre.enrolled("north").get(0);
        var unused = centre.as(Role.ADMIN).rotate(0);
        try (Credential forged = forged(signer.certificate().pseudonym())) {
            var order = centre.order(centre.epoch(2), centre.validity(), 0, 1);
            refused(ErrorCode.NOT_ENROLLED, () -> centre.accept(IssuanceClient.renew(order, forged, centre.random)));
            assertThat(centre.accept(IssuanceClient.renew(order, signer, centre.random)))
                    .hasSize(1);
        }
    }

    private Credential forged(Pseudonym pseudonym) {
        var validity = centre.validity();
        var kgc = centre.epoch().key();
        var info = new CertificateInfo(Usage.SIGNING, kgc.tag(), pseudonym, validity.notBefore(), validity.notAfter());
        try (var request = KeyRequest.random(centre.random)) {
            Issued issued = Issuer.issue(centre.epoch().keys().master(), info, request.publicPart(), 0, centre.random);
            return request.accept(kgc, 0, new KeyRequest.Wanted(Usage.SIGNING, validity), issued)
                    .orElseThrow();
        }
    }
}
