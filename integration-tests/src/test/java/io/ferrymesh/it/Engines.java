package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;

import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.KgcOptions;
import io.ferrymesh.mesh.DirectOptions;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Meshes;
import io.ferrymesh.migration.EngineContext;
import io.ferrymesh.migration.EngineOptions;
import io.ferrymesh.migration.MigrationVerticle;
import io.ferrymesh.migration.Trust;
import io.ferrymesh.provider.EngineStarter;
import io.ferrymesh.provider.ProviderKeys;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.Usage;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** A key centre and two providers' engines in this JVM, each on a member of its own, and a fourth member: a stranger. */
final class Engines implements AutoCloseable {

    final SecureRandom random = new SecureRandom();
    final Provider source;
    final Provider destination;
    final Mesh stranger;
    private final String cluster = "engines-" + UUID.randomUUID();
    private final List<Integer> ports = FreePorts.take(4);
    private final List<Mesh> meshes = new ArrayList<>();
    private final States states = new States();
    final LocalKgc kgc;

    /** One provider: its place on the mesh, its engine, and the keys that the engine uses. */
    record Provider(Mesh mesh, MigrationVerticle engine, ProviderKeys keys) {

        /** The key that handshakes use. */
        KgcPublicKey kgc() {
            return keys.keys().get(0);
        }

        /** Pseudonyms not handed out yet, of both kinds. */
        int stock() {
            return keys.available(kgc(), Usage.KEY_AGREEMENT) + keys.available(kgc(), Usage.SIGNING);
        }

        Credential take() {
            return await(keys.take(kgc(), Usage.KEY_AGREEMENT));
        }
    }

    Engines() {
        this(KgcOptions.defaults(), DirectOptions.OFF, DirectOptions.OFF);
    }

    private Engines(KgcOptions options, DirectOptions ofSource, DirectOptions ofDestination) {
        Mesh centre = join(DirectOptions.OFF);
        kgc = LocalKgc.alone(centre, TestDatabase.sqlite(), options, Clock.systemUTC(), random);
        source = provider("old-cloud", ofSource);
        destination = provider("new-cloud", ofDestination);
        stranger = join(DirectOptions.OFF);
    }

    /** The same, with direct connections as said. */
    static Engines direct(DirectOptions ofSource, DirectOptions ofDestination) {
        return new Engines(KgcOptions.defaults(), ofSource, ofDestination);
    }

    /** The same, with a key centre whose bulletins are good for so long. */
    static Engines withBulletinsGoodFor(long seconds) {
        return new Engines(
                KgcOptions.defaults().with("announcementValiditySeconds", seconds),
                DirectOptions.OFF,
                DirectOptions.OFF);
    }

    @Override
    public void close() {
        for (int i = meshes.size() - 1; i >= 0; i--) {
            await(meshes.get(i).close());
        }
        kgc.close();
        states.close();
    }

    private Provider provider(String name, DirectOptions direct) {
        Mesh mesh = join(direct);
        AtomicReference<Provider> provider = new AtomicReference<>();
        EngineStarter engine = keys -> {
            MigrationVerticle verticle = new MigrationVerticle(new EngineContext(
                    mesh, trust(keys), keys::take, Clock.systemUTC(), random, EngineOptions.defaults()));
            provider.set(new Provider(mesh, verticle, keys));
            return mesh.vertx().deployVerticle(verticle).map(id -> new IdleEngine());
        };
        ProviderOptions options = ProviderOptions.of(kgc.kgc().publicKey().fingerprint());
        String unused = await(mesh.vertx()
                .deployVerticle(new ProviderVerticle(
                        mesh,
                        options,
                        states.fresh(random),
                        Optional.of(kgc.newToken(name)),
                        engine,
                        Clock.systemUTC(),
                        random)));
        return Objects.requireNonNull(provider.get());
    }

    private static Trust trust(ProviderKeys provider) {
        return new Trust() {
            @Override
            public List<KgcPublicKey> keys() {
                return provider.keys();
            }

            @Override
            public RevocationView revocation() {
                return provider.revocation();
            }

            @Override
            public void onRevoked(Runnable listener) {
                provider.onRevoked(listener);
            }
        };
    }

    private Mesh join(DirectOptions direct) {
        Mesh mesh = await(Meshes.start(MeshOptions.builder()
                .clusterName(cluster)
                .clusterPort(ports.get(meshes.size()))
                .members(ports.stream().map(port -> "127.0.0.1:" + port).toList())
                .direct(direct)
                .build()));
        meshes.add(mesh);
        return mesh;
    }
}
