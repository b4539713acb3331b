package io.ferrymesh.cli;

import io.ferrymesh.kgc.KgcKeyFile;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.migration.EngineOptions;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.UserAccount;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** The demo's nodes inside this JVM, each with its own Vert.x and Hazelcast member. */
final class EmbeddedNodes implements DemoNodes {

    private final List<Node> nodes = new ArrayList<>();
    private final List<ObjectStore> stores = new ArrayList<>();
    private final URI source;
    private final URI destination;

    private EmbeddedNodes(DemoPlan plan) throws Exception {
        try {
            KgcNode kgc = started(KgcNode.start(
                    plan.cluster(DemoPlan.KGC),
                    KgcKeyFile.create(plan.keyFile(), plan.passphrase().toCharArray(), new SecureRandom()),
                    KgcOptions.defaults()));
            kgc.kgc().addToken(token(plan.sourceEnrolment()), "old-cloud");
            kgc.kgc().addToken(token(plan.destinationEnrolment()), "new-cloud");
            Digest root = kgc.kgc().publicKey().fingerprint();
            source = provider(plan, DemoPlan.SOURCE, root, plan.sourceEnrolment(), plan.sourceToken(), plan.from());
            destination = provider(
                    plan, DemoPlan.DESTINATION, root, plan.destinationEnrolment(), plan.destinationToken(), plan.to());
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
        stores.forEach(ObjectStore::close);
    }

    private URI provider(DemoPlan plan, int member, Digest root, String enrolment, String token, Path data)
            throws IOException, StoreException, ExecutionException, InterruptedException {
        ObjectStore store = DirectoryStore.open(data);
        stores.add(store);
        UserAccount user = new UserAccount(DemoPlan.USER, Digest.sha256(Secrets.ascii(token)), store);
        return started(ProviderNode.start(
                        plan.cluster(member),
                        ProviderOptions.of(root, 0, List.of(user)),
                        EngineOptions.defaults(),
                        EnrolmentToken.of(HexFormat.of().parseHex(enrolment))))
                .api();
    }

    private <N extends Node> N started(Future<N> starting) throws ExecutionException, InterruptedException {
        N node = starting.toCompletionStage().toCompletableFuture().get();
        nodes.add(node);
        return node;
    }

    private static Digest token(String enrolment) {
        try (EnrolmentToken token = EnrolmentToken.of(HexFormat.of().parseHex(enrolment))) {
            return token.digest();
        }
    }
}
