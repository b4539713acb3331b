package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.provider.api.ApiHealth;
import io.ferrymesh.provider.config.Configuration;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.ferrymesh.provider.node.NewProvider;
import io.ferrymesh.provider.node.Provider;
import io.ferrymesh.provider.node.ProviderBase;
import io.ferrymesh.provider.node.ProviderRuntime;
import io.ferrymesh.provider.ops.Metrics;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.stores.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole provider that is started while its key centre is away: users notice nothing, and migrations wait. */
class KeyCentreAwayTest {

    private static final char[] PASSPHRASE = "correct battery staple".toCharArray();

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:10:00Z"));
    private final LocalKgc kgc = new LocalKgc(clock);
    private final LocalMesh mesh = new LocalMesh(kgc, vertx);
    private final Metrics metrics = new Metrics();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Promise<MigrationEngine> engine = Promise.promise();

    @TempDir
    private Path directory;

    private ProviderConfig config;
    private @Nullable ProviderBase base;

    @BeforeEach
    void begin() throws Exception {
        String yaml =
                """
                http: {port: 0}
                management: {port: 0}
                database: {url: 'sqlite:%1$s/provider.db'}
                keys: {file: '%1$s/provider.p12', passphraseFile: '%1$s/passphrase'}
                kgc: {fingerprint: '%2$s', startWaitSeconds: 5}
                accounts: {argon2: {memoryKib: 64}}
                store: {type: directory, directory: {root: '%1$s/objects'}}
                """
                        .formatted(directory, kgc.key(1).fingerprint().hex());
        Path file = Files.writeString(directory.resolve("provider.yaml"), yaml);
        config = Configuration.read(Optional.of(file), Map.of()).provider();
        assertThat(config.database()).isInstanceOf(DatabaseOptions.Sqlite.class);
        NewProvider.begin(config, PASSPHRASE.clone(), new SecureRandom());
    }

    @AfterEach
    void close() {
        Awaited.await(vertx.close());
        closeBase();
        metrics.close();
    }

    @Test
    void users_reach_their_objects_and_the_engine_comes_with_the_key_centre() throws Exception {
        Provider enrolling = provider(Optional.of(kgc.token()));
        Awaited.await(enrolling.start());
        assertThat(enrolling.health()).isEqualTo(ApiHealth.UP);
        Awaited.await(enrolling.stop());
        closeBase();

        mesh.away = true;
        Provider again = provider(Optional.empty());
        Awaited.await(again.start());
        assertThat(again.health().status()).isEqualTo(ApiHealth.Status.DEGRADED);
        assertThat(again.health().reasons()).extracting(ApiHealth.Reason::code).containsExactly("KGC_AWAY");
        assertThat(send(HttpRequest.newBuilder(again.management().resolve("/readyz")))
                        .statusCode())
                .isEqualTo(200);

        String token = register(again.api());
        URI photo = again.api().resolve("/v1/objects/photo.jpg");
        HttpRequest.Builder put = HttpRequest.newBuilder(photo)
                .header("Authorization", "Bearer " + token)
                .PUT(HttpRequest.BodyPublishers.ofString("a photo"));
        assertThat(send(put).statusCode()).isEqualTo(201);
        HttpRequest.Builder get = HttpRequest.newBuilder(photo).header("Authorization", "Bearer " + token);
        assertThat(send(get).body()).isEqualTo("a photo");
        assertThat(engine.future().isComplete()).isFalse();

        mesh.away = false;
        assertThat(Awaited.await(engine.future())).isInstanceOf(IdleEngine.class);
        Awaited.await(again.stop());
    }

    @Test
    void users_reach_their_objects_however_long_the_key_centre_is_away() throws Exception {
        Provider enrolling = provider(Optional.of(kgc.token()));
        Awaited.await(enrolling.start());
        Awaited.await(enrolling.stop());
        closeBase();
        try (Database database = Database.open(config.database(), ProviderDatabase.MIGRATIONS)) {
            int expired = database.transaction(handle -> handle.execute("DELETE FROM credential"));
            assertThat(expired).isPositive();
        }

        mesh.away = true;
        Provider again = provider(Optional.empty());
        Awaited.await(again.start());
        assertThat(again.health().reasons()).extracting(ApiHealth.Reason::code).contains("KGC_AWAY");
        assertThat(register(again.api())).isNotEmpty();
        Awaited.await(again.stop());
    }

    /** As a process that is told to stop while it waits for its key centre. */
    @Test
    void one_that_has_not_started_yet_stops_in_order() throws Exception {
        mesh.hold = true;
        Provider starting = provider(Optional.of(kgc.token()));
        Future<Void> started = starting.start();
        mesh.firstAsked.get();
        assertThat(starting.doing()).contains("the key centre");
        Awaited.await(starting.stop());
        assertThat(started.succeeded()).isFalse();
        assertThat(kgc.spentTokens).isEmpty();
    }

    private void closeBase() {
        if (base != null) {
            base.close();
        }
    }

    private String register(URI api) throws IOException, InterruptedException {
        JsonObject account = new JsonObject().put("name", "alice").put("password", "correct battery, no staple");
        HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve("/v1/accounts"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(account.encode()));
        return new JsonObject(send(request).body()).getString("accessToken");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Its engine is {@link #engine} once the key centre was away. */
    private Provider provider(Optional<EnrolmentToken> token) throws KeyFileException, StoreException {
        ProviderBase opened = ProviderBase.open(
                config, ProviderKeyFile.load(config.keys().file(), PASSPHRASE.clone(), new SecureRandom()));
        base = opened;
        Future<MigrationEngine> idle = Future.succeededFuture(new IdleEngine());
        EngineStarter starter = keys -> token.isPresent() ? idle : idle.onComplete(engine);
        return new Provider(mesh, opened, token, starter, new ProviderRuntime(clock, new SecureRandom(), metrics));
    }
}
