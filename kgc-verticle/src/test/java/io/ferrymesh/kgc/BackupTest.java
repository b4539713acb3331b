package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.audit.AuditReport;
import io.ferrymesh.kgc.audit.AuditVerifier;
import io.ferrymesh.kgc.backup.Backup;
import io.ferrymesh.kgc.backup.BackupDirectory;
import io.ferrymesh.kgc.backup.BackupException;
import io.ferrymesh.kgc.backup.BackupException.Reason;
import io.ferrymesh.kgc.backup.Restore;
import io.ferrymesh.kgc.backup.RestoreReport;
import io.ferrymesh.kgc.operator.BackupInfo;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.NewOperator;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.OperatorTable;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From each database into both. */
@OnEachDatabase
class BackupTest {

    private static final Instant LATER = Instant.parse("2026-03-05T00:00:00Z");

    private static final Map<TestDatabase, AuditHistory> HISTORIES = new HashMap<>();

    @TempDir
    Path directory;

    private final TestDatabase databases;
    private final AuditHistory history;
    private final Database source;

    BackupTest(TestDatabase databases) {
        this.databases = databases;
        this.history = HISTORIES.computeIfAbsent(databases, each -> new AuditHistory(each.fresh()));
        this.source = history.centre.node.database();
    }

    @AfterAll
    static void close() {
        HISTORIES.values().forEach(AuditHistory::close);
        HISTORIES.clear();
    }

    private Path file;
    private BackupInfo info;

    @BeforeEach
    void back_up() {
        file = directory.resolve("backup.gz");
        info = Backup.write(source, file, history.centre.clock.instant());
    }

    @Test
    void every_table_and_column_of_the_schema_is_in_it() throws IOException {
        List<String> inBackup =
                text(file).lines().filter(line -> line.startsWith("{\"table\"")).toList();
        List<String> tables = source.read(handle -> tables(handle));
        assertThat(inBackup).hasSameSizeAs(tables);
        for (String table : tables) {
            String line = inBackup.stream()
                    .filter(each -> each.startsWith("{\"table\":\"" + table + "\""))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(table + " is not in the backup"));
            for (String column : columns(table)) {
                assertThat(line).contains("\"" + column + ":");
            }
            assertThat(line.split(",", -1)).hasSize(1 + columns(table).size());
        }
    }

    @Test
    void it_is_its_owners_only_and_described_as_it_is() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(info.bytes()).isEqualTo(Files.size(file));
        assertThat(info.sha256())
                .isEqualTo(Digest.sha256(Files.readAllBytes(file)).hex());
        assertThat(info.auditEntries()).isEqualTo(history.centre.audit().size());
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void a_restored_registry_is_the_same_and_verifies_and_goes_on() throws IOException {
        List<DatabaseOptions> targets =
                List.of(databases.fresh(), new DatabaseOptions.Sqlite(directory.resolve("elsewhere.db")));
        for (DatabaseOptions where : targets) {
            RestoreReport report;
            try (Database target = Database.open(where, Kgc.MIGRATIONS)) {
                report = restore(target, file, history.centre.keyring.centre(), LATER);
                AuditReport verified = new AuditVerifier(
                                history.second, List.of(history.bulletin), Optional.of(history.centre.keyring::holder))
                        .registry(target);
                assertThat(verified.findings()).isEmpty();
                assertThat(verified.entries())
                        .as("one operator is removed, and that it was restored")
                        .isEqualTo(info.auditEntries() + 2);
                Path again = directory.resolve("again.gz");
                BackupInfo second = Backup.write(target, again, LATER);
                assertThat(second.auditEntries()).isEqualTo(info.auditEntries() + 2);
                assertThat(withoutWhatRestoringChanges(text(again))).isEqualTo(withoutWhatRestoringChanges(text(file)));
                Files.delete(again);
            }
            assertThat(report.auditEntries()).isEqualTo(info.auditEntries());
            assertThat(report.rows()).isGreaterThan(50);
            assertThat(report.nextSerial()).isGreaterThan(LATER.toEpochMilli() << 20);
            assertThat(report.tokens()).isEqualTo(1);
            assertThat(report.operators()).containsExactly("ann");
            assertThat(report.backedUpAt()).isEqualTo(history.centre.clock.instant());
        }
    }

    @Test
    void what_is_issued_after_restoring_has_serials_that_were_never_given_out() {
        long before = highest(source);
        DatabaseOptions where = databases.fresh();
        RestoreReport report;
        try (Database target = Database.open(where, Kgc.MIGRATIONS)) {
            report = restore(target, file, history.centre.keyring.centre(), history.centre.clock.instant());
        }
        try (TestCentre.Node node = node(where)) {
            var unused = node.kgc().announcements().refresh();
            assertThat(lowestAfter(node.database(), before)).isEqualTo(report.nextSerial());
            assertThat(report.nextSerial()).isGreaterThan(before + (1L << 40));
            long number = node.kgc()
                    .operations(new Operator("ann", Role.ENROLMENT))
                    .createProvider("afterwards", OptionalInt.empty())
                    .number();
            assertThat(number).isEqualTo(report.nextProvider());
        }
    }

    @Test
    void serials_go_on_far_above_the_last_ones_however_late_the_clock_is() {
        long given = source.read(handle -> Heads.read(handle, Heads.Name.SERIAL).number());
        try (Database target = Database.open(databases.fresh(), Kgc.MIGRATIONS)) {
            RestoreReport report = restore(target, file, history.centre.keyring.centre(), Instant.EPOCH);
            assertThat(report.nextSerial()).isEqualTo(given + (1L << 40) + 1);
        }
    }

    @Test
    void what_was_void_or_removed_since_the_backup_works_no_more_after_restoring() {
        KgcOperations enrolment = history.centre.as(Role.ENROLMENT);
        NewOperator operator = history.centre.kgc.operators().add("carl", Role.TRACE);
        EnrolmentToken token = history.centre.token(
                enrolment.createProvider("beneath", OptionalInt.empty()).number());
        Path later = directory.resolve("later.gz");
        var unused = Backup.write(source, later, LATER);
        DatabaseOptions where = databases.fresh();
        try (Database target = Database.open(where, Kgc.MIGRATIONS)) {
            var before = target.read(handle -> OperatorTable.all(handle).size());
            assertThat(before).isZero();
            RestoreReport report = restore(target, later, history.centre.keyring.centre(), LATER);
            assertThat(report.operators()).contains("carl");
            assertThat(report.tokens()).isGreaterThanOrEqualTo(2);
        }
        try (TestCentre.Node node = node(where);
                IssuanceClient request = IssuanceClient.enrol(
                        history.centre.order(history.centre.epoch(2), history.centre.validity(), 1, 0),
                        token,
                        history.centre.random)) {
            Refusals.refused(Code.UNAUTHENTICATED, () -> node.kgc().operators().authenticate(operator.token()));
            Refusals.refused(ErrorCode.NOT_ENROLLED, () -> node.kgc().issuance().answer(request.message()));
            OperatorTable.Row row = source.read(handle -> OperatorTable.all(handle).stream()
                    .filter(each -> each.name().equals("carl"))
                    .findFirst()
                    .orElseThrow());
            boolean inserted = node.database().transaction(handle -> OperatorTable.insert(handle, row));
            assertThat(inserted).isTrue();
            Refusals.refused(Code.UNAUTHENTICATED, () -> node.kgc().operators().authenticate(operator.token()));
        }
        token.close();
        history.centre.kgc.operators().remove("carl");
    }

    @Test
    void it_is_consistent_while_the_key_centre_works() throws Exception {
        assertThat(history.centre
                        .as(Role.ENROLMENT)
                        .setQuota(1, OptionalInt.of(50))
                        .quotaInForce())
                .isEqualTo(50);
        Thread worker = new Thread(() -> {
            for (int i = 0; i < 8; i++) {
                history.refill().forEach(Credential::close);
            }
        });
        worker.start();
        for (int i = 0; i < 3; i++) {
            Path one = directory.resolve("busy" + i + ".gz");
            BackupInfo made = Backup.write(source, one, LATER);
            try (Database target = Database.open(databases.fresh(), Kgc.MIGRATIONS)) {
                assertThat(restore(target, one, history.centre.keyring.centre(), LATER)
                                .auditEntries())
                        .isEqualTo(made.auditEntries());
            }
        }
        worker.join();
    }

    @Test
    void only_an_empty_database_is_restored_into() {
        assertRefused(Reason.NOT_EMPTY, () -> restore(source, file, history.centre.keyring.centre(), LATER));
    }

    @Test
    void another_key_files_registry_is_refused() {
        refusedAndNothingChanged(Reason.OTHER_CENTRE, file, Digest.sha256(new byte[1]));
    }

    @Test
    void a_file_that_is_cut_off_altered_added_to_or_something_else_is_refused_and_nothing_is_changed()
            throws IOException {
        byte[] good = Files.readAllBytes(file);
        refused(Reason.ALTERED, Arrays.copyOf(good, good.length - 20));
        refused(Reason.ALTERED, Arrays.copyOf(good, good.length / 2));
        refused(Reason.ALTERED, concatenated(good, good));
        refused(Reason.ALTERED, concatenated(good, new byte[] {0}));
        refused(Reason.ALTERED, gzip(text(file).replace("north", "south")));
        refused(Reason.ALTERED, gzip(text(file).replaceFirst("\\n\\[[^\\n]*\\n\\[", "\n[")));
        refused(Reason.ALTERED, gzip(text(file).replaceFirst("\\{\"table\":\"setting\"", "{\"table\":\"other\"")));
        refused(Reason.ALTERED, gzip(text(file) + "[]\n"));
        refused(Reason.ALTERED, gzip(text(file).substring(0, 700)));
        refused(Reason.NOT_A_BACKUP, gzip("{\"some\":\"json\"}\n"));
        refused(Reason.NOT_A_BACKUP, gzip(text(file).replaceFirst("\"version\":1", "\"version\":2")));
        refused(Reason.NOT_A_BACKUP, "something else altogether".getBytes(StandardCharsets.UTF_8));
        refused(Reason.ALTERED, new byte[0]);
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 0x10;
        assertThatThrownBy(() -> Restore.check(Files.write(directory.resolve("flipped.gz"), flipped)))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void a_backup_made_up_to_fit_its_sha256_is_found_by_the_audit_log() throws IOException {
        String forged =
                withFreshSha256(text(file), all -> all.replace("\"north\",\"ACTIVE\",9", "\"north\",\"ACTIVE\",9000"));
        refused(Reason.INCONSISTENT, gzip(forged));
        String unlogged = withFreshSha256(text(file), all -> all.replaceFirst("provider.created", "provider.creates"));
        refused(Reason.INCONSISTENT, gzip(unlogged));
    }

    @Test
    void nothing_is_overwritten_and_a_failed_backup_leaves_nothing_behind() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertRefused(Reason.IO, () -> Backup.write(source, file, LATER));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (Database empty = Database.open(databases.fresh(), Kgc.MIGRATIONS)) {
            assertRefused(Reason.EMPTY, () -> Backup.write(empty, directory.resolve("empty.gz"), LATER));
        }
        assertRefused(Reason.IO, () -> Backup.write(source, directory.resolve("none/backup.gz"), LATER));
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void operators_backups_go_into_one_directory_under_names_of_their_time() {
        BackupDirectory backups = new BackupDirectory(source, directory, history.centre.clock);
        BackupInfo made = backups.make();
        assertThat(made.file()).matches("ferrymesh-kgc-\\d{8}T\\d{9}Z\\.ndjson\\.gz");
        Restore.check(directory.resolve(made.file()));
        assertThatThrownBy(() -> new BackupDirectory(source, directory.resolve("none"), history.centre.clock))
                .hasMessageContaining("must be there");
    }

    private static RestoreReport restore(Database target, Path from, Digest centre, Instant now) {
        return Restore.into(target, from, centre, now, handle -> {});
    }

    private TestCentre.Node node(DatabaseOptions where) {
        TestCentre centre = history.centre;
        Database database = Database.open(where, Kgc.MIGRATIONS);
        var meters = new SimpleMeterRegistry();
        Kgc kgc = Kgc.open(
                centre.keyring,
                database,
                TestCentre.options(),
                io.ferrymesh.kgc.operator.Backups.none(),
                centre.runtime(meters));
        return new TestCentre.Node(kgc, database, meters);
    }

    private void refused(Reason reason, byte[] content) throws IOException {
        Path altered = Files.write(directory.resolve("altered.gz"), content);
        refusedAndNothingChanged(reason, altered, history.centre.keyring.centre());
    }

    private void refusedAndNothingChanged(Reason reason, Path from, Digest centre) {
        Path into = directory.resolve("refused.db");
        try (Database target = Database.open(new DatabaseOptions.Sqlite(into), Kgc.MIGRATIONS)) {
            assertRefused(reason, () -> restore(target, from, centre, LATER));
            for (String table : tables(target)) {
                assertThat(target.<Long>read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table)
                                .mapTo(Long.class)
                                .one()))
                        .as(table)
                        .isZero();
            }
        }
    }

    private static void assertRefused(Reason reason, ThrowingCallable work) {
        assertThatThrownBy(work)
                .asInstanceOf(InstanceOfAssertFactories.type(BackupException.class))
                .extracting(BackupException::reason)
                .isEqualTo(reason);
    }

    private static List<String> tables(Database database) {
        return database.read(BackupTest::tables);
    }

    /** All but Flyway's own. */
    private static List<String> tables(Handle handle) {
        return metadata(handle, (catalogue, found) -> {
                    try (var rows = catalogue.getTables(null, null, "%", new String[] {"TABLE"})) {
                        while (rows.next()) {
                            String schema = rows.getString("TABLE_SCHEM");
                            if (schema == null || schema.equals("public")) {
                                found.add(rows.getString("TABLE_NAME"));
                            }
                        }
                    }
                })
                .stream()
                .filter(name -> !name.startsWith("flyway") && !name.startsWith("sqlite"))
                .toList();
    }

    private List<String> columns(String table) {
        return source.read(handle -> metadata(handle, (catalogue, found) -> {
            try (var rows = catalogue.getColumns(null, null, table, "%")) {
                while (rows.next()) {
                    found.add(rows.getString("COLUMN_NAME"));
                }
            }
        }));
    }

    private interface Look {
        void into(DatabaseMetaData catalogue, List<String> found) throws SQLException;
    }

    private static List<String> metadata(Handle handle, Look look) {
        List<String> found = new ArrayList<>();
        try {
            look.into(handle.getConnection().getMetaData(), found);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    private static long highest(Database database) {
        return database.read(handle -> handle.createQuery("SELECT MAX(serial) FROM certificate")
                .mapTo(Long.class)
                .one());
    }

    private static long lowestAfter(Database database, long serial) {
        return database.read(handle -> handle.createQuery("SELECT MIN(serial) FROM certificate WHERE serial > ?")
                .bind(0, serial)
                .mapTo(Long.class)
                .one());
    }

    private static String text(Path gzip) throws IOException {
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(gzip))).readAllBytes(),
                StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] concatenated(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    private static String withFreshSha256(String text, UnaryOperator<String> change) {
        String content = change.apply(text.substring(0, text.lastIndexOf("{\"sha256\"")));
        assertThat(text).as("the change changes something").doesNotStartWith(content);
        String sha256 = Digest.sha256(content.getBytes(StandardCharsets.UTF_8)).hex();
        return content + "{\"sha256\":\"" + sha256 + "\"}\n";
    }

    /** The header's time, the counters, operators, unspent tokens, the last entries and the SHA-256. */
    private static String withoutWhatRestoringChanges(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("{\"format\"")
                        && !line.startsWith("[\"serial\"")
                        && !line.startsWith("[\"provider\"")
                        && !line.startsWith("[\"audit\"")
                        && !line.startsWith("[\"ann\",\"ADMIN\"")
                        && !line.matches("\\[\"[^\"]*\",\\d+,\\d+,\\d+,\"[^\"]*\",null]")
                        && !line.contains("{\\\"name\\\":\\\"ann\\\"}")
                        && !line.contains("centre.restored")
                        && !line.startsWith("{\"sha256\""))
                .reduce("", (all, line) -> all + "\n" + line);
    }
}
