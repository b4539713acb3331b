package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** A provider of several processes on one database, whose time stands still until it is told to go on. */
final class Site implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** Objects cost their bytes and nothing else. */
    static final WorkOptions OPTIONS =
            new WorkOptions(10_000, 250, 1_000, 4, 3, 10, 20, 3, 1_000, 2_000, 90, 365, 1_000, 100, 0, 60_000);

    /** The same with objects that cost something besides. */
    static final WorkOptions WITH_OVERHEAD =
            new WorkOptions(10_000, 250, 1_000, 4, 3, 10, 20, 3, 1_000, 2_000, 90, 365, 1_000, 100, 50, 60_000);

    /** One process: its work and its engine. */
    record Node(Work work, FakeEngine engine) {

        /** Beats and looks once. */
        void turn() {
            work.beat();
            work.look();
        }
    }

    final Database database;
    final Function<Account, ObjectStore> objects;
    private final AtomicLong passedMs = new AtomicLong();
    private final Passing clock = new Passing();
    private final SecureRandom random = new SecureRandom();
    private final List<Node> processes = new ArrayList<>();

    Site(TestDatabase databases, Function<Account, ObjectStore> objects) {
        this.database = Database.open(databases.fresh(ProviderDatabase.MIGRATIONS), ProviderDatabase.MIGRATIONS);
        this.objects = objects;
    }

    Site(TestDatabase databases) {
        this(databases, account -> {
            throw new IllegalStateException("no objects here");
        });
    }

    /** Seals by adding the associated data's sum, which shows whether it is opened for the same row. */
    static final PskSeal SEAL = new PskSeal() {
        @Override
        public byte[] seal(byte[] psk, byte[] associated) {
            byte[] sealed = Arrays.copyOf(psk, psk.length + 4);
            for (int i = 0; i < psk.length; i++) {
                sealed[i] ^= 0x5a;
            }
            System.arraycopy(
                    java.nio.ByteBuffer.allocate(4)
                            .putInt(Arrays.hashCode(associated))
                            .array(),
                    0,
                    sealed,
                    psk.length,
                    4);
            return sealed;
        }

        @Override
        public byte[] open(byte[] sealed, byte[] associated) {
            byte[] psk = Arrays.copyOf(sealed, sealed.length - 4);
            if (!Arrays.equals(seal(xored(psk), associated), sealed)) {
                throw new IllegalStateException("sealed for another row");
            }
            return xored(psk);
        }

        @Override
        public VoucherKey vouchers(MigrationId grant, byte[] drawn) {
            return VoucherKey.of(Digest.sha256(grant.bytes(), drawn).bytes());
        }

        private byte[] xored(byte[] bytes) {
            byte[] out = bytes.clone();
            for (int i = 0; i < out.length; i++) {
                out[i] ^= 0x5a;
            }
            return out;
        }
    };

    Node process() {
        return process(OPTIONS);
    }

    /** One that works by itself, in real time. */
    Node living() {
        WorkOptions quick =
                new WorkOptions(6_000, 20, 100, 4, 3, 10, 20, 3, 1_000, 2_000, 90, 365, 1_000, 100, 0, 60_000);
        Node node = new Node(Work.open(database, SEAL, objects, quick, Clock.systemUTC(), random), new FakeEngine());
        processes.add(node);
        return node;
    }

    Node process(WorkOptions options) {
        Node process =
                new Node(Work.open(database, SEAL, objects, options, clock, passedMs::get, random), new FakeEngine());
        process.work.engine(process.engine);
        process.turn();
        processes.add(process);
        return process;
    }

    Account account(long number) {
        Account account = new Account(new AccountId(number), "user" + number);
        int unused = database.transaction(handle -> handle.createUpdate("INSERT INTO account (id, name, state,"
                        + " user_handle, used_bytes, created_at) VALUES (:id, :name, 'ACTIVE', :handle, 0, 0)")
                .bind("id", number)
                .bind("name", account.name())
                .bind("handle", new byte[] {(byte) number})
                .execute());
        return account;
    }

    NewGrant grant() {
        return grant(3_600);
    }

    NewGrant grant(long expiresInSeconds) {
        return new NewGrant(MigrationId.random(random), Psk.random(random), "photos/", expiresInSeconds);
    }

    NewMigration migration() {
        return new NewMigration(MigrationId.random(random), Psk.random(random));
    }

    Clock clock() {
        return clock;
    }

    Instant now() {
        return clock.now;
    }

    void pass(long ms) {
        clock.now = clock.now.plusMillis(ms);
        long unused = passedMs.addAndGet(ms);
    }

    /** Somebody sets the clocks, and no time passes. */
    void setClocks(long ms) {
        clock.now = clock.now.plusMillis(ms);
    }

    /** So much time that a process which does not beat is dead, while these do. */
    void outlive(Node... living) {
        for (int i = 0; i < 7; i++) {
            pass(2_000);
            for (Node each : living) {
                each.turn();
            }
        }
    }

    /** One value of a row by its id. */
    <T> T value(Class<T> type, String sql, MigrationId id) {
        return database.read((Handle handle) ->
                handle.createQuery(sql).bind("id", id.bytes()).mapTo(type).one());
    }

    long count(String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    @Override
    public void close() {
        processes.forEach(each -> each.work.close());
        database.close();
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
}
