package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.audit.AuditChain;
import io.ferrymesh.kgc.audit.AuditFinding;
import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.audit.AuditNdjson;
import io.ferrymesh.kgc.audit.AuditReport;
import io.ferrymesh.kgc.audit.AuditVerifier;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One registry with something of everything, tampered with in every way one by one. */
class AuditVerifierTest {

    @TempDir
    static Path directory;

    private static AuditHistory history;
    private static List<AuditEntry> log;
    private static int copies;

    @BeforeAll
    static void write_a_history() {
        history = new AuditHistory(new DatabaseOptions.Sqlite(directory.resolve("registry.db")));
        log = history.centre.audit();
        history.closeNodes();
    }

    @AfterAll
    static void close() {
        if (history != null) {
            history.close();
        }
    }

    @Test
    void an_untouched_registry_is_sound_under_either_key() {
        for (Digest pin : List.of(history.first, history.second)) {
            AuditReport report = verify(directory.resolve("registry.db"), pin, List.of(history.bulletin));
            assertThat(report.findings()).isEmpty();
            assertThat(report.sound()).isTrue();
            assertThat(report.entries()).isEqualTo(log.size());
            assertThat(report.last()).isEqualTo(log.get(log.size() - 1).hash());
            assertThat(report.vouched().orElseThrow().entry()).isEqualTo(log.size());
            assertThat(report.signatures()).isGreaterThan(4);
        }
    }

    @Test
    void an_untouched_export_is_sound_as_far_as_a_bulletin_reaches() throws IOException {
        AuditReport report = verifyExport(log, List.of(history.bulletin));
        assertThat(report.findings()).isEmpty();
        assertThat(report.vouched().orElseThrow().entry()).isEqualTo(log.size());
        AuditReport unlinked = new AuditVerifier(history.first, List.of(history.bulletin), Optional.empty())
                .exported(new BufferedReader(new StringReader(lines(log))));
        assertThat(kinds(unlinked))
                .as("nothing here leads from the first key to the second")
                .containsExactly(Kind.BAD_SIGNATURE);
        AuditReport unsigned = verifyExport(log, List.of());
        assertThat(unsigned.findings()).isEmpty();
        assertThat(unsigned.sound()).isFalse();
    }

    @Test
    void how_far_signatures_reach_is_told() throws Exception {
        Path copy = tampered("DELETE FROM audit_signature WHERE seq > (SELECT MIN(seq) FROM audit_signature)");
        AuditReport report = verify(copy, history.first, List.of());
        assertThat(report.findings()).isEmpty();
        assertThat(report.vouched().orElseThrow().entry()).isLessThan(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the log
                "UPDATE audit SET details = replace(details, 'north', 'south') WHERE action = 'provider.created'|CHANGED",
                "UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 4|CHANGED",
                "UPDATE audit SET actor = 'operator:eve' WHERE seq = 4|CHANGED",
                "UPDATE audit SET previous = zeroblob(32) WHERE seq = 4|UNLINKED",
                "UPDATE audit SET details = '{\"a\": 1}' WHERE seq = 4|UNREADABLE",
                "UPDATE audit SET details = '{\"a\":null}' WHERE seq = 4|UNREADABLE",
                "DELETE FROM audit WHERE seq = 1|MISSING",
                "DELETE FROM audit WHERE seq = 7|MISSING",
                "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)|CUT_OFF",
                "UPDATE audit SET seq = 5000 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6;"
                        + "UPDATE audit SET seq = 6 WHERE seq = 5000|UNLINKED",
                // what was signed
                "UPDATE audit_signature SET bulletin = (SELECT bulletin FROM audit_signature ORDER BY seq LIMIT 1)|SIGNED_OTHERWISE",
                "UPDATE audit_signature SET bulletin = zeroblob(length(bulletin))|BAD_SIGNATURE",
                "UPDATE audit_signature SET bulletin = zeroblob(5)|BAD_SIGNATURE",
                "DELETE FROM audit_signature WHERE key_epoch = 2; UPDATE audit_signature SET key_epoch = 2|BAD_SIGNATURE",
                // certificates
                "UPDATE certificate SET provider = 2 WHERE serial = (SELECT MIN(serial) FROM certificate WHERE provider = 1)|CERTIFICATES",
                "UPDATE certificate SET usage = 3 - usage WHERE usage < 3|CERTIFICATES",
                "UPDATE certificate SET not_after = not_after + 3600 WHERE provider = 1|CERTIFICATES",
                "UPDATE certificate SET not_before = 0 WHERE provider = 0|CERTIFICATES",
                "UPDATE certificate SET key_epoch = 2 WHERE provider = 1|CERTIFICATES",
                "UPDATE certificate SET commitment = zeroblob(32) WHERE serial = (SELECT MAX(serial) FROM certificate)|CERTIFICATES",
                "UPDATE certificate SET commitment = zeroblob(5) WHERE serial = (SELECT MAX(serial) FROM certificate)|CERTIFICATES",
                "UPDATE certificate SET audit_seq = 2 WHERE provider = 1|CERTIFICATES",
                "UPDATE certificate SET audit_seq = 1000 WHERE provider = 1|CERTIFICATES",
                "DELETE FROM certificate WHERE serial = (SELECT MIN(serial) FROM certificate WHERE provider = 1)|CERTIFICATES",
                "DELETE FROM certificate WHERE provider = 1|CERTIFICATES",
                "INSERT INTO certificate SELECT serial + 1000, provider, usage, key_epoch, not_before, not_after, commitment,"
                        + " audit_seq FROM certificate WHERE provider = 1 LIMIT 1|CERTIFICATES",
                "UPDATE certificate SET provider = 9 WHERE provider = 1|CERTIFICATES",
                // revocations
                "UPDATE revocation SET pseudonym = zeroblob(16) WHERE number = 1|REVOCATIONS",
                "UPDATE revocation SET pseudonym = zeroblob(7) WHERE number = 1|REVOCATIONS",
                "UPDATE revocation SET until = until + 1 WHERE number = 2|REVOCATIONS",
                "UPDATE revocation SET revoked_at = revoked_at + 1 WHERE number = 2|REVOCATIONS",
                "UPDATE revocation SET number = number + 1 WHERE number = (SELECT MAX(number) FROM revocation)|REVOCATIONS",
                "DELETE FROM revocation WHERE number = 1|REVOCATIONS",
                "DELETE FROM revocation WHERE number = (SELECT MAX(number) FROM revocation)|REVOCATIONS",
                "INSERT INTO revocation SELECT number + 100, zeroblob(16), until, hash, revoked_at FROM revocation"
                        + " WHERE number = 1|REVOCATIONS",
                // providers
                "UPDATE provider SET name = 'wild' WHERE number = 1|PROVIDERS",
                "UPDATE provider SET quota = 100000 WHERE number = 1|PROVIDERS",
                "UPDATE provider SET quota = NULL WHERE quota IS NOT NULL|PROVIDERS",
                "UPDATE provider SET state = 'ACTIVE'|PROVIDERS",
                "UPDATE provider SET state = 'REVOKED'|PROVIDERS",
                "UPDATE provider SET created_at = 1|PROVIDERS",
                "UPDATE provider SET used = 0|PROVIDERS",
                "DELETE FROM provider WHERE number = 2|PROVIDERS",
                "INSERT INTO provider VALUES (77, 'eve', 'ACTIVE', NULL, 0, 0, 0)|PROVIDERS",
                // tokens
                "UPDATE enrolment_token SET expires_at = expires_at + 1 WHERE spent_at IS NULL|TOKENS",
                "UPDATE enrolment_token SET created_at = 1 WHERE spent_at IS NULL|TOKENS",
                "UPDATE enrolment_token SET spent_at = created_at WHERE spent_at IS NULL|TOKENS",
                "UPDATE enrolment_token SET spent_at = NULL|TOKENS",
                "DELETE FROM enrolment_token WHERE spent_at IS NULL|TOKENS",
                "INSERT INTO enrolment_token VALUES (zeroblob(32), 1, 1, 4000000000, zeroblob(32), NULL)|TOKENS",
                // key epochs and whose registry it is
                "UPDATE key_epoch SET public_key = zeroblob(33) WHERE number = 2|KEYS",
                "UPDATE key_epoch SET active_from = 1 WHERE number = 2|KEYS",
                "UPDATE key_epoch SET retires_at = NULL WHERE number = 1|KEYS",
                "UPDATE key_epoch SET announced_at = 1 WHERE number = 1|KEYS",
                "DELETE FROM key_epoch WHERE number = 2|KEYS",
                "INSERT INTO key_epoch VALUES (3, zeroblob(33), zeroblob(65), 1, 1, NULL, NULL)|KEYS",
                "UPDATE centre SET fingerprint = zeroblob(32)|KEYS",
                // operators and settings
                "UPDATE operator SET role = 'TRACE'|OPERATORS",
                "UPDATE operator SET created_at = 1|OPERATORS",
                "UPDATE operator SET added = added + 1|OPERATORS",
                "DELETE FROM operator|OPERATORS",
                "INSERT INTO operator VALUES ('eve', 'TRACE', zeroblob(32), zeroblob(32), 1, 1)|OPERATORS",
                "UPDATE setting SET value = value + 1 WHERE name = 'certificatesPerEpoch'|OPERATORS",
                // counters
                "UPDATE head SET number = number + 1 WHERE name = 'audit'|CUT_OFF",
                "UPDATE head SET number = number - 1 WHERE name = 'audit'|HEADS",
                "UPDATE head SET hash = zeroblob(32) WHERE name = 'audit'|HEADS",
                "UPDATE head SET number = 0 WHERE name = 'revocation'|REVOCATIONS",
                "UPDATE head SET hash = zeroblob(32) WHERE name = 'revocation'|REVOCATIONS",
                "UPDATE head SET number = 5 WHERE name = 'serial'|HEADS",
                "UPDATE head SET number = 0 WHERE name = 'provider'|HEADS"
            })
    void every_tampering_is_found_and_named(String sql, Kind kind) throws Exception {
        AuditReport report = verify(tampered(sql), history.first, List.of());
        assertThat(report.sound()).isFalse();
        assertThat(report.findings()).extracting(AuditFinding::kind).contains(kind);
    }

    @Test
    void a_finding_names_its_entry() throws Exception {
        AuditReport changed = verify(tampered("UPDATE audit SET actor = 'x' WHERE seq = 6"), history.first, List.of());
        assertThat(changed.findings())
                .singleElement()
                .hasToString("entry 6: CHANGED, its content does not have the hash it was written with");
        AuditReport removed = verify(tampered("DELETE FROM audit WHERE seq IN (6, 7)"), history.first, List.of());
        assertThat(removed.findings()).first().hasToString("entry 8: MISSING, entries 6 to 7 are not there");
    }

    @Test
    void a_log_chained_anew_is_found_by_what_was_signed() throws Exception {
        Path copy = tampered("UPDATE audit SET details = replace(details, 'north', 'south')");
        chainAnew(copy);
        AuditReport report = verify(copy, history.first, List.of());
        assertThat(report.findings())
                .extracting(AuditFinding::kind)
                .contains(Kind.SIGNED_OTHERWISE)
                .doesNotContain(Kind.CHANGED, Kind.UNLINKED);
        assertThat(report.vouched().map(AuditReport.Vouched::entry).orElse(0L)).isLessThan(log.size());
    }

    @Test
    void an_end_cut_off_with_its_signatures_is_found_by_a_bulletin_kept_elsewhere() throws Exception {
        int last = log.size() - 1;
        Path copy =
                tampered("DELETE FROM audit_signature WHERE seq > " + last + ";DELETE FROM audit WHERE seq > " + last
                        + ";UPDATE head SET number = " + last
                        + ", hash = (SELECT hash FROM audit WHERE seq = " + last + ") WHERE name = 'audit'");
        assertThat(verify(copy, history.first, List.of(history.bulletin)).findings())
                .extracting(AuditFinding::kind)
                .contains(Kind.CUT_OFF);
        AuditReport export = verifyExport(log.subList(0, last), List.of(history.bulletin));
        assertThat(export.findings())
                .singleElement()
                .hasToString("entry %d: CUT_OFF, key epoch 2 signed a log of %d entries; this one has %d"
                        .formatted(last + 1, last + 1, last));
    }

    @Test
    void exported_lines_moved_repeated_left_out_and_broken_are_found() throws IOException {
        List<AuditEntry> swapped = new ArrayList<>(log);
        Collections.swap(swapped, 4, 5);
        assertThat(kinds(verifyExport(swapped, List.of()))).contains(Kind.MISSING, Kind.OUT_OF_ORDER);
        List<AuditEntry> repeated = new ArrayList<>(log);
        repeated.add(5, log.get(4));
        assertThat(kinds(verifyExport(repeated, List.of()))).containsExactly(Kind.OUT_OF_ORDER);
        List<AuditEntry> without = new ArrayList<>(log);
        AuditEntry gone = without.remove(4);
        assertThat(verifyExport(without, List.of()).findings())
                .singleElement()
                .hasToString("entry 6: MISSING, entries 5 to 5 are not there");
        assertThat(gone.seq()).isEqualTo(5);
        String broken = lines(log).replaceFirst("\"seq\":3,", "");
        assertThat(kinds(exported(broken, List.of()))).contains(Kind.UNREADABLE, Kind.MISSING);
    }

    @Test
    void an_exported_log_signed_otherwise_or_by_somebody_else_is_found() throws Exception {
        byte[] forged = history.bulletin.clone();
        forged[forged.length - 1] ^= 1;
        assertThat(kinds(verifyExport(log, List.of(forged)))).containsExactly(Kind.BAD_SIGNATURE);
        assertThat(kinds(verifyExport(log, List.of(new byte[] {1})))).containsExactly(Kind.BAD_SIGNATURE);
        try (AuditHistory other = new AuditHistory(new DatabaseOptions.Sqlite(directory.resolve("other.db")))) {
            List<AuditEntry> others = other.centre.audit();
            assertThat(kinds(verifyExport(log, List.of(other.bulletin)))).containsExactly(Kind.BAD_SIGNATURE);
            AuditReport impostor = verifyExport(others, List.of(other.bulletin));
            assertThat(kinds(impostor)).contains(Kind.KEYS, Kind.BAD_SIGNATURE);
            assertThat(impostor.vouched()).isEmpty();
        }
    }

    @Test
    void a_registry_under_another_pin_is_not_sound() {
        AuditReport report = verify(directory.resolve("registry.db"), Digest.sha256(new byte[1]), List.of());
        assertThat(kinds(report)).contains(Kind.KEYS);
        assertThat(report.vouched()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE certificate SET provider = 2 WHERE provider = 1;UPDATE provider SET used = 100000|CERTIFICATES",
                "UPDATE enrolment_token SET provider = 1 WHERE spent_at IS NULL|TOKENS",
                "UPDATE provider SET state = CASE state WHEN 'ACTIVE' THEN 'REVOKED' ELSE 'ACTIVE' END WHERE number > 1|PROVIDERS"
            })
    void with_the_key_file_what_was_moved_from_one_provider_to_another_is_found(String sql, Kind kind)
            throws Exception {
        Path copy = tampered(sql);
        assertThat(verify(copy, history.first, List.of()).findings()).isEmpty();
        try (Database database = open(copy)) {
            assertThat(kinds(withKeys().registry(database))).contains(kind);
        }
    }

    @Test
    void with_the_key_file_an_untouched_registry_is_sound() {
        try (Database database = open(directory.resolve("registry.db"))) {
            assertThat(withKeys().registry(database).findings()).isEmpty();
        }
    }

    private static AuditVerifier withKeys() {
        return new AuditVerifier(history.first, List.of(), Optional.of(history.centre.keyring::holder));
    }

    private static List<Kind> kinds(AuditReport report) {
        return report.findings().stream().map(AuditFinding::kind).toList();
    }

    private static AuditReport verify(Path file, Digest pin, List<byte[]> bulletins) {
        try (Database database = open(file)) {
            return new AuditVerifier(pin, bulletins, Optional.empty()).registry(database);
        }
    }

    private static Database open(Path file) {
        return Database.openReadOnly(new DatabaseOptions.Sqlite(file), Kgc.MIGRATIONS);
    }

    private static AuditReport verifyExport(List<AuditEntry> entries, List<byte[]> bulletins) throws IOException {
        return exported(lines(entries), bulletins);
    }

    private static AuditReport exported(String lines, List<byte[]> bulletins) throws IOException {
        return new AuditVerifier(history.second, bulletins, Optional.empty())
                .exported(new BufferedReader(new StringReader(lines)));
    }

    private static String lines(List<AuditEntry> entries) {
        return entries.stream().map(AuditNdjson::line).collect(Collectors.joining("\n", "", "\n"));
    }

    /** A copy in which somebody did that who is bound by nothing. */
    private static Path tampered(String statements) throws IOException, SQLException {
        copies++;
        Path copy = Files.copy(directory.resolve("registry.db"), directory.resolve("copy" + copies + ".db"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement()) {
            int changed = 0;
            for (String each : statements.split(";", -1)) {
                changed += statement.executeUpdate(each);
            }
            assertThat(changed).as(statements).isPositive();
        }
        return copy;
    }

    private static void chainAnew(Path file) {
        try (Database database = Database.open(new DatabaseOptions.Sqlite(file), Kgc.MIGRATIONS)) {
            int last = database.transaction(handle -> {
                Digest hash = AuditChain.START;
                for (AuditEntry entry : io.ferrymesh.kgc.audit.AuditLog.after(handle, 0, log.size())) {
                    Digest next = AuditChain.next(
                            hash,
                            entry.seq(),
                            entry.at().toEpochMilli(),
                            entry.actor(),
                            entry.action(),
                            entry.details());
                    handle.execute(
                            "UPDATE audit SET previous = ?, hash = ? WHERE seq = ?",
                            hash.bytes(),
                            next.bytes(),
                            entry.seq());
                    hash = next;
                }
                return handle.execute("UPDATE head SET hash = ? WHERE name = 'audit'", (Object) hash.bytes());
            });
            assertThat(last).isEqualTo(1);
        }
    }
}
