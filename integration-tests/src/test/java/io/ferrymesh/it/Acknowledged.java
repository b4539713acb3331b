package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.audit.AuditChain;
import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.audit.AuditReport;
import io.ferrymesh.kgc.audit.AuditVerifier;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.registry.CertificateTable;
import io.ferrymesh.kgc.registry.EpochTable;
import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.kgc.registry.ReplyTable;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Usage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/** What the key centre's clients were told is done. Nothing of it may ever be missing. Any thread. */
final class Acknowledged {

    private static final int PAGE = 1_000;

    private final Map<Long, String> providers = new ConcurrentHashMap<>();
    private final Queue<Certificate> certificates = new ConcurrentLinkedQueue<>();
    private final Queue<Pseudonym> revocations = new ConcurrentLinkedQueue<>();
    private final Map<Integer, String> epochs = new ConcurrentHashMap<>();
    private int answers;

    void provider(long number, String name) {
        String before = providers.put(number, name);
        assertThat(before).as("the number " + number + " was given before").isNull();
        answered();
    }

    void certificates(List<Certificate> issued) {
        certificates.addAll(issued);
        answered();
    }

    void revocation(Pseudonym pseudonym) {
        revocations.add(pseudonym);
        answered();
    }

    void epoch(int number, String fingerprint) {
        epochs.put(number, fingerprint);
        answered();
    }

    private synchronized void answered() {
        answers++;
        notifyAll();
    }

    /** How often something was acknowledged. */
    synchronized int answers() {
        return answers;
    }

    /** Waits until something was acknowledged so often, but no longer than something generous. */
    synchronized void awaitAnswers(int wanted) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (answers < wanted && System.nanoTime() < until) {
            wait(100);
        }
        assertThat(answers).as("answers").isGreaterThanOrEqualTo(wanted);
    }

    Optional<Pseudonym> anyPseudonym(int which) {
        return certificates.stream()
                .filter(each -> each.info().usage() == Usage.KEY_AGREEMENT)
                .skip(which)
                .findFirst()
                .map(Certificate::pseudonym);
    }

    /** Looks at the database that a killed node left behind, and at what it had answered to which request. */
    void requireIn(CrashingCentre centre, Map<Digest, byte[]> answered) {
        try (Database database = Database.openReadOnly(centre.database, Kgc.MIGRATIONS)) {
            int checked = database.read(handle -> {
                requireRegistered(handle, centre.keyring);
                answered.forEach((request, reply) -> assertThat(ReplyTable.find(handle, request))
                        .hasValueSatisfying(kept -> assertThat(kept).isEqualTo(reply)));
                return answered.size();
            });
            assertThat(checked).isEqualTo(answered.size());
            requireChained(database);
        }
    }

    private static void requireChained(Database database) {
        Digest hash = AuditChain.START;
        long seq = 0;
        List<AuditEntry> page = List.of();
        do {
            long after = seq;
            page = database.read(handle -> AuditLog.after(handle, after, PAGE));
            for (AuditEntry entry : page) {
                seq++;
                assertThat(AuditChain.follows(entry, seq, hash))
                        .as(entry.toString())
                        .isTrue();
                hash = Digest.parse(entry.hash());
            }
        } while (!page.isEmpty());
    }

    /** Everything there is to verify, the registry and every signature included. */
    static void requireSound(CrashingCentre centre) {
        try (Database database = Database.openReadOnly(centre.database, Kgc.MIGRATIONS)) {
            Optional<AuditVerifier.Holders> holders = Optional.of(centre.keyring::holder);
            AuditReport report = new AuditVerifier(centre.keyring.centre(), List.of(), holders).registry(database);
            assertThat(report.findings()).isEmpty();
            assertThat(report.vouched()).isPresent();
        }
    }

    private void requireRegistered(Handle handle, KgcKeyring keyring) {
        providers.forEach((number, name) -> assertThat(ProviderTable.find(handle, number))
                .as("provider " + name)
                .hasValueSatisfying(row -> assertThat(row.name()).isEqualTo(name)));
        Set<Pseudonym> distinct = new HashSet<>();
        for (Certificate certificate : certificates) {
            assertThat(distinct.add(certificate.pseudonym()))
                    .as("no pseudonym comes twice")
                    .isTrue();
            TraceKey.Opened opened = keyring.trace().open(certificate.pseudonym());
            Digest commitment = keyring.commitment(opened.serial(), certificate.encoded());
            assertThat(CertificateTable.find(handle, opened.provider(), opened.serial()))
                    .as("certificate " + opened.serial())
                    .hasValueSatisfying(row -> assertThat(row.commitment()).isEqualTo(commitment));
        }
        for (Pseudonym pseudonym : revocations) {
            assertThat(RevocationTable.contains(handle, pseudonym))
                    .as("revocation of " + pseudonym)
                    .isTrue();
        }
        List<EpochTable.Row> rows = EpochTable.all(handle);
        epochs.forEach((number, fingerprint) -> assertThat(
                        rows.get(number - 1).key().fingerprint().hex())
                .as("key epoch " + number)
                .isEqualTo(fingerprint));
    }
}
