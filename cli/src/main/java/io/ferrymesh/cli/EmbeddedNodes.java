package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.kgc.api.ApiOptions;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.NewOperator;
import io.ferrymesh.kgc.operator.NewToken;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.provider.config.Configuration;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.provider.node.NewProvider;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;

/** The demo's nodes inside this JVM, each with its own Vert.x and Hazelcast member. */
final class EmbeddedNodes implements DemoNodes {

    private final List<Node> nodes = new ArrayList<>();
    private final URI source;
    private final URI destination;

    private EmbeddedNodes(DemoPlan plan) throws Exception {
        try {
            KgcNode kgc = started(KgcNode.start(plan.cluster(DemoPlan.KGC), centre(plan), ApiOptions.loopback(0)));
            KgcOperations operations = operations(kgc.kgc());
            Digest root = kgc.kgc().publicKey().fingerprint();
            source = provider(plan, DemoProvider.source(plan), root, operations);
            destination = provider(plan, DemoProvider.destination(plan), root, operations);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    static EmbeddedNodes start(DemoPlan plan) throws Exception {
        return new EmbeddedNodes(plan);
    }

    @Override
    public URI source() {
        return source;
    }

    @Override
    public URI destination() {
        return destination;
    }

    @Override
    public void close() {
        Future<Void> stopped = Future.succeededFuture();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            stopped = stopped.eventually(node::stop);
        }
        stopped.toCompletionStage().toCompletableFuture().join();
    }

    /** As kgc init and kgc run do it. */
    private static KgcNode.Centre centre(DemoPlan plan) throws KeyFileException {
        DatabaseOptions registry = new DatabaseOptions.Sqlite(plan.work().resolve("kgc.db"));
        KgcKeyring keyring = KgcKeyFile.create(plan.keyFile(), plan.passphrase().toCharArray(), new SecureRandom());
        try (Database database = Database.open(registry, Kgc.MIGRATIONS)) {
            Kgc.init(keyring, database, LocalCentre.runtime(new SimpleMeterRegistry()));
        } catch (RuntimeException e) {
            keyring.close();
            throw e;
        }
        return KgcNode.Centre.open(keyring, registry, KgcOptions.defaults(), database -> Backups.none());
    }

    private static KgcOperations operations(Kgc kgc) {
        NewOperator operator = kgc.operators().add(DemoPlan.OPERATOR, Role.ENROLMENT);
        return kgc.operations(kgc.operators().authenticate(operator.token()));
    }

    private static EnrolmentToken enrolment(KgcOperations operations, String provider) {
        long number = operations.createProvider(provider, OptionalInt.empty()).number();
        NewToken token = operations.createToken(number, OptionalLong.empty());
        return EnrolmentToken.of(HexFormat.of().parseHex(token.token()));
    }

    /** As provider init and provider run do it. */
    private URI provider(DemoPlan plan, DemoProvider provider, Digest root, KgcOperations operations) throws Exception {
        Path file = provider.configure(plan, root.hex());
        ProviderConfig config = Configuration.read(Optional.of(file), plan.environment(provider.member()))
                .provider();
        NewProvider.begin(config, ConfigOption.passphrase(config.keys()), new SecureRandom());
        ProviderSecrets secrets = ConfigOption.secrets(config.keys());
        EnrolmentToken token = enrolment(operations, provider.name());
        return started(ProviderNode.launch(config, secrets, Optional.of(token)).start())
                .api();
    }

    private <N extends Node> N started(Future<N> starting) throws ExecutionException, InterruptedException {
        N node = starting.toCompletionStage().toCompletableFuture().get();
        nodes.add(node);
        return node;
    }
}
