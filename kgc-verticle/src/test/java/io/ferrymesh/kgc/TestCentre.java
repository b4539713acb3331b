package io.ferrymesh.kgc;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.audit.AuditChain;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A key centre with any number of nodes on one database, without a mesh and under a manual clock. */
final class TestCentre implements AutoCloseable {

    static final int QUOTA = 10;
    static final String REASON = "because a test says so";

    /** A node. Its database is a connection pool of its own, as if it were another process. */
    record Node(Kgc kgc, Database database, SimpleMeterRegistry meters) implements AutoCloseable {

        @Override
        public void close() {
            kgc.close();
            database.close();
        }
    }

    final SecureRandom random = new SecureRandom();
    final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:10:00Z"));
    final KgcKeyring keyring = KgcKeyring.generate(random);
    final DatabaseOptions where;
    final Node node;
    final Kgc kgc;
    private final List<Node> nodes = new ArrayList<>();

    TestCentre(DatabaseOptions where) {
        this(where, options());
    }

    TestCentre(DatabaseOptions where, KgcOptions options) {
        this.where = where;
        Database empty = Database.open(where, Kgc.MIGRATIONS);
        Kgc.init(keyring, empty, runtime(new SimpleMeterRegistry()));
        this.node = node(empty, keyring, options);
        this.kgc = node.kgc();
    }

    /** Ten certificates a day, validities of up to a day in steps of an hour, and no limit of rates that a test would meet. */
    static KgcOptions options() {
        return KgcOptions.defaults()
                .with("maxValiditySeconds", 86_400)
                .with("certificatesPerEpoch", QUOTA)
                .with("tokenValiditySeconds", 600)
                .with("ratePerProvider", 1_000)
                .with("burstPerProvider", 1_000)
                .with("enrolmentsPerSecond", 1_000);
    }

    Node node() {
        return node(keyring, options());
    }

    Node node(KgcKeyring keys, KgcOptions options) {
        return node(Database.open(where, Kgc.MIGRATIONS), keys, options);
    }

    private Node node(Database database, KgcKeyring keys, KgcOptions options) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Kgc opened = Kgc.open(keys, database, options, Backups.none(), runtime(meters));
        Node made = new Node(opened, database, meters);
        nodes.add(made);
        return made;
    }

    KgcRuntime runtime(SimpleMeterRegistry meters) {
        return new KgcRuntime(clock, random, meters);
    }

    KgcOperations as(Role role) {
        return kgc.operations(new Operator("ann", role));
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    ProviderInfo provider(String name) {
        return as(Role.ENROLMENT).createProvider(name, OptionalInt.empty());
    }

    ProviderInfo info(long number) {
        return as(Role.ENROLMENT).provider(number);
    }

    EnrolmentToken token(long provider) {
        return EnrolmentToken.of(HexFormat.of()
                .parseHex(as(Role.ENROLMENT)
                        .createToken(provider, OptionalLong.empty())
                        .token()));
    }

    /** A signing credential and another of a new provider. */
    List<Credential> enrolled(String name) {
        try (EnrolmentToken token = token(provider(name).number())) {
            return enrol(token, 1, 1);
        }
    }

    List<Credential> enrol(EnrolmentToken token, int signing, int agreement) {
        return accept(IssuanceClient.enrol(order(signing, agreement), token, random));
    }

    List<Credential> refill(Credential signer, int agreement) {
        return accept(IssuanceClient.renew(order(0, agreement), signer, random));
    }

    List<Credential> accept(IssuanceClient client) {
        try (client) {
            return client.accept(answer(client.message()));
        }
    }

    byte[] answer(byte[] message) {
        return kgc.issuance().answer(message);
    }

    IssuanceClient.Order order(int signing, int agreement) {
        return order(epoch(), validity(), signing, agreement);
    }

    IssuanceClient.Order order(KeyEpoch epoch, Validity validity, int signing, int agreement) {
        List<Line> lines = new ArrayList<>();
        if (signing > 0) {
            lines.add(new Line(Usage.SIGNING, signing));
        }
        if (agreement > 0) {
            lines.add(new Line(Usage.KEY_AGREEMENT, agreement));
        }
        return new IssuanceClient.Order(epoch.key(), epoch.keys().hpke().publicKey(), lines, validity, now());
    }

    /** The first key epoch. */
    KeyEpoch epoch() {
        return epoch(1);
    }

    KeyEpoch epoch(int number) {
        return kgc.epochs().all().get(number - 1);
    }

    Validity validity() {
        return kgc.announcements().parameters(epoch(), now()).align(now(), 86_400);
    }

    /** All of the audit log, whose chain is intact. */
    List<AuditEntry> audit() {
        List<AuditEntry> entries = new ArrayList<>();
        Digest hash = AuditChain.START;
        List<AuditEntry> page;
        do {
            page = as(Role.AUDIT).audit(entries.size(), 7);
            for (AuditEntry entry : page) {
                if (!AuditChain.follows(entry, entries.size() + 1, hash)) {
                    throw new AssertionError("the chain is broken at " + entry);
                }
                hash = Digest.parse(entry.hash());
                entries.add(entry);
            }
        } while (!page.isEmpty());
        return entries;
    }

    /** The actions in the audit log. */
    List<String> actions() {
        return audit().stream().map(AuditEntry::action).toList();
    }

    AuditEntry lastEntry() {
        List<AuditEntry> all = audit();
        return all.get(all.size() - 1);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        keyring.close();
    }
}
