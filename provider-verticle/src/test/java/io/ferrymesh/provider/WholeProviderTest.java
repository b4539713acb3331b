package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.config.Configuration;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.NewestTokenKey;
import io.ferrymesh.provider.keys.ProviderKeyFile;
import io.ferrymesh.provider.node.NewProvider;
import io.ferrymesh.provider.node.Provider;
import io.ferrymesh.provider.node.ProviderBase;
import io.ferrymesh.provider.node.ProviderRuntime;
import io.ferrymesh.provider.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A provider with all its parts, but for the engine and a key centre in memory, and what it tells those who watch it. */
@Timeout(120)
class WholeProviderTest {

    private static final String PASSPHRASE = "correct battery staple";
    private static final String NAME = "alice.of.the.metrics";
    private static final String PATH = "holiday-pictures/beach.jpg";

    @TempDir
    private Path directory;

    private final Metrics metrics = new Metrics();
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setMetricsOptions(metrics.ofVertx().newOptions()))
            .withMetrics(metrics.ofVertx())
            .build();
    private final LocalKgc kgc = new LocalKgc(Clock.systemUTC());
    private final HttpClient http = HttpClient.newHttpClient();
    private ProviderConfig config;
    private ProviderBase base;
    private Provider provider;

    @BeforeEach
    void start() throws Exception {
        Path file = Files.writeString(
                directory.resolve("provider.yaml"),
                """
                http: {port: 0}
                management: {port: 0}
                database: {url: "sqlite:%1$s/provider.db"}
                keys: {file: "%1$s/provider.p12", passphraseFile: "%1$s/passphrase"}
                kgc: {fingerprint: %2$s}
                accounts: {argon2: {memoryKib: 8}}
                store: {type: directory, directory: {root: "%1$s/objects"}}
                """
                        .formatted(directory, kgc.key(1).fingerprint().hex()));
        config = Configuration.read(Optional.of(file), Map.of()).provider();
        NewProvider.begin(config, PASSPHRASE.toCharArray(), new SecureRandom());
        base = ProviderBase.open(
                config, ProviderKeyFile.load(config.keys().file(), PASSPHRASE.toCharArray(), new SecureRandom()));
        provider = new Provider(
                new LocalMesh(kgc, vertx),
                base,
                Optional.of(kgc.token()),
                keys -> Future.succeededFuture(new IdleEngine()),
                new ProviderRuntime(Clock.systemUTC(), new SecureRandom(), metrics));
        Void unused = Awaited.await(provider.start());
    }

    @AfterEach
    void stop() {
        Void unused = Awaited.await(provider.stop());
        base.close();
        Void unusedToo = Awaited.await(vertx.close());
        metrics.close();
    }

    @Test
    void its_metrics_say_what_it_is_for() throws Exception {
        String scraped = scrape();
        assertThat(value(scraped, "ferrymesh_provider_ready")).isEqualTo(1);
        assertThat(value(scraped, "ferrymesh_provider_credentials{usage=\"signing\"}"))
                .isPositive();
        assertThat(value(scraped, "ferrymesh_provider_credentials{usage=\"key_agreement\"}"))
                .isPositive();
        double now = Instant.now().getEpochSecond();
        assertThat(value(scraped, "ferrymesh_provider_signer_expires_at")).isGreaterThan(now);
        assertThat(value(scraped, "ferrymesh_provider_bulletin_at")).isBetween(now - 60, now + 60);
        assertThat(value(scraped, "ferrymesh_provider_certificate_expires_at")).isNaN();
        for (String zero : new String[] {
            "grants_offered",
            "migrations_driven",
            "oldest_queued_seconds",
            "accounts_erasing",
            "without_progress_seconds",
            "engine_waiting_tasks",
            "objects_moved_total",
            "objects_failed_total",
            "bytes_moved_total",
            "journal_rows",
            "kept_objects",
            "kept_bytes",
            "webhook_events",
            "webhook_oldest_seconds",
            "webhooks_failing",
            "moves_erasing",
            "moves_oldest_seconds",
            "moves_failed"
        }) {
            assertThat(value(scraped, "ferrymesh_provider_" + zero)).as(zero).isZero();
        }
        assertThat(value(scraped, "ferrymesh_provider_migrations{state=\"queued\"}"))
                .isZero();
        assertThat(value(scraped, "ferrymesh_provider_instances")).isNotNegative();
        assertThat(value(scraped, "ferrymesh_provider_first_deadline_at")).isNaN();
        assertThat(value(scraped, "ferrymesh_database_connections{pool=\"writers\",state=\"idle\"}"))
                .isNotNegative();
        assertThat(scraped).doesNotContain("ferrymesh_provider_degraded{");
    }

    @Test
    void its_metrics_name_no_user_and_no_path_whatever_users_did() throws Exception {
        String token = register();
        URI object = provider.api().resolve("/v1/objects/" + PATH);
        assertThat(send(authorised(object, token).PUT(BodyPublishers.ofString("sand")))
                        .statusCode())
                .isEqualTo(201);
        assertThat(send(authorised(object, token).GET()).body()).isEqualTo("sand");
        assertThat(send(authorised(provider.api().resolve("/v1/objects?prefix=holiday-pictures/"), token)
                                .GET())
                        .body())
                .contains(PATH);
        assertThat(send(authorised(provider.api().resolve("/v1/objects/holiday-nowhere"), token)
                                .GET())
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder(provider.api().resolve("/holiday-of/" + NAME))
                                .GET())
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(authorised(object, token).DELETE()).statusCode()).isEqualTo(204);
        assertThat(post("/v1/sessions", new JsonObject().put("name", NAME).put("password", "not that one at all"))
                        .statusCode())
                .isEqualTo(401);
        String scraped = scrape();
        assertThat(scraped)
                .contains("ferrymesh_provider_api_requests_total{operation=\"putObject\",status=\"201\"} 1")
                .doesNotContain("alice", "holiday", "beach", token);
        String elsewhere = scraped.replaceAll("local=\"127\\.0\\.0\\.1:\\d+\"", "local");
        assertThat(elsewhere).doesNotContain("127.0.0.1");
    }

    @Test
    void a_process_with_an_older_key_file_than_another_says_so() throws Exception {
        try (Database other = Database.open(config.database(), ProviderDatabase.MIGRATIONS)) {
            assertThat(NewestTokenKey.known(other)).isEqualTo(1);
            NewestTokenKey.tell(other, 2);
        }
        String health = health();
        while (!health.contains("KEY_FILE_OLD")) { // it looks every few seconds; the test's time ends
            health = health();
        }
        assertThat(new JsonObject(health).getString("status")).isEqualTo("UP");
        assertThat(value(scrape(), "ferrymesh_provider_degraded{code=\"KEY_FILE_OLD\"}"))
                .isEqualTo(1);
    }

    private String health() throws Exception {
        return send(HttpRequest.newBuilder(provider.management().resolve("/readyz")))
                .body();
    }

    private String register() throws Exception {
        HttpResponse<String> registered =
                post("/v1/accounts", new JsonObject().put("name", NAME).put("password", "nine lives of a cat"));
        assertThat(registered.statusCode()).as(registered.body()).isEqualTo(201);
        return new JsonObject(registered.body()).getString("accessToken");
    }

    private HttpResponse<String> post(String path, JsonObject body) throws Exception {
        return send(HttpRequest.newBuilder(provider.api().resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode())));
    }

    private static HttpRequest.Builder authorised(URI uri, String token) {
        return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String scrape() throws Exception {
        return send(HttpRequest.newBuilder(provider.management().resolve("/metrics")))
                .body();
    }

    private static double value(String scraped, String name) {
        Matcher found =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(scraped);
        if (!found.find()) {
            throw new AssertionError("there is no " + name + " in\n" + scraped);
        }
        return Double.parseDouble(found.group(1));
    }
}
