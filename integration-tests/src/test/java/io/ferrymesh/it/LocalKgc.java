package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.KgcRuntime;
import io.ferrymesh.kgc.KgcVerticle;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.scheme.EnrolmentToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One node of a key centre on somebody's mesh, and what its operators do. */
final class LocalKgc implements AutoCloseable {

    private final Mesh mesh;
    private final Database database;
    private final Kgc kgc;

    private LocalKgc(Mesh mesh, Database database, Kgc kgc) {
        this.mesh = mesh;
        this.database = database;
        this.kgc = kgc;
    }

    /** Of a new key centre in a new database. */
    static LocalKgc alone(Mesh mesh, TestDatabase databases, KgcOptions options, Clock clock, SecureRandom random) {
        DatabaseOptions where = databases.fresh();
        KgcKeyring keyring = KgcKeyring.generate(random);
        KgcRuntime runtime = runtime(clock, random);
        init(keyring, where, runtime);
        return node(mesh, keyring, where, options, runtime);
    }

    static void init(KgcKeyring keyring, DatabaseOptions where, KgcRuntime runtime) {
        try (Database empty = Database.open(where, Kgc.MIGRATIONS)) {
            Kgc.init(keyring, empty, runtime);
        }
    }

    /** One of several with the same keys and database. */
    static LocalKgc node(Mesh mesh, KgcKeyring keyring, DatabaseOptions where, KgcOptions options, KgcRuntime runtime) {
        Database database = Database.open(where, Kgc.MIGRATIONS);
        Kgc opened = Kgc.open(keyring, database, options, Backups.none(), runtime);
        String deployed = await(mesh.vertx().deployVerticle(new KgcVerticle(mesh, opened)));
        if (deployed.isEmpty()) {
            throw new IllegalStateException("the key centre was not deployed");
        }
        return new LocalKgc(mesh, database, opened);
    }

    static KgcRuntime runtime(Clock clock, SecureRandom random) {
        return new KgcRuntime(clock, random, new SimpleMeterRegistry());
    }

    Mesh mesh() {
        return mesh;
    }

    Kgc kgc() {
        return kgc;
    }

    /** What an operator of that role can do. */
    KgcOperations as(Role role) {
        return kgc.operations(new Operator("ann", role));
    }

    /** A token of a new provider. */
    EnrolmentToken newToken(String provider) {
        return newToken(
                as(Role.ENROLMENT).createProvider(provider, OptionalInt.empty()).number());
    }

    /** Another token of a provider. */
    EnrolmentToken newToken(long provider) {
        return EnrolmentToken.of(HexFormat.of()
                .parseHex(as(Role.ENROLMENT)
                        .createToken(provider, OptionalLong.empty())
                        .token()));
    }

    /** Cuts it off from the database and from the cluster, whatever it is doing. */
    void kill() {
        database.close();
        await(mesh.close());
    }

    /** Once the mesh is closed. */
    @Override
    public void close() {
        kgc.close();
        database.close();
    }
}
