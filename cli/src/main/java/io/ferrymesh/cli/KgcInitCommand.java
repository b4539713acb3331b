package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.OperationException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Begins a key centre. */
@Command(
        name = "init",
        description = "Makes the key file, with the master secret and the trace key, and begins the registry in the"
                + " database. Never overwrites a key file, nor a registry.",
        mixinStandardHelpOptions = true)
final class KgcInitCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CentreOptions centre = new CentreOptions();

    @Override
    public Integer call() throws Exception {
        DatabaseOptions where = centre.registry(spec);
        try (Database database = Database.open(where, Kgc.MIGRATIONS);
                KgcKeyring keyring = KgcKeyFile.create(centre.keyFile(), centre.passphrase(), new SecureRandom())) {
            begin(keyring, database);
            JsonOut.print(
                    new JsonObject().put("fingerprint", keyring.centre().hex()).put("database", where.toString()));
        }
        return 0;
    }

    /** A registry that is somebody's already leaves no key file behind that would fit nothing. */
    private void begin(KgcKeyring keyring, Database database) throws IOException {
        try {
            Kgc.init(keyring, database, LocalCentre.runtime(new SimpleMeterRegistry()));
        } catch (OperationException e) {
            if (e.code() == OperationException.Code.CONFLICT) {
                Files.delete(centre.keyFile());
            }
            throw e;
        }
    }
}
