package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.CommitmentProof;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.ReceiptTraceInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.operator.TraceInfo;
import io.ferrymesh.kgc.operator.TraceInfo.TracedProvider;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationEntry;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is behind a pseudonym: what the trace tells, what a stolen database does not, and what can be proved. */
@OnEachDatabase
class TraceTest {

    private static final String REASON = "court order 7 of 2026";

    private final TestCentre centre;
    private final List<Credential> north;
    private final List<Credential> south;

    TraceTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
        this.north = centre.enrolled("north");
        this.south = centre.enrolled("south");
    }

    @AfterEach
    void close() {
        centre.close();
    }

    @Test
    void a_pseudonym_traces_to_its_provider_and_to_nobody_else() {
        assertThat(trace(north.get(0)).provider()).contains(new TracedProvider(1, "north", "SIGNING"));
        assertThat(trace(south.get(1)).provider()).contains(new TracedProvider(2, "south", "KEY_AGREEMENT"));
        TraceInfo nobody = centre.as(Role.TRACE).trace(Pseudonym.parse("ab".repeat(16)), REASON);
        assertThat(nobody.provider()).isEmpty();
        assertThat(nobody.auditEntry()).isEqualTo(centre.lastEntry().seq());
    }

    @Test
    void a_pseudonym_that_was_never_issued_traces_to_nobody_even_if_it_opens_to_a_provider() {
        Pseudonym invented = centre.keyring.trace().seal(1, 1L << 62);
        assertThat(centre.as(Role.TRACE).trace(invented, REASON).provider()).isEmpty();
    }

    @Test
    void a_trace_is_in_the_audit_log_and_its_answer_is_not() {
        TraceInfo traced = trace(north.get(1));
        AuditEntry entry = centre.lastEntry();
        assertThat(entry.seq()).isEqualTo(traced.auditEntry());
        assertThat(entry.action()).isEqualTo("trace.pseudonym");
        assertThat(entry.details())
                .isEqualTo("{\"pseudonym\":\"" + name(north.get(1)) + "\",\"reason\":\"" + REASON + "\"}");
    }

    @Test
    void a_trace_without_a_reason_is_refused() {
        int before = centre.audit().size();
        refused(Code.INVALID, () -> centre.as(Role.TRACE).trace(name(north.get(0)), "          "));
        refused(Code.INVALID, () -> centre.as(Role.TRACE).traceReceipt(receipt(north, south), ""));
        assertThat(centre.audit()).hasSize(before);
    }

    @Test
    void nothing_is_looked_up_when_the_entry_cannot_be_written() {
        WatchedDatabase watched = new WatchedDatabase(centre.node.database());
        KgcRuntime runtime = centre.runtime(centre.node.meters());
        try (Kgc kgc = Kgc.openLocally(centre.keyring, watched, Backups.none(), runtime)) {
            int reads = watched.reads();
            watched.failTransactions();
            refused(Code.UNAVAILABLE, () -> kgc.operations(new Operator("ann", Role.TRACE))
                    .trace(name(north.get(0)), REASON));
            assertThat(watched.reads()).isEqualTo(reads);
        }
    }

    @Test
    void a_receipt_traces_to_both_sides_and_says_whether_they_are_who_they_seem() {
        ReceiptTraceInfo info = centre.as(Role.TRACE).traceReceipt(receipt(north, south), REASON);
        assertThat(info.source().handshake()).contains(new TracedProvider(1, "north", "KEY_AGREEMENT"));
        assertThat(info.source().signature()).contains(new TracedProvider(1, "north", "SIGNING"));
        assertThat(info.destination().handshake()).contains(new TracedProvider(2, "south", "KEY_AGREEMENT"));
        assertThat(info.destination().signature()).contains(new TracedProvider(2, "south", "SIGNING"));
        assertThat(info.consistent()).isTrue();
        assertThat(centre.lastEntry().action()).isEqualTo("trace.receipt");
        assertThat(centre.lastEntry().seq()).isEqualTo(info.auditEntry());
    }

    @Test
    void a_receipt_whose_sides_do_not_belong_together_is_told() {
        List<Credential> mixed = List.of(south.get(0), north.get(1));
        List<Credential> other = centre.enrolled("east");
        assertThat(centre.as(Role.TRACE)
                        .traceReceipt(receipt(mixed, other), REASON)
                        .consistent())
                .isFalse();
    }

    @Test
    void a_receipt_is_verified_under_any_key_epoch_there_ever_was() {
        byte[] receipt = receipt(north, south);
        assertThat(centre.as(Role.ADMIN).rotate(0).number()).isEqualTo(2);
        centre.clock.advanceSeconds(10 * 86_400);
        assertThat(centre.as(Role.TRACE).traceReceipt(receipt, REASON).consistent())
                .isTrue();
    }

    @Test
    void a_receipt_that_does_not_verify_is_not_traced() {
        int before = centre.audit().size();
        byte[] changed = receipt(north, south);
        changed[changed.length - 1] ^= 1;
        refused(Code.INVALID, () -> centre.as(Role.TRACE).traceReceipt(changed, REASON));
        refused(Code.INVALID, () -> centre.as(Role.TRACE).traceReceipt(new byte[405], REASON));
        refused(Code.INVALID, () -> centre.as(Role.TRACE).traceReceipt(new byte[0], REASON));
        assertThat(centre.audit()).hasSize(before);
    }

    @Test
    void a_certificate_is_proved_to_be_in_the_audit_log() {
        Certificate certificate = north.get(1).certificate();
        CommitmentProof.Found found =
                centre.as(Role.AUDIT).certificate(certificate).found().orElseThrow();
        byte[] salt = HexFormat.of().parseHex(found.salt());
        assertThat(found.commitments().get(found.index()))
                .isEqualTo(Digest.sha256(salt, certificate.encoded()).hex());
        byte[][] joined =
                found.commitments().stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new);
        AuditEntry entry =
                centre.as(Role.AUDIT).audit(found.auditEntry() - 1, 1).get(0);
        assertThat(entry.action()).isEqualTo("certificates.issued");
        assertThat(entry.details()).contains("\"root\":\"" + Digest.sha256(joined) + "\"");
    }

    @Test
    void a_certificate_that_was_not_issued_is_not_proved() {
        byte[] changed = north.get(1).certificate().encoded();
        changed[29] ^= 1;
        CommitmentProof proof = centre.as(Role.AUDIT).certificate(Certificate.decode(changed));
        assertThat(proof.issued()).isFalse();
        assertThat(proof.found()).isEmpty();
    }

    @Test
    void that_a_proof_was_asked_for_is_in_the_audit_log_before_the_answer() {
        Certificate certificate = north.get(1).certificate();
        assertThat(centre.as(Role.AUDIT).certificate(certificate).issued()).isTrue();
        assertThat(centre.lastEntry()).satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("certificate.proved");
            assertThat(entry.details()).isEqualTo("{\"pseudonym\":\"" + certificate.pseudonym() + "\"}");
        });
        WatchedDatabase watched = new WatchedDatabase(centre.node.database());
        try (Kgc kgc = Kgc.openLocally(centre.keyring, watched, Backups.none(), centre.runtime(centre.node.meters()))) {
            int reads = watched.reads();
            watched.failTransactions();
            refused(Code.UNAVAILABLE, () -> kgc.operations(new Operator("ann", Role.AUDIT))
                    .certificate(certificate));
            assertThat(watched.reads()).isEqualTo(reads);
        }
    }

    @Test
    void the_entry_that_revokes_a_provider_does_not_name_it_and_its_pseudonyms_are_in_no_order() {
        List<Credential> many = new ArrayList<>(north);
        many.addAll(centre.refill(north.get(0), 8));
        assertThat(centre.as(Role.REVOCATION).revokeProvider(1, REASON).revoked())
                .isEqualTo(10);
        assertThat(centre.audit())
                .filteredOn(entry -> entry.action().equals("provider.revoked"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.details())
                        .doesNotContain("\"provider\"")
                        .contains("\"holder\":\"" + centre.keyring.holder(entry.seq(), 1) + "\"")
                        .contains("\"number\":10"));
        List<Pseudonym> logged = centre.node.database().read(handle -> RevocationTable.page(handle, 0, 10, 10)).stream()
                .map(RevocationEntry::pseudonym)
                .toList();
        List<Pseudonym> issued = many.stream().map(TraceTest::name).toList();
        assertThat(logged).containsExactlyInAnyOrderElementsOf(issued);
        assertThat(logged.stream()
                        .map(each -> centre.keyring.trace().open(each).serial())
                        .toList())
                .as("in order once in 3.6 million runs")
                .isNotEqualTo(logged.stream()
                        .map(each -> centre.keyring.trace().open(each).serial())
                        .sorted()
                        .toList());
        List<String> columns = centre.node.database().read(handle -> columns(handle, "revocation"));
        assertThat(columns).doesNotContain("audit_seq");
    }

    @Test
    void the_audit_log_and_a_proof_together_do_not_say_to_whom() {
        CommitmentProof.Found found = centre.as(Role.AUDIT)
                .certificate(north.get(1).certificate())
                .found()
                .orElseThrow();
        List<AuditEntry> entries = centre.audit();
        AuditEntry issued = entries.get((int) found.auditEntry() - 1);
        AuditEntry enrolled = entries.get((int) found.auditEntry() - 2);
        assertThat(List.of(issued, enrolled)).allSatisfy(entry -> {
            assertThat(entry.actor()).isEqualTo("provider");
            assertThat(entry.details()).doesNotContain("north").doesNotContain("\"provider\"");
        });
        assertThat(entries.stream()
                        .map(AuditEntry::details)
                        .filter(details -> details.contains("holder"))
                        .map(details -> details.replaceAll(".*\"holder\":\"([0-9a-f]*)\".*", "$1")))
                .as("two tokens, two enrolments, two issuances")
                .hasSize(6)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_stolen_database_holds_no_pseudonym_of_who_was_not_revoked_or_traced() {
        assertThat(trace(south.get(1)).provider()).isPresent();
        assertThat(centre.as(Role.REVOCATION)
                        .revokePseudonym(name(south.get(0)), REASON)
                        .revoked())
                .isEqualTo(1);
        String everything = dump();
        assertThat(everything)
                .contains(name(south.get(0)).hex())
                .contains(name(south.get(1)).hex());
        for (Credential each : north) {
            String certificate = HexFormat.of().formatHex(each.certificate().encoded());
            assertThat(everything)
                    .doesNotContain(name(each).hex())
                    .doesNotContain(certificate)
                    .doesNotContain(Digest.sha256(each.certificate().encoded()).hex());
        }
    }

    @Test
    void no_row_of_a_stolen_database_has_a_pseudonym_beside_a_provider() {
        Pseudonym pseudonym = name(south.get(0));
        assertThat(centre.as(Role.REVOCATION).revokePseudonym(pseudonym, REASON).revoked())
                .isEqualTo(1);
        assertThat(trace(south.get(0)).provider()).isPresent();
        List<String> columns = centre.node.database().read(handle -> columns(handle, "revocation"));
        assertThat(columns).doesNotContain("provider");
        assertThat(centre.audit())
                .filteredOn(entry -> entry.details().contains(pseudonym.hex()))
                .hasSize(2)
                .allSatisfy(entry ->
                        assertThat(entry.details()).doesNotContain("provider").doesNotContain("south"));
    }

    @Test
    void nothing_secret_is_in_the_database() {
        assertThat(centre.as(Role.ADMIN).rotate(10).number()).isEqualTo(2);
        String everything = dump();
        centre.keyring.epochs().forEach(epoch -> assertThat(everything)
                .doesNotContain(HexFormat.of().formatHex(epoch.master().copy()))
                .doesNotContain(HexFormat.of().formatHex(epoch.hpke().copy())));
        assertThat(everything)
                .doesNotContain(HexFormat.of().formatHex(centre.keyring.trace().copy()));
    }

    private TraceInfo trace(Credential credential) {
        return centre.as(Role.TRACE).trace(name(credential), REASON);
    }

    private static Pseudonym name(Credential credential) {
        return credential.certificate().pseudonym();
    }

    /** Signed by two providers, each of which has a credential for signing and one for key agreement. */
    private byte[] receipt(List<Credential> source, List<Credential> destination) {
        return TestReceipts.signed(source, destination, centre.now(), centre.random);
    }

    /** Every value of every row of every table, bytes in hex. */
    private String dump() {
        return centre.node.database().read(handle -> {
            StringBuilder out = new StringBuilder();
            for (String table : List.of(
                    "centre",
                    "head",
                    "setting",
                    "key_epoch",
                    "operator",
                    "provider",
                    "enrolment_token",
                    "certificate",
                    "revocation",
                    "issuance",
                    "audit",
                    "audit_signature")) {
                handle.createQuery("SELECT * FROM " + table).mapToMap().forEach(row -> row.values()
                        .forEach(value -> out.append(text(value)).append('\n')));
            }
            return out.toString();
        });
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }

    private static List<String> columns(Handle handle, String table) {
        List<String> names = new ArrayList<>();
        handle.createQuery("SELECT * FROM " + table)
                .mapToMap()
                .findFirst()
                .orElseThrow()
                .keySet()
                .forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }
}
