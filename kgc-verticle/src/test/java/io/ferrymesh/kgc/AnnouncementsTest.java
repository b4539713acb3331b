package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.RevocationInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationChain;
import io.ferrymesh.scheme.RevocationEntry;
import io.ferrymesh.scheme.RevocationLog;
import io.ferrymesh.scheme.RevocationView.Status;
import io.ferrymesh.scheme.Signature;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the key centre signs of its database, and what a receiver makes of it. */
@OnEachDatabase
class AnnouncementsTest {

    private static final String REASON = TestCentre.REASON;

    private final TestCentre centre;
    private final RevocationLog receiver = new RevocationLog(60);

    AnnouncementsTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
    }

    @AfterEach
    void close() {
        centre.close();
    }

    @Test
    void a_receiver_learns_of_a_revocation_and_of_when_it_is_out_of_date() {
        List<Credential> north = centre.enrolled("north");
        catchUp();
        assertThat(receiver.status(name(north.get(0)), centre.now())).isEqualTo(Status.GOOD);
        revoked(name(north.get(0)));
        assertThat(bulletin().number()).isEqualTo(1);
        catchUp();
        assertThat(receiver.status(name(north.get(0)), centre.now())).isEqualTo(Status.REVOKED);
        assertThat(receiver.status(name(north.get(1)), centre.now())).isEqualTo(Status.GOOD);
        assertThat(receiver.status(name(north.get(1)), centre.now() + 61)).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void all_that_a_revoked_provider_holds_is_revoked_until_it_expires() {
        List<Credential> north = centre.enrolled("north");
        List<Credential> south = centre.enrolled("south");
        assertThat(revoke(name(north.get(0))).revoked()).isEqualTo(1);
        RevocationInfo done = centre.as(Role.REVOCATION).revokeProvider(1, REASON);
        assertThat(done).isEqualTo(new RevocationInfo(2, 1));
        catchUp();
        assertThat(north).allMatch(each -> receiver.status(name(each), centre.now()) == Status.REVOKED);
        assertThat(south).allMatch(each -> receiver.status(name(each), centre.now()) == Status.GOOD);
        assertThat(centre.as(Role.REVOCATION).revokeProvider(1, REASON)).isEqualTo(new RevocationInfo(2, 0));
    }

    @Test
    void the_log_begins_after_what_has_expired() {
        revoked(name(centre.enrolled("north").get(0)));
        Bulletin first = bulletin();
        assertThat(first.base()).isZero();
        centre.clock.advanceSeconds(86_400);
        revoked(Pseudonym.parse("ab".repeat(16)));
        Bulletin second = bulletin();
        assertThat(second.base()).isEqualTo(1);
        assertThat(second.baseHash()).isEqualTo(first.hash());
        catchUp();
        assertThat(receiver.status(Pseudonym.parse("ab".repeat(16)), centre.now()))
                .isEqualTo(Status.REVOKED);
        centre.clock.advanceSeconds(86_401 + Announcements.BASE_MARGIN_SECONDS);
        assertThat(bulletin()).satisfies(third -> {
            assertThat(third.base()).isEqualTo(2);
            assertThat(third.number()).isEqualTo(2);
            assertThat(third.baseHash()).isEqualTo(third.hash());
        });
    }

    @Test
    void a_pseudonym_is_revoked_once_and_an_expired_one_not_at_all() {
        Pseudonym north = name(centre.enrolled("north").get(0));
        assertThat(revoke(north)).isEqualTo(new RevocationInfo(1, 1));
        assertThat(revoke(north)).isEqualTo(new RevocationInfo(1, 0));
        Pseudonym south = name(centre.enrolled("south").get(0));
        centre.clock.advanceSeconds(86_400);
        assertThat(revoke(south)).isEqualTo(new RevocationInfo(1, 0));
        assertThat(centre.actions()).filteredOn("pseudonym.revoked"::equals).hasSize(3);
    }

    @Test
    void the_key_centres_own_pseudonym_is_not_revoked() {
        Digest name = centre.kgc.publicKey().fingerprint();
        byte[] signed = centre.kgc.announcements().refresh().bulletin(name).orElseThrow();
        int end = signed.length - Signature.LENGTH;
        Pseudonym own = Certificate.decode(Arrays.copyOfRange(signed, end - Certificate.LENGTH, end))
                .pseudonym();
        assertThat(centre.keyring.trace().open(own).provider()).isZero();
        int before = centre.audit().size();
        refused(OperationException.Code.INVALID, () -> revoke(own));
        assertThat(centre.audit()).hasSize(before);
        assertThat(bulletin().number()).isZero();
    }

    @Test
    void a_full_log_takes_what_fits_and_says_so() {
        List<Credential> north = centre.enrolled("north");
        RevocationDesk small = small(1);
        refused(OperationException.Code.OVERLOADED, () -> small.provider("operator:ann", 1, REASON));
        assertThat(centre.info(1).revoked()).isTrue();
        assertThat(bulletin().number()).isEqualTo(1);
        refused(
                OperationException.Code.OVERLOADED,
                () -> small.pseudonym("operator:ann", Pseudonym.parse("ab".repeat(16)), REASON));
        assertThat(centre.as(Role.REVOCATION).revokeProvider(1, REASON).revoked())
                .isEqualTo(1);
        catchUp();
        assertThat(north).allMatch(each -> receiver.status(name(each), centre.now()) == Status.REVOKED);
    }

    @Test
    void a_log_is_full_when_a_receiver_would_have_too_much_to_catch_up_with() {
        Pseudonym first = Pseudonym.parse("ab".repeat(16));
        revoked(first);
        revoked(name(centre.enrolled("north").get(0)));
        centre.clock.advanceSeconds(86_400 - Announcements.BASE_MARGIN_SECONDS);
        assertThat(centre.as(Role.ADMIN).status().liveRevocations())
                .as("the one after it has expired")
                .isEqualTo(1);
        RevocationDesk small = small(2);
        Pseudonym next = Pseudonym.parse("cd".repeat(16));
        refused(OperationException.Code.OVERLOADED, () -> small.pseudonym("operator:ann", next, REASON));
        assertThat(small(3).pseudonym("operator:ann", next, REASON).revoked()).isEqualTo(1);
    }

    private RevocationDesk small(int entries) {
        return new RevocationDesk(
                centre.kgc.registry(),
                centre.kgc.announcements(),
                TestCentre.options(),
                centre.runtime(centre.node.meters()),
                entries);
    }

    @Test
    void a_bulletin_vouches_for_the_audit_log_and_is_kept() {
        centre.enrolled("north").forEach(Credential::close);
        byte[] signed = centre.as(Role.AUDIT).auditHead();
        Bulletin bulletin = Bulletin.verify(signed, centre.kgc.publicKey(), centre.now());
        AuditEntry last = centre.lastEntry();
        assertThat(bulletin.auditEntries()).isEqualTo(last.seq());
        assertThat(bulletin.auditHash().hex()).isEqualTo(last.hash());
        byte[] kept = centre.node.database().read(handle -> handle.createQuery(
                        "SELECT bulletin FROM audit_signature WHERE seq = :seq")
                .bind("seq", last.seq())
                .map((row, context) -> row.getBytes("bulletin"))
                .one());
        assertThat(kept).isEqualTo(signed);
        centre.clock.advanceSeconds(1);
        assertThat(centre.as(Role.AUDIT).auditHead()).isNotEqualTo(signed);
        int signatures = centre.node.database().read(handle -> handle.createQuery(
                        "SELECT COUNT(*) FROM audit_signature")
                .mapTo(Integer.class)
                .one());
        assertThat(signatures)
                .as("one an entry that was the last when it was signed")
                .isEqualTo(1);
    }

    @Test
    void announcements_stay_valid_for_days_on_end() {
        for (int hour = 0; hour < 72; hour++) {
            assertThat(bulletin().issued()).isEqualTo(centre.now());
            assertThat(parameters().kgc()).isEqualTo(centre.kgc.publicKey());
            centre.clock.advanceSeconds(3_600);
        }
        assertThat(centre.actions()).filteredOn("announcer.issued"::equals).hasSizeBetween(3, 4);
    }

    @Test
    void the_key_centres_own_certificate_is_entered_like_any_other() {
        assertThat(bulletin().number()).isZero();
        assertThat(centre.audit().get(2)).satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("announcer.issued");
            assertThat(entry.actor()).isEqualTo("centre");
            assertThat(entry.details()).contains("\"count\":1").contains("\"usages\":{\"ANNOUNCEMENT\":1}");
        });
    }

    @Test
    void parameters_say_what_is_granted() {
        KgcParameters parameters = parameters();
        assertThat(parameters.serial()).isEqualTo(1);
        assertThat(parameters.validityStepSeconds()).isEqualTo(3_600);
        assertThat(parameters.maxValiditySeconds()).isEqualTo(86_400);
        assertThat(parameters.hpke()).isEqualTo(centre.epoch().keys().hpke().publicKey());
        assertThat(parameters.successor()).isEmpty();
    }

    @Test
    void the_logs_entries_chain_to_what_is_signed() {
        centre.enrolled("north")
                .forEach(each -> assertThat(revoke(name(each)).revoked()).isEqualTo(1));
        var hash = RevocationChain.START;
        long number = 0;
        for (RevocationEntry entry : page(0, 2)) {
            hash = RevocationChain.next(hash, ++number, entry);
        }
        assertThat(bulletin().hash()).isEqualTo(hash);
        assertThat(page(1, 2)).hasSize(1);
        assertThat(page(0, 1)).isEqualTo(page(0, 2).subList(0, 1));
    }

    private void revoked(Pseudonym pseudonym) {
        assertThat(revoke(pseudonym).revoked()).isEqualTo(1);
    }

    private RevocationInfo revoke(Pseudonym pseudonym) {
        return centre.as(Role.REVOCATION).revokePseudonym(pseudonym, REASON);
    }

    /** What a provider does with a new bulletin. */
    private void catchUp() {
        Bulletin bulletin = bulletin();
        if (receiver.accept(bulletin) == RevocationLog.Accepted.BEHIND) {
            long from = Math.max(receiver.number(), bulletin.base());
            assertThat(receiver.append(from + 1, page(from, bulletin.number()))).isNotNull();
        }
    }

    private List<RevocationEntry> page(long after, long upTo) {
        return centre.node.database().read(handle -> RevocationTable.page(handle, after, upTo, 50_000));
    }

    private Bulletin bulletin() {
        byte[] signed = centre.kgc
                .announcements()
                .refresh()
                .bulletin(centre.kgc.publicKey().fingerprint())
                .orElseThrow();
        return Bulletin.verify(signed, centre.kgc.publicKey(), centre.now());
    }

    private KgcParameters parameters() {
        byte[] signed = centre.kgc
                .announcements()
                .refresh()
                .parameters(centre.kgc.publicKey().fingerprint())
                .orElseThrow();
        return KgcParameters.verify(signed, centre.kgc.publicKey().fingerprint(), centre.now());
    }

    private static Pseudonym name(Credential credential) {
        return credential.certificate().pseudonym();
    }
}
