package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcRuntime;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.Operators;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** A key centre as a command sees it that has the key file: beside nodes that run, or where none does. */
final class LocalCentre implements AutoCloseable {

    private final KgcKeyring keyring;
    private final Database database;
    private final Kgc kgc;

    private LocalCentre(KgcKeyring keyring, Database database, Kgc kgc) {
        this.keyring = keyring;
        this.database = database;
        this.kgc = kgc;
    }

    static LocalCentre open(CentreOptions options, CommandSpec command) throws KeyFileException {
        return open(options, database -> Backups.none(), command);
    }

    static LocalCentre open(CentreOptions options, Function<Database, Backups> backups, CommandSpec command)
            throws KeyFileException {
        DatabaseOptions where = options.registry(command);
        KgcKeyring keyring = options.keyring();
        try {
            CentreOptions.requireThere(where);
            Database database = Database.open(where, Kgc.MIGRATIONS);
            try {
                KgcRuntime runtime = runtime(new SimpleMeterRegistry());
                Kgc kgc = Kgc.openLocally(keyring, database, backups.apply(database), runtime);
                return new LocalCentre(keyring, database, kgc);
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            keyring.close();
            throw e;
        }
    }

    static KgcRuntime runtime(MeterRegistry meters) {
        return new KgcRuntime(Clock.systemUTC(), new SecureRandom(), meters);
    }

    Operators operators() {
        return kgc.operators();
    }

    /** What the operator with this token can do. */
    KgcOperations operations(String token) {
        return kgc.operations(kgc.operators().authenticate(token));
    }

    @Override
    public void close() {
        kgc.close();
        database.close();
        keyring.close();
    }
}
