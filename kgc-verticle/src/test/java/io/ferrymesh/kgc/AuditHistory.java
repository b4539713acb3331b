package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import java.util.List;
import java.util.OptionalInt;

/** A key centre to which something of everything has happened, with two key epochs. */
final class AuditHistory implements AutoCloseable {

    final TestCentre centre;
    private final Credential signer;
    final Digest first;
    final Digest second;
    /** Signed under the second key epoch once everything had happened. */
    final byte[] bulletin;

    AuditHistory(DatabaseOptions where) {
        centre = new TestCentre(where);
        var admin = centre.kgc.operators().add("ann", Role.ADMIN);
        var gone = centre.kgc.operators().add("bob", Role.TRACE);
        centre.kgc.operators().remove(gone.name());
        assertThat(centre.kgc.operators().authenticate(admin.token()).name()).isEqualTo("ann");
        sign();
        ProviderInfo north = centre.provider("north");
        signer = enrol(north);
        List<Credential> more = centre.refill(signer, 3);
        ProviderInfo east = centre.as(Role.ENROLMENT).createProvider("east", OptionalInt.of(7));
        Credential eastern = enrol(east);
        EnrolmentToken waiting = centre.token(east.number());
        waiting.close();
        sign();
        later();
        assertThat(centre.as(Role.ENROLMENT)
                        .setQuota(north.number(), OptionalInt.of(9))
                        .quota())
                .hasValue(9);
        assertThat(centre.as(Role.REVOCATION)
                        .revokePseudonym(more.get(0).certificate().pseudonym(), TestCentre.REASON)
                        .revoked())
                .isEqualTo(1);
        sign();
        later();
        ProviderInfo west = centre.provider("west");
        Credential western = enrol(west);
        assertThat(centre.as(Role.ADMIN).rotate(60).number()).isEqualTo(2);
        sign();
        later();
        List<Credential> newer = refill();
        assertThat(centre.as(Role.REVOCATION)
                        .revokeProvider(west.number(), TestCentre.REASON)
                        .revoked())
                .isEqualTo(3);
        assertThat(centre.as(Role.TRACE)
                        .trace(western.certificate().pseudonym(), TestCentre.REASON)
                        .provider())
                .isPresent();
        for (List<Credential> each : List.of(more, newer, List.of(eastern, western))) {
            each.forEach(Credential::close);
        }
        first = centre.epoch(1).key().fingerprint();
        second = centre.epoch(2).key().fingerprint();
        sign();
        bulletin = centre.kgc.announcements().signed().bulletin(second).orElseThrow();
    }

    /** The first provider gets two more certificates under the second key epoch. */
    List<Credential> refill() {
        return centre.accept(
                IssuanceClient.renew(centre.order(centre.epoch(2), centre.validity(), 1, 1), signer, centre.random));
    }

    private Credential enrol(ProviderInfo provider) {
        try (EnrolmentToken token = centre.token(provider.number())) {
            List<Credential> credentials = centre.enrol(token, 1, 2);
            credentials.subList(1, credentials.size()).forEach(Credential::close);
            return credentials.get(0);
        }
    }

    private void sign() {
        var unused = centre.kgc.announcements().refresh();
    }

    private void later() {
        centre.clock.advanceSeconds(100);
    }

    /** Closes the database, but not the keys. */
    void closeNodes() {
        centre.node.close();
    }

    @Override
    public void close() {
        signer.close();
        centre.close();
    }
}
