package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.audit.AuditVerifier;
import io.ferrymesh.kgc.backup.Backup;
import io.ferrymesh.kgc.backup.Restore;
import io.ferrymesh.kgc.keys.KeyFileCopies;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KeyEpochInfo;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.KgcParameters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From one master key to the next, under a manual clock. */
@OnEachDatabase
class KeyEpochsTest {

    private static final long AFTER = 3_600;
    private static final long RETIRES_AFTER = AFTER + 86_400 + 300;
    private static final char[] PASSPHRASE = "correct horse battery staple".toCharArray();

    private final TestDatabase databases;
    private final TestCentre centre;

    KeyEpochsTest(TestDatabase databases) {
        this.databases = databases;
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
    }

    @AfterEach
    void close() {
        centre.close();
    }

    @Test
    void there_is_one_key_epoch_at_first() {
        assertThat(epochs()).singleElement().satisfies(first -> {
            assertThat(first.number()).isEqualTo(1);
            assertThat(first.fingerprint()).isEqualTo(centre.keyring.centre().hex());
            assertThat(first.activeFrom()).isEqualTo(centre.clock.instant());
            assertThat(first.retires()).isEmpty();
        });
    }

    @Test
    void a_successor_is_announced_under_the_old_key() {
        Instant announced = centre.clock.instant();
        KeyEpochInfo second = rotate();
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.announcedAt()).isEqualTo(announced);
        assertThat(second.activeFrom()).isEqualTo(announced.plusSeconds(AFTER));
        assertThat(epochs().get(0).retires()).contains(announced.plusSeconds(RETIRES_AFTER));
        KgcParameters old = parameters(1);
        assertThat(old.successor()).hasValueSatisfying(successor -> {
            assertThat(successor.kgc().fingerprint().hex()).isEqualTo(second.fingerprint());
            assertThat(successor.activeFrom()).isEqualTo(second.activeFrom().getEpochSecond());
            assertThat(successor.retires()).isEqualTo(announced.getEpochSecond() + RETIRES_AFTER);
        });
        assertThat(parameters(2).serial()).isEqualTo(2);
        assertThat(parameters(2).successor()).isEmpty();
        assertThat(centre.actions()).contains("key.announced");
    }

    @Test
    void both_keys_issue_until_the_new_one_is_active_and_then_the_new_one_alone() {
        Credential old = centre.enrolled("north").get(0);
        rotated();
        assertThat(refill(old, 1)).hasSize(1);
        assertThat(refill(old, 2)).hasSize(1);
        assertThat(centre.kgc.publicKey()).isEqualTo(centre.epoch(1).key());
        centre.clock.advanceSeconds(AFTER - 1);
        assertThat(refill(old, 1)).hasSize(1);
        centre.clock.advanceSeconds(1);
        assertThat(centre.kgc.publicKey()).isEqualTo(centre.epoch(2).key());
        refused(ErrorCode.KEY_RETIRED, () -> refill(old, 1));
        assertThat(refill(old, 2)).hasSize(1);
    }

    @Test
    void a_provider_with_old_certificates_alone_renews_under_the_new_key() {
        Credential old = centre.enrolled("north").get(0);
        rotated();
        centre.clock.advanceSeconds(AFTER);
        List<Credential> fresh;
        try (IssuanceClient request =
                IssuanceClient.renew(centre.order(centre.epoch(2), centre.validity(), 1, 1), old, centre.random)) {
            fresh = request.accept(centre.answer(request.message()));
        }
        assertThat(fresh).allMatch(each -> each.kgc().equals(centre.epoch(2).key()));
        assertThat(refill(fresh.get(0), 2)).hasSize(1);
        assertThat(centre.as(Role.TRACE)
                        .trace(fresh.get(0).certificate().pseudonym(), TestCentre.REASON)
                        .provider())
                .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("north"));
    }

    @Test
    void a_token_enrols_under_the_new_key() {
        rotated();
        centre.clock.advanceSeconds(AFTER);
        try (EnrolmentToken token = centre.token(centre.provider("north").number());
                IssuanceClient request = IssuanceClient.enrol(
                        centre.order(centre.epoch(2), centre.validity(), 1, 1), token, centre.random)) {
            assertThat(request.accept(centre.answer(request.message()))).hasSize(2);
        }
    }

    @Test
    void the_old_key_is_announced_until_it_retires() {
        rotated();
        centre.clock.advanceSeconds(RETIRES_AFTER);
        assertThat(parameters(1).successor()).isPresent();
        assertThat(bulletin(1)).hasValueSatisfying(signed -> assertThat(
                        Bulletin.verify(signed, centre.epoch(1).key(), centre.now())
                                .issued())
                .isEqualTo(centre.now()));
        centre.clock.advanceSeconds(1);
        assertThat(bulletin(1)).isEmpty();
        assertThat(bulletin(2)).isPresent();
        assertThat(epochs()).hasSize(2);
    }

    @Test
    void what_was_issued_last_under_the_old_key_has_expired_when_it_retires() {
        Credential old = centre.enrolled("north").get(0);
        rotated();
        centre.clock.advanceSeconds(AFTER - 1);
        Credential last = refill(old, 1).get(0);
        assertThat(last.certificate().info().notAfter())
                .isLessThan(epochs().get(0).retires().orElseThrow().getEpochSecond());
    }

    @Test
    void one_successor_is_announced_at_a_time() {
        rotated();
        refused(OperationException.Code.CONFLICT, this::rotate);
        centre.clock.advanceSeconds(AFTER);
        assertThat(rotate().number()).isEqualTo(3);
        assertThat(parameters(2).successor()).isPresent();
        assertThat(centre.keyring.epochs()).hasSize(3);
    }

    @Test
    void another_node_takes_a_new_epoch_into_use(@TempDir Path directory) throws Exception {
        try (KgcKeyring copy = copyOfKeys(directory)) {
            TestCentre.Node other = centre.node(copy, TestCentre.options());
            rotated();
            assertThat(copy.epochs()).hasSize(1);
            assertThat(other.kgc().announcements().refresh().bulletins()).hasSize(2);
            assertThat(copy.epochs()).hasSize(2);
            assertThat(copy.epochs().get(1).publicKey())
                    .isEqualTo(centre.epoch(2).key());
            Credential signer = centre.enrolled("north").get(0);
            try (IssuanceClient request = IssuanceClient.renew(
                    centre.order(centre.epoch(2), centre.validity(), 0, 1), signer, centre.random)) {
                assertThat(request.accept(other.kgc().issuance().answer(request.message())))
                        .hasSize(1);
            }
            other.close();
        }
        try (KgcKeyring reloaded = KgcKeyFile.load(directory.resolve("kgc.p12"), PASSPHRASE.clone(), centre.random)) {
            assertThat(reloaded.epochs())
                    .as("it is in that node's key file as well")
                    .hasSize(2);
        }
    }

    @Test
    void a_node_whose_key_file_cannot_be_written_goes_on(@TempDir Path directory) throws Exception {
        try (KgcKeyring copy = copyOfKeys(directory)) {
            TestCentre.Node other = centre.node(copy, TestCentre.options());
            Files.delete(directory.resolve("kgc.p12"));
            rotated();
            assertThat(other.kgc().announcements().refresh().bulletins()).hasSize(2);
            other.close();
        }
    }

    @Test
    void an_epoch_that_somebody_wrote_into_the_database_stops_every_node() {
        rotated();
        int written = centre.node
                .database()
                .transaction(handle -> handle.execute(
                        "INSERT INTO key_epoch SELECT 3, hpke_public_key, hpke_public_key, 0, 0, NULL, sealed_secrets"
                                + " FROM key_epoch WHERE number = 1"));
        assertThat(written).isEqualTo(1);
        refused(
                OperationException.Code.CONFLICT,
                () -> centre.kgc.announcements().refresh());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE key_epoch SET active_from = active_from - 1 WHERE number = 2",
                "UPDATE key_epoch SET retires_at = retires_at + 1 WHERE number = 1",
                "UPDATE key_epoch SET retires_at = NULL WHERE number = 1",
                "UPDATE key_epoch SET hpke_public_key = (SELECT hpke_public_key FROM key_epoch WHERE number = 1)"
                        + " WHERE number = 2",
                "DELETE FROM audit_signature WHERE key_epoch = 2; DELETE FROM certificate WHERE key_epoch = 2;"
                        + "DELETE FROM key_epoch WHERE number = 2"
            })
    void an_epoch_that_somebody_changed_in_the_database_stops_every_node(String sql, @TempDir Path directory)
            throws Exception {
        try (KgcKeyring older = copyOfKeys(directory)) {
            rotated();
            for (String each : sql.split(";", -1)) {
                int changed = centre.node.database().transaction(handle -> handle.execute(each));
                assertThat(changed).as(each).isPositive();
            }
            refused(
                    OperationException.Code.CONFLICT,
                    () -> centre.kgc.announcements().refresh());
            refused(OperationException.Code.CONFLICT, () -> centre.as(Role.ADMIN)
                    .rotate(AFTER));
            refused(OperationException.Code.CONFLICT, centre::node);
            if (!sql.startsWith("DELETE")) {
                refused(OperationException.Code.CONFLICT, () -> centre.node(older, TestCentre.options()));
            }
        }
    }

    @Test
    void a_database_older_than_the_key_file_is_refused_until_it_is_restored(@TempDir Path directory) {
        Path backup = directory.resolve("backup.gz");
        var unused = Backup.write(centre.node.database(), backup, centre.clock.instant());
        rotated();
        centre.clock.advanceSeconds(2 * AFTER);
        DatabaseOptions where = databases.fresh();
        KgcRuntime runtime = centre.runtime(centre.node.meters());
        try (Database target = Database.open(where, Kgc.MIGRATIONS)) {
            var report = Restore.into(target, backup, centre.keyring.centre(), centre.clock.instant(), handle -> {});
            assertThat(report.operators()).isEmpty();
            assertThatThrownBy(() -> open(target))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("key epoch 2")
                    .hasMessageContaining("restore");
            assertThat(Kgc.restored(centre.keyring, target, runtime).tokens()).isZero();
            goesOnUnderTheSecondKey(target);
        }
        try (Database target = Database.open(databases.fresh(Kgc.MIGRATIONS), Kgc.MIGRATIONS)) {
            assertThat(Kgc.restore(centre.keyring, target, backup, runtime).auditEntries())
                    .isPositive();
            goesOnUnderTheSecondKey(target);
        }
    }

    private void goesOnUnderTheSecondKey(Database restored) {
        try (Kgc kgc = open(restored)) {
            assertThat(kgc.publicKey()).isEqualTo(centre.epoch(2).key());
            assertThat(kgc.epochs().all()).first().satisfies(first -> {
                assertThat(first.issues(centre.now())).isFalse();
                assertThat(first.retiresAt()).hasValue(centre.now() + RETIRES_AFTER - AFTER);
            });
            assertThat(kgc.announcements().refresh().bulletins()).hasSize(2);
            assertThat(new AuditVerifier(centre.keyring.centre(), List.of(), Optional.of(centre.keyring::holder))
                            .registry(restored)
                            .findings())
                    .isEmpty();
        }
    }

    private Kgc open(Database database) {
        return Kgc.open(
                centre.keyring,
                database,
                TestCentre.options(),
                Backups.none(),
                centre.runtime(new SimpleMeterRegistry()));
    }

    @Test
    void no_more_than_eight_keys_are_trusted_at_once() {
        for (int number = 2; number <= KeyDesk.MAX_LIVE; number++) {
            assertThat(centre.as(Role.ADMIN).rotate(0).number()).isEqualTo(number);
        }
        refused(OperationException.Code.CONFLICT, () -> centre.as(Role.ADMIN).rotate(0));
        assertThat(centre.as(Role.ADMIN).keyEpochs()).hasSize(KeyDesk.MAX_LIVE);
        centre.clock.advanceSeconds(86_400 + 301);
        assertThat(centre.as(Role.ADMIN).rotate(0).number()).isEqualTo(KeyDesk.MAX_LIVE + 1);
    }

    @Test
    void a_used_key_file_begins_no_new_key_centre(@TempDir Path directory) {
        rotated();
        var empty = new io.ferrymesh.database.DatabaseOptions.Sqlite(directory.resolve("new.db"));
        try (var database = io.ferrymesh.database.Database.open(empty, Kgc.MIGRATIONS)) {
            refused(
                    OperationException.Code.CONFLICT,
                    () -> Kgc.init(centre.keyring, database, centre.runtime(centre.node.meters())));
        }
    }

    /** A key file that is another node's, with the same secrets. */
    private KgcKeyring copyOfKeys(Path directory) throws Exception {
        return KeyFileCopies.copy(centre.keyring, directory.resolve("kgc.p12"), PASSPHRASE.clone(), centre.random);
    }

    private void rotated() {
        assertThat(rotate().number()).isGreaterThan(1);
    }

    private KeyEpochInfo rotate() {
        return centre.as(Role.ADMIN).rotate(AFTER);
    }

    private List<KeyEpochInfo> epochs() {
        return centre.as(Role.ADMIN).keyEpochs();
    }

    private List<Credential> refill(Credential signer, int epoch) {
        return centre.accept(IssuanceClient.renew(
                centre.order(centre.epoch(epoch), centre.validity(), 0, 1), signer, centre.random));
    }

    private KgcParameters parameters(int epoch) {
        Digest name = centre.epoch(epoch).key().fingerprint();
        byte[] signed = centre.kgc.announcements().refresh().parameters(name).orElseThrow();
        return KgcParameters.verify(signed, name, centre.now());
    }

    private Optional<byte[]> bulletin(int epoch) {
        return centre.kgc
                .announcements()
                .refresh()
                .bulletin(centre.epoch(epoch).key().fingerprint());
    }
}
