package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.ReceiptTraceInfo;
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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody with an epoch's master key, and nothing else of the key centre's, can do. */
@OnEachDatabase
class StolenKeyTest {

    private final TestCentre centre;

    StolenKeyTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
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

    @Test
    void a_receipt_forged_under_a_retired_key_and_dated_back_accuses_nobody() {
        List<Credential> north = centre.enrolled("north");
        List<Credential> south = centre.enrolled("south");
        var unused = centre.as(Role.ADMIN).rotate(0);
        centre.clock.advanceSeconds(30 * 86_400L);
        long then = north.get(0).certificate().info().notBefore();
        try (Credential source = forged(north.get(0).certificate().pseudonym(), then);
                Credential destination = forged(south.get(0).certificate().pseudonym(), then)) {
            ReceiptTraceInfo both = trace(TestReceipts.signed(
                    List.of(source, north.get(1)), List.of(destination, south.get(1)), then, centre.random));
            assertThat(both.consistent()).isFalse();
            assertThat(both.source().signature()).isEmpty();
            assertThat(both.destination().signature()).isEmpty();
            ReceiptTraceInfo one =
                    trace(TestReceipts.signed(List.of(source, north.get(1)), south, then, centre.random));
            assertThat(one.consistent()).isFalse();
            assertThat(one.source().signature()).isEmpty();
            assertThat(one.destination().signature()).isPresent();
            assertThat(trace(TestReceipts.signed(north, south, then, centre.random))
                            .consistent())
                    .isTrue();
        }
    }

    @Test
    void a_signing_pseudonym_is_no_side_of_a_handshake() {
        List<Credential> north = centre.enrolled("north");
        List<Credential> south = centre.enrolled("south");
        ReceiptTraceInfo info =
                trace(TestReceipts.signed(List.of(north.get(0), north.get(0)), south, centre.now(), centre.random));
        assertThat(info.source().handshake()).isEmpty();
        assertThat(info.consistent()).isFalse();
    }

    private ReceiptTraceInfo trace(byte[] receipt) {
        return centre.as(Role.TRACE).traceReceipt(receipt, TestCentre.REASON);
    }

    private Credential forged(Pseudonym pseudonym) {
        return forged(pseudonym, centre.now());
    }

    /** Under the first key, in steps of an hour from then on. */
    private Credential forged(Pseudonym pseudonym, long from) {
        var validity =
                centre.kgc.announcements().parameters(centre.epoch(), from).align(from, 3_600);
        var kgc = centre.epoch().key();
        var info = new CertificateInfo(Usage.SIGNING, kgc.tag(), pseudonym, validity.notBefore(), validity.notAfter());
        try (var request = KeyRequest.random(centre.random)) {
            Issued issued = Issuer.issue(centre.epoch().keys().master(), info, request.publicPart(), 0, centre.random);
            return request.accept(kgc, 0, new KeyRequest.Wanted(Usage.SIGNING, validity), issued)
                    .orElseThrow();
        }
    }
}
