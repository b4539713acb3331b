package io.ferrymesh.migration;

import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Two providers' engines in one process, a key centre, and a user who holds both ends. */
final class Fixture implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    final Vertx vertx = Vertx.vertx();
    final MemoryNetwork network = new MemoryNetwork(vertx);
    final SecureRandom random = new SecureRandom();
    final MasterKey master = MasterKey.generate(random);
    final Set<Pseudonym> revoked = ConcurrentHashMap.newKeySet();
    final AtomicInteger taken = new AtomicInteger();
    /** Whether nobody can say who is not revoked. */
    volatile boolean stale;

    private final Map<KgcPublicKey, MasterKey> masters = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Every credential, in the order of the numbers of their pseudonyms, from 0. */
    final List<Credential> issued = new CopyOnWriteArrayList<>();

    private final Passing clock = new Passing();
    private final TraceKey trace = TraceKey.generate(random);
    private final AtomicInteger serial = new AtomicInteger();

    volatile Validity validity = new Validity(NOW.getEpochSecond() - 60, NOW.getEpochSecond() + 3600);

    /** One provider's engine. */
    record Provider(MigrationVerticle engine, MemoryNetwork.Node node) {}

    Provider provider() {
        return provider(master, EngineOptions.defaults());
    }

    Provider provider(MasterKey issuedBy, EngineOptions options) {
        return provider(List.of(issuedBy), options);
    }

    /** One that trusts these keys in this order, and has credentials of all of them. */
    Provider provider(List<MasterKey> trusted, EngineOptions options) {
        return provider(new FixedTrust(trusted), this::supply, options);
    }

    Provider provider(Trust trust, CredentialSupply supply, EngineOptions options) {
        MemoryNetwork.Node node = network.join();
        MigrationVerticle engine =
                new MigrationVerticle(new EngineContext(node, trust, supply, clock, random, options));
        done(vertx.deployVerticle(engine));
        return new Provider(engine, node);
    }

    /** Some keys, whatever the time, and what this fixture says is revoked. */
    final class FixedTrust implements Trust {

        private final List<MasterKey> trusted = new CopyOnWriteArrayList<>();

        FixedTrust(List<MasterKey> trusted) {
            this.trusted.addAll(trusted);
            trusted.forEach(key -> masters.put(key.publicKey(), key));
        }

        void retire(MasterKey key) {
            trusted.remove(key);
        }

        @Override
        public List<KgcPublicKey> keys() {
            return trusted.stream().map(MasterKey::publicKey).toList();
        }

        @Override
        public RevocationView revocation() {
            return Fixture.this::status;
        }

        @Override
        public void onRevoked(Runnable listener) {
            listeners.add(listener);
        }
    }

    Future<Credential> supply(KgcPublicKey kgc, Usage usage) {
        return Future.succeededFuture(credential(Objects.requireNonNull(masters.get(kgc)), usage));
    }

    /** Revokes a pseudonym, and everybody is told. */
    void revoke(Pseudonym pseudonym) {
        revoked.add(pseudonym);
        vertx.runOnContext(v -> listeners.forEach(Runnable::run));
    }

    Credential credential(MasterKey issuedBy, Usage usage) {
        taken.incrementAndGet();
        KgcPublicKey kgc = issuedBy.publicKey();
        CertificateInfo info = new CertificateInfo(
                usage, kgc.tag(), trace.seal(1, serial.incrementAndGet()), validity.notBefore(), validity.notAfter());
        try (KeyRequest request = KeyRequest.random(random)) {
            Credential credential = request.accept(
                            kgc,
                            0,
                            new KeyRequest.Wanted(usage, validity),
                            Issuer.issue(issuedBy, info, request.publicPart(), 0, random))
                    .orElseThrow();
            issued.add(credential);
            return credential;
        }
    }

    /** Grants at the source, orders at the destination, and waits for the end. */
    MigrationStatus migrate(Provider source, Path from, Provider destination, Path to) throws Exception {
        MigrationId id = MigrationId.random(random);
        byte[] key = new byte[32];
        random.nextBytes(key);
        offer(source, id, key, DirectoryStore.open(from));
        return fetch(destination, id, key, DirectoryStore.open(to));
    }

    /** The same between any two stores. */
    MigrationStatus migrate(Provider source, ObjectStore from, Provider destination, ObjectStore to) {
        MigrationId id = MigrationId.random(random);
        byte[] key = new byte[32];
        random.nextBytes(key);
        offer(source, id, key, from);
        return fetch(destination, id, key, to);
    }

    void offer(Provider source, MigrationId id, byte[] key, ObjectStore store) {
        done(source.engine.offer(new SourceOffer(
                id, Psk.of(key), voucherKey(key), store, "", NOW.plus(Duration.ofHours(1)), ReceiptLog.NONE)));
    }

    /** The same for every process that offers this grant. */
    static VoucherKey voucherKey(byte[] psk) {
        return VoucherKey.of(Digest.sha256(psk).bytes());
    }

    /** Both ends' statuses when both are over. */
    record Ends(MigrationStatus source, MigrationStatus destination) {}

    /** Migrates everything between two fresh providers as the options say, and keeps what became of the objects. */
    Ends migrate(ObjectStore from, ObjectStore to, TransferOptions options, List<ObjectResult> results) {
        MigrationId id = MigrationId.random(random);
        Provider source = provider();
        offer(source, id, new byte[32], from);
        MigrationStatus there = fetch(provider(), id, to, options, results);
        return new Ends(over(() -> source.engine.source(id).orElseThrow()), there);
    }

    MigrationStatus fetch(
            Provider destination, MigrationId id, ObjectStore to, TransferOptions options, List<ObjectResult> results) {
        return fetch(destination, id, to, options, new CollectingJournal(new MemoryJournal(), results));
    }

    MigrationStatus fetch(
            Provider destination, MigrationId id, ObjectStore to, TransferOptions options, Journal journal) {
        return fetch(destination, id, new byte[32], to, journal, options);
    }

    MigrationStatus fetch(
            Provider destination,
            MigrationId id,
            byte[] key,
            ObjectStore to,
            Journal journal,
            TransferOptions options) {
        done(destination.engine.begin(new DestinationOrder(id, Psk.of(key), to, journal, ReceiptLog.NONE, options)));
        return over(() -> destination.engine.destination(id).orElseThrow());
    }

    MigrationStatus fetch(Provider destination, MigrationId id, byte[] key, ObjectStore store) {
        return fetch(destination, id, key, store, Journal.none());
    }

    MigrationStatus fetch(Provider destination, MigrationId id, byte[] key, ObjectStore store, Journal journal) {
        return fetch(destination, id, key, store, journal, TransferOptions.DEFAULTS);
    }

    /** Asks again on an event loop until the migration is over. */
    MigrationStatus over(java.util.function.Supplier<MigrationStatus> status) {
        return await(whenOver(status));
    }

    private Future<MigrationStatus> whenOver(java.util.function.Supplier<MigrationStatus> status) {
        MigrationStatus now = status.get();
        return now.state().isOver()
                ? Future.succeededFuture(now)
                : vertx.timer(5).compose(later -> whenOver(status));
    }

    /** Waits for something without a result. */
    static void done(Future<?> future) {
        Object unused = await(future.mapEmpty());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets so much time pass for everybody. */
    void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    /** Stands still but for {@link #pass}. */
    private static final class Passing extends Clock {

        private volatile Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** The pseudonym that goes with the serial-th credential. */
    Pseudonym pseudonym(long number) {
        return trace.seal(1, number);
    }

    private RevocationView.Status status(Pseudonym pseudonym, long now) {
        if (revoked.contains(pseudonym)) {
            return RevocationView.Status.REVOKED;
        }
        return stale ? RevocationView.Status.UNKNOWN : RevocationView.Status.GOOD;
    }

    @Override
    public void close() {
        done(vertx.close());
    }
}
