package io.ferrymesh.kgc;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.backup.BackupException;
import io.ferrymesh.kgc.backup.Restore;
import io.ferrymesh.kgc.backup.RestoreReport;
import io.ferrymesh.kgc.backup.Restored;
import io.ferrymesh.kgc.keys.EpochKeys;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.OperatorDesk;
import io.ferrymesh.kgc.operator.Operators;
import io.ferrymesh.kgc.registry.CentreTable;
import io.ferrymesh.kgc.registry.EpochTable;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.SettingTable;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * One node of a key centre, without a mesh: its keys, its database, what operators can do. Several nodes, and the command line,
 * can use one database at once. Whoever made it closes it, then the database and the keys. Methods block: worker threads only.
 */
public final class Kgc implements OperatorDesk, AutoCloseable {

    /** The class path folder of the registry's migrations. */
    public static final String MIGRATIONS = "io/ferrymesh/kgc/migrations";

    /** Serials the command line takes at once. */
    private static final int FEW_SERIALS = 16;

    private final Registry registry;
    private final KgcOptions options;
    private final KgcRuntime runtime;
    private final KeyEpochs epochs;
    private final Announcements announcements;
    private final Issuance issuance;
    private final OperatorDirectory operators;
    private final KgcAdministration.Desks desks;
    private final KgcMetrics metrics;

    private Kgc(Registry registry, KgcOptions options, Backups backups, KgcRuntime runtime, int serialBlock) {
        this.registry = registry;
        this.options = options;
        this.runtime = runtime;
        this.epochs = new KeyEpochs(registry.keyring());
        this.metrics = new KgcMetrics(runtime.meters());
        Serials serials = new Serials(registry.database(), serialBlock);
        this.announcements = new Announcements(
                registry, epochs, new Announcers(registry, serials, options, runtime), options, runtime, metrics);
        this.issuance = new Issuance(registry, epochs, serials, announcements, options, runtime, metrics);
        this.operators = new OperatorDirectory(registry, runtime);
        this.desks = new KgcAdministration.Desks(
                new ProviderDesk(registry, options, runtime),
                new RevocationDesk(registry, announcements, options, runtime),
                new TraceDesk(registry, epochs, runtime, metrics),
                new KeyDesk(registry, epochs, announcements, options, runtime),
                new AuditDesk(registry, epochs, announcements, backups, runtime),
                new RefusalLog(registry, runtime));
    }

    /**
     * Makes an empty database this key centre's. CONFLICT if it is somebody's, this one's included, or if the keys have been used
     * with another before: a key centre that lost its database is restored from a backup, not begun anew.
     */
    public static void init(KgcKeyring keyring, Database database, KgcRuntime runtime) {
        if (keyring.epochs().size() != 1) {
            throw new OperationException(
                    Code.CONFLICT, "the key file has later key epochs, so it has a database already");
        }
        Instant now = runtime.clock().instant();
        boolean unused = database.transaction(handle -> begin(handle, keyring, now));
    }

    /**
     * A node that serves. Options that differ from those the last node had are noted in the audit log. NOT_FOUND if the database
     * is nobody's yet, CONFLICT if it is another key centre's, is older than the key file, or has other key epochs or times
     * than this key centre wrote.
     */
    public static Kgc open(
            KgcKeyring keyring, Database database, KgcOptions options, Backups backups, KgcRuntime runtime) {
        requireOwn(keyring, database);
        Kgc kgc = new Kgc(new Registry(keyring, database), options, backups, runtime, Serials.BLOCK);
        kgc.epochs.refresh(database);
        kgc.noteSettings();
        return kgc;
    }

    /** For operations at the command line, with the options the nodes have. Refuses like {@link #open}. */
    public static Kgc openLocally(KgcKeyring keyring, Database database, Backups backups, KgcRuntime runtime) {
        requireOwn(keyring, database);
        KgcOptions options = KgcOptions.with(database.read(SettingTable::all));
        Kgc kgc = new Kgc(new Registry(keyring, database), options, backups, runtime, FEW_SERIALS);
        kgc.epochs.refresh(database);
        return kgc;
    }

    /**
     * Puts a backup into an empty database, with every node stopped: all of it, as {@link #restored} says, or nothing. Fails with
     * {@link BackupException}.
     */
    public static RestoreReport restore(KgcKeyring keyring, Database database, Path backup, KgcRuntime runtime) {
        Instant now = runtime.clock().instant();
        return Restore.into(database, backup, keyring.centre(), now, handle -> enterLost(handle, keyring, runtime));
    }

    /**
     * To be called once on a database that was put back to an earlier state by its own means, before a node opens it: so that
     * nothing comes twice or works again that was done away with since, and the audit log says so. Key epochs that the key file
     * has and the database lacks are entered again, active at once.
     */
    public static Restored restored(KgcKeyring keyring, Database database, KgcRuntime runtime) {
        requireOwn(keyring, database);
        Instant now = runtime.clock().instant();
        return database.transaction(handle -> {
            Restored restored = Restored.goOn(handle, now, Map.of());
            enterLost(handle, keyring, runtime);
            return restored;
        });
    }

    /** With new times: the old ones are lost. Providers learn them when they are started anew, as they have to be. */
    private static void enterLost(Handle handle, KgcKeyring keyring, KgcRuntime runtime) {
        Instant now = runtime.clock().instant();
        KgcOptions options = KgcOptions.with(SettingTable.all(handle));
        for (EpochKeys keys : keyring.epochs()) {
            List<EpochTable.Row> there = EpochTable.all(handle);
            EpochTable.Row last = there.get(there.size() - 1);
            if (keys.number() == last.number() + 1) {
                long active = Math.max(now.getEpochSecond(), last.activeFrom());
                NewEpoch epoch = NewEpoch.of(keyring, keys, active, options, now, runtime.random());
                epoch.enter(handle, AuditLog.next(handle), Actors.KEY_FILE, now);
            }
        }
    }

    @Override
    public Operators operators() {
        return operators;
    }

    @Override
    public KgcOperations operations(Operator operator) {
        return new KgcAdministration(operator, desks);
    }

    /** The key that is in force now; the fingerprint of any live one is what providers are configured with. */
    public KgcPublicKey publicKey() {
        return epochs.inForce(runtime.nowSeconds()).key();
    }

    /** How it is set up. */
    public KgcOptions options() {
        return options;
    }

    /** Fails if the database does not answer, or if a node that serves has not signed anything for too long. */
    public void requireWorking() {
        int unused = registry.database()
                .read(handle ->
                        handle.createQuery("SELECT 1").mapTo(Integer.class).one());
        if (!announcements.current()) {
            throw new OperationException(Code.UNAVAILABLE, "nothing has been signed for too long; the log says why");
        }
    }

    KgcMetrics metrics() {
        return metrics;
    }

    Registry registry() {
        return registry;
    }

    KeyEpochs epochs() {
        return epochs;
    }

    Announcements announcements() {
        return announcements;
    }

    Issuance issuance() {
        return issuance;
    }

    KgcRuntime runtime() {
        return runtime;
    }

    /** Wipes the credentials it signs announcements with. The keys and the database stay open. */
    @Override
    public void close() {
        announcements.close();
    }

    private static void requireOwn(KgcKeyring keyring, Database database) {
        Optional<Digest> owner = database.read(CentreTable::fingerprint);
        if (owner.isEmpty()) {
            throw new OperationException(
                    Code.NOT_FOUND, "the database " + database.options() + " holds no key centre; begin one with init");
        }
        if (!owner.get().equals(keyring.centre())) {
            throw new OperationException(
                    Code.CONFLICT,
                    "the database %s is of key centre %s, and the key file of %s"
                            .formatted(database.options(), owner.get(), keyring.centre()));
        }
    }

    private static boolean begin(Handle handle, KgcKeyring keyring, Instant now) {
        long seconds = now.getEpochSecond();
        if (!CentreTable.claim(handle, keyring.centre(), seconds)) {
            throw new OperationException(Code.CONFLICT, "the database holds a key centre already");
        }
        Heads.begin(handle, Serials.floor(now));
        EpochKeys first = keyring.epochs().get(0);
        EpochTable.insert(
                handle,
                new EpochTable.Row(
                        first.number(),
                        first.publicKey(),
                        first.hpke().publicKey(),
                        seconds,
                        seconds,
                        OptionalLong.empty(),
                        Optional.empty()));
        String key = HexFormat.of().formatHex(first.publicKey().encoded());
        AuditLog.next(handle)
                .write(
                        now,
                        Actors.KEY_FILE,
                        "centre.created",
                        Map.of("centre", keyring.centre().hex(), "publicKey", key));
        return true;
    }

    private void noteSettings() {
        Instant now = runtime.clock().instant();
        int unused = registry.database().transaction(handle -> {
            // a database that was put back by its own means must not give serials out again
            Heads.raise(handle, Heads.Name.SERIAL, Serials.floor(now));
            Map<String, Long> before = SettingTable.all(handle);
            Map<String, Long> changed = new TreeMap<>(options.noted());
            changed.entrySet().removeIf(setting -> setting.getValue().equals(before.get(setting.getKey())));
            changed.forEach((name, value) -> SettingTable.put(handle, name, value));
            if (!changed.isEmpty()) {
                AuditLog.next(handle).write(now, Actors.CENTRE, "settings.changed", changed);
            }
            return changed.size();
        });
    }
}
