package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.Pseudonym;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several nodes on one database, and nodes that die: nothing is issued twice, and nothing escapes a revocation. */
@OnEachDatabase
class NodesTest {

    private static final int QUOTA = TestCentre.QUOTA;
    private static final int ROUNDS = 8;

    private final TestCentre centre;
    private final TestCentre.Node other;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);

    NodesTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
        this.other = centre.node();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        centre.close();
    }

    @Test
    void a_request_is_answered_alike_by_another_node() {
        try (EnrolmentToken token = centre.token(centre.provider("north").number());
                IssuanceClient request = IssuanceClient.enrol(centre.order(1, 1), token, centre.random)) {
            byte[] first = centre.answer(request.message());
            assertThat(answer(other, request)).isEqualTo(first);
        }
        assertThat(centre.info(1).unexpired()).isEqualTo(2);
        assertThat(centre.actions()).containsOnlyOnce("certificates.issued");
    }

    @Test
    void a_request_to_both_nodes_at_once_is_answered_alike_and_issued_once() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            long provider = centre.provider("provider" + round).number();
            try (EnrolmentToken token = centre.token(provider);
                    IssuanceClient request = IssuanceClient.enrol(centre.order(1, 1), token, centre.random)) {
                List<byte[]> replies =
                        atOnce(List.of(() -> centre.answer(request.message()), () -> answer(other, request)));
                assertThat(replies.get(0)).isEqualTo(replies.get(1));
                assertThat(request.accept(replies.get(0))).hasSize(2);
            }
            assertThat(centre.info(provider).unexpired()).isEqualTo(2);
        }
    }

    @Test
    void a_node_that_dies_before_it_answers_has_issued_once() {
        Credential signer = centre.enrolled("north").get(0);
        try (IssuanceClient request = IssuanceClient.renew(centre.order(0, 2), signer, centre.random)) {
            byte[] lost = answer(other, request);
            other.close();
            byte[] again = centre.answer(request.message());
            assertThat(again).isEqualTo(lost);
            assertThat(request.accept(again)).hasSize(2);
        }
        assertThat(centre.info(1).usedInEpoch()).isEqualTo(4);
    }

    @Test
    void a_node_that_dies_before_the_commit_has_issued_nothing() {
        Credential signer = centre.enrolled("north").get(0);
        List<AuditEntry> before = centre.audit();
        Database database = other.database();
        try (Kgc dying = Kgc.open(
                        centre.keyring,
                        new DyingDatabase(database),
                        TestCentre.options(),
                        Backups.none(),
                        centre.runtime(new SimpleMeterRegistry()));
                IssuanceClient request = IssuanceClient.renew(centre.order(0, 2), signer, centre.random)) {
            refused(ErrorCode.UNAVAILABLE, () -> dying.issuance().answer(request.message()));
            assertThat(centre.info(1).usedInEpoch()).isEqualTo(2);
            assertThat(centre.audit()).isEqualTo(before);
            assertThat(request.accept(centre.answer(request.message()))).hasSize(2);
        }
        assertThat(centre.info(1).usedInEpoch()).isEqualTo(4);
    }

    @Test
    void a_token_is_spent_once_however_many_try_at_once() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            long provider = centre.provider("provider" + round).number();
            try (EnrolmentToken token = centre.token(provider)) {
                List<IssuanceClient> requests = new ArrayList<>();
                List<Callable<Boolean>> attempts = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    IssuanceClient request = IssuanceClient.enrol(centre.order(1, 0), token, centre.random);
                    requests.add(request);
                    TestCentre.Node node = i % 2 == 0 ? centre.node : other;
                    attempts.add(() -> succeeds(ErrorCode.NOT_ENROLLED, node, request));
                }
                assertThat(atOnce(attempts)).containsOnlyOnce(true);
                requests.forEach(IssuanceClient::close);
            }
            assertThat(centre.info(provider).unexpired()).isEqualTo(1);
        }
    }

    @Test
    void nodes_that_issue_at_once_never_exceed_a_quota_and_never_repeat_a_pseudonym() throws Exception {
        Credential signer = centre.enrolled("north").get(0);
        List<Certificate> certificates = new ArrayList<>();
        AtomicInteger issued = new AtomicInteger(2);
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < 2 * QUOTA; i++) {
            TestCentre.Node node = i % 2 == 0 ? centre.node : other;
            attempts.add(() -> {
                try (IssuanceClient request = IssuanceClient.renew(centre.order(0, 1), signer, centre.random)) {
                    byte[] reply = node.kgc().issuance().answer(request.message());
                    issued.incrementAndGet();
                    synchronized (certificates) {
                        request.accept(reply).forEach(each -> certificates.add(each.certificate()));
                    }
                    return true;
                } catch (MeshException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                    return false;
                }
            });
        }
        assertThat(atOnce(attempts)).contains(true, false);
        assertThat(issued).hasValue(QUOTA);
        assertThat(certificates).extracting(Certificate::pseudonym).doesNotHaveDuplicates();
        assertThat(centre.info(1).usedInEpoch()).isEqualTo(QUOTA);
        assertThat(centre.audit()).isNotEmpty();
    }

    @Test
    void revoking_a_provider_while_it_is_issued_to_leaves_nothing_unrevoked() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Credential> first = centre.enrolled("provider" + round);
            long provider = 1L + round;
            List<Credential> got = new ArrayList<>(first);
            Callable<Boolean> refill = () -> {
                try (IssuanceClient request =
                        IssuanceClient.renew(centre.order(0, QUOTA - 2), first.get(0), centre.random)) {
                    byte[] reply = answer(other, request);
                    synchronized (got) {
                        got.addAll(request.accept(reply));
                    }
                    return true;
                } catch (MeshException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.REVOKED);
                    return false;
                }
            };
            Callable<Boolean> revoke = () -> centre.as(Role.REVOCATION)
                            .revokeProvider(provider, TestCentre.REASON)
                            .revoked()
                    > 0;
            assertThat(atOnce(List.of(refill, revoke))).contains(true);
            List<Pseudonym> held =
                    got.stream().map(each -> each.certificate().pseudonym()).toList();
            Set<Pseudonym> revoked = centre.node.database().read(handle -> RevocationTable.containedOf(handle, held));
            assertThat(revoked).containsExactlyInAnyOrderElementsOf(held);
        }
        assertThat(centre.audit()).isNotEmpty();
    }

    @Test
    void a_signer_revoked_between_the_check_and_the_commit_gets_nothing() {
        Credential signer = centre.enrolled("north").get(0);
        Pseudonym pseudonym = signer.certificate().pseudonym();
        Runnable revoke = () -> assertThat(centre.as(Role.REVOCATION)
                        .revokePseudonym(pseudonym, TestCentre.REASON)
                        .revoked())
                .isEqualTo(1);
        try (Kgc slow = Kgc.open(
                        centre.keyring,
                        new InterruptedDatabase(other.database(), revoke),
                        TestCentre.options(),
                        Backups.none(),
                        centre.runtime(new SimpleMeterRegistry()));
                IssuanceClient request = IssuanceClient.renew(centre.order(0, 1), signer, centre.random)) {
            refused(ErrorCode.REVOKED, () -> slow.issuance().answer(request.message()));
        }
        assertThat(centre.info(1).unexpired()).isEqualTo(2);
    }

    @Test
    void a_token_rewritten_between_the_check_and_the_commit_enrols_nobody() {
        Runnable rewrite = () -> {
            int changed = centre.node
                    .database()
                    .transaction(handle -> handle.execute("UPDATE enrolment_token SET expires_at = expires_at + 1"));
            assertThat(changed).isEqualTo(1);
        };
        try (Kgc slow = Kgc.open(
                        centre.keyring,
                        new InterruptedDatabase(other.database(), rewrite),
                        TestCentre.options(),
                        Backups.none(),
                        centre.runtime(new SimpleMeterRegistry()));
                EnrolmentToken token = centre.token(centre.provider("north").number());
                IssuanceClient request = IssuanceClient.enrol(centre.order(1, 0), token, centre.random)) {
            refused(ErrorCode.NOT_ENROLLED, () -> slow.issuance().answer(request.message()));
        }
        assertThat(centre.info(1).unexpired()).isZero();
    }

    @Test
    void a_registry_put_back_repeats_no_pseudonym() {
        Credential before = centre.enrolled("north").get(0);
        long serial = centre.keyring.trace().open(pseudonym(before)).serial();
        assertThat(Kgc.restored(centre.keyring, other.database(), runtime()).nextSerial())
                .isGreaterThan(serial + (1L << 40));
        assertThat(centre.actions()).contains("centre.restored");
    }

    @Test
    void a_restart_forgets_nothing() {
        List<Credential> north = centre.enrolled("north");
        long before = centre.keyring.trace().open(pseudonym(north.get(1))).serial();
        assertThat(centre.as(Role.REVOCATION).revokePseudonym(pseudonym(north.get(1)), TestCentre.REASON))
                .isNotNull();
        centre.node.close();
        try (TestCentre.Node restarted = centre.node();
                IssuanceClient request =
                        IssuanceClient.renew(centre.order(0, QUOTA - 2), north.get(0), centre.random)) {
            List<Credential> more = request.accept(answer(restarted, request));
            assertThat(more)
                    .allMatch(
                            each -> centre.keyring.trace().open(pseudonym(each)).serial() > before);
            boolean revoked =
                    restarted.database().read(handle -> RevocationTable.contains(handle, pseudonym(north.get(1))));
            assertThat(revoked).isTrue();
        }
    }

    @Test
    void another_key_centres_database_is_refused() {
        try (KgcKeyring stranger = KgcKeyring.generate(centre.random)) {
            assertThatThrownBy(() -> centre.node(stranger, TestCentre.options()))
                    .hasMessageContaining(stranger.centre().hex())
                    .hasMessageContaining(centre.keyring.centre().hex());
            refused(OperationException.Code.CONFLICT, () -> Kgc.init(stranger, other.database(), runtime()));
            refused(OperationException.Code.CONFLICT, () -> Kgc.init(centre.keyring, other.database(), runtime()));
        }
    }

    @Test
    void an_empty_database_is_no_key_centre(@org.junit.jupiter.api.io.TempDir java.nio.file.Path directory) {
        DatabaseOptions empty = new DatabaseOptions.Sqlite(directory.resolve("empty.db"));
        try (Database database = Database.open(empty, Kgc.MIGRATIONS)) {
            refused(OperationException.Code.NOT_FOUND, () -> Kgc.openLocally(
                            centre.keyring, database, Backups.none(), runtime())
                    .close());
        }
    }

    @Test
    void options_that_change_are_noted_once() {
        assertThat(centre.actions()).containsExactly("centre.created", "settings.changed");
        KgcOptions more = TestCentre.options().with("certificatesPerEpoch", 20).with("resignMs", 500);
        centre.node(centre.keyring, more).close();
        assertThat(centre.lastEntry().details()).isEqualTo("{\"certificatesPerEpoch\":20}");
        centre.node(centre.keyring, more).close();
        assertThat(centre.audit()).hasSize(3);
    }

    @Test
    void the_command_line_has_the_options_of_the_nodes() {
        try (Kgc local = Kgc.openLocally(centre.keyring, other.database(), Backups.none(), runtime())) {
            assertThat(local.options().certificatesPerEpoch()).isEqualTo(QUOTA);
            assertThat(local.options().maxValiditySeconds()).isEqualTo(86_400);
        }
        assertThat(centre.audit()).hasSize(2);
    }

    private KgcRuntime runtime() {
        return centre.runtime(new SimpleMeterRegistry());
    }

    private static Pseudonym pseudonym(Credential credential) {
        return credential.certificate().pseudonym();
    }

    private static byte[] answer(TestCentre.Node node, IssuanceClient request) {
        return node.kgc().issuance().answer(request.message());
    }

    private static boolean succeeds(ErrorCode otherwise, TestCentre.Node node, IssuanceClient request) {
        try {
            return answer(node, request).length > 0;
        } catch (MeshException e) {
            assertThat(e.code()).isEqualTo(otherwise);
            return false;
        }
    }

    private <T> List<T> atOnce(List<Callable<T>> work) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> each : threads.invokeAll(work)) {
            results.add(each.get());
        }
        return results;
    }

    /** Fails instead of committing what issues certificates, as a node does that is killed there. */
    private record DyingDatabase(Database database) implements Database {

        @Override
        public <T> T transaction(HandleCallback<T, RuntimeException> work) {
            return database.transaction(handle -> {
                long before = rows(handle);
                T result = work.withHandle(handle);
                if (rows(handle) > before) {
                    throw new DatabaseException(DatabaseException.Kind.UNAVAILABLE, "killed", null);
                }
                return result;
            });
        }

        private static long rows(org.jdbi.v3.core.Handle handle) {
            return handle.createQuery("SELECT COUNT(*) FROM issuance")
                    .mapTo(Long.class)
                    .one();
        }

        @Override
        public <T> T read(HandleCallback<T, RuntimeException> work) {
            return database.read(work);
        }

        @Override
        public DatabaseOptions options() {
            return database.options();
        }

        @Override
        public void close() {}
    }

    /** Has something else done right before the transaction that issues certificates. */
    private record InterruptedDatabase(Database database, Runnable before) implements Database {

        @Override
        public <T> T transaction(HandleCallback<T, RuntimeException> work) {
            Set<String> callers = Arrays.stream(Thread.currentThread().getStackTrace())
                    .map(StackTraceElement::getClassName)
                    .collect(Collectors.toSet());
            if (callers.contains(Issuance.class.getName()) && !callers.contains(Serials.class.getName())) {
                before.run();
            }
            return database.transaction(work);
        }

        @Override
        public <T> T read(HandleCallback<T, RuntimeException> work) {
            return database.read(work);
        }

        @Override
        public DatabaseOptions options() {
            return database.options();
        }

        @Override
        public void close() {}
    }
}
