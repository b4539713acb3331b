package io.ferrymesh.it.containers;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcRuntime;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.scheme.KgcPublicKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What {@link KeyCentre} makes, made by this JVM and not by six that start one after the other: for suites about something
 * else than how a key centre begins.
 */
final class KeyCentreHere {

    private KeyCentreHere() {}

    /** Fills the state "kgc", and writes the passphrase and a token for each of these providers as secrets. */
    static KgcPublicKey make(WorkDirectory work, List<String> providers) throws IOException, KeyFileException {
        String passphrase = KeyCentre.random();
        work.writeSecret(KeyCentre.PASSPHRASE, passphrase);
        Path state = work.state("kgc");
        DatabaseOptions where =
                DatabaseOptions.parse("sqlite:" + state.resolve("kgc.db"), Optional.empty(), Optional.empty());
        KgcRuntime runtime = new KgcRuntime(Clock.systemUTC(), new SecureRandom(), new SimpleMeterRegistry());
        try (KgcKeyring keyring =
                        KgcKeyFile.create(state.resolve("kgc.p12"), passphrase.toCharArray(), runtime.random());
                Database database = Database.open(where, Kgc.MIGRATIONS)) {
            Kgc.init(keyring, database, runtime);
            try (Kgc kgc = Kgc.openLocally(keyring, database, Backups.none(), runtime)) {
                enrol(kgc.operations(new Operator("setup", Role.ENROLMENT)), work, providers);
            }
            return keyring.epochs().get(0).publicKey();
        } finally {
            work.give(state);
        }
    }

    private static void enrol(KgcOperations operations, WorkDirectory work, List<String> providers) throws IOException {
        for (String provider : providers) {
            long number =
                    operations.createProvider(provider, OptionalInt.empty()).number();
            String token = operations.createToken(number, OptionalLong.empty()).token();
            work.writeSecret(provider + "-enrolment", token);
        }
    }
}
