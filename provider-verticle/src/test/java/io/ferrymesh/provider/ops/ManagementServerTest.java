package io.ferrymesh.provider.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.provider.Said;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {

    private final Metrics metrics = new Metrics();
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setMetricsOptions(metrics.ofVertx().newOptions()))
            .withMetrics(metrics.ofVertx())
            .build();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private volatile List<Degradation> degraded = List.of();
    private volatile boolean broken;
    private final AtomicLong looked = new AtomicLong();
    private final Health health =
            new Health(vertx, () -> degraded, () -> nowMs.addAndGet(2_000)).needs("database", this::check);
    private ManagementServer server;

    @BeforeEach
    void start() {
        server = await(ManagementServer.start(
                vertx, "127.0.0.1", 0, health, metrics.registry(), () -> looked.incrementAndGet()));
    }

    @AfterEach
    void stop() {
        Void unused = await(vertx.close());
        metrics.close();
    }

    @Test
    void it_lives_before_it_is_ready_and_while_it_stops() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(ready().getString("stage")).isEqualTo("STARTING");
        health.started();
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(ready().getString("status")).isEqualTo("UP");
        assertThat(ready().getString("stage")).isEqualTo("READY");
        health.stopping();
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(ready().getString("stage")).isEqualTo("STOPPING");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void without_its_database_it_is_not_ready_until_it_has_it_again() throws Exception {
        health.started();
        broken = true;
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        JsonObject database = ready().getJsonArray("checks").getJsonObject(0);
        assertThat(database.getString("name")).isEqualTo("database");
        assertThat(database.getString("status")).isEqualTo("DOWN");
        assertThat(ready().encode()).doesNotContain("jdbc");
        broken = false;
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void what_it_can_do_without_is_told_and_it_stays_ready() throws Exception {
        health.started();
        degraded = List.of(new Degradation("KGC_AWAY", "the key centre does not answer"));
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(ready().getJsonArray("degraded"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject().put("code", "KGC_AWAY").put("detail", "the key centre does not answer")));
    }

    @Test
    void what_stops_while_it_starts_does_not_become_ready() {
        Health early = new Health(vertx, List::of);
        early.stopping();
        early.started();
        assertThat(early.stage()).isEqualTo(Health.Stage.STOPPING);
    }

    @Test
    void a_check_that_hangs_is_not_asked_again_meanwhile() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicLong asked = new AtomicLong();
        Health slow = new Health(vertx, List::of, () -> nowMs.addAndGet(2_000)).needs("store", () -> {
            asked.incrementAndGet();
            awaitLatch(hanging);
        });
        slow.started();
        ManagementServer other =
                await(ManagementServer.start(vertx, "127.0.0.1", 0, slow, metrics.registry(), () -> {}));
        try (Said said = new Said(Health.class)) {
            assertThat(get(other, "/readyz").statusCode()).isEqualTo(503); // after its timeout
            assertThat(get(other, "/readyz").statusCode()).isEqualTo(503); // at once
            assertThat(get(other, "/readyz").statusCode()).isEqualTo(503);
            assertThat(asked).hasValue(1);
            assertThat(said.atLeast(Level.WARN)).containsExactly("store does not answer, so the provider is not ready");
        } finally {
            hanging.countDown();
        }
    }

    @Test
    void metrics_are_prometheus_text_without_paths_or_clients_addresses() throws Exception {
        MeshCounters counters = new MeshCounters();
        counters.count(MeshCounters.Event.PEER_LOST);
        metrics.count(counters);
        assertThat(get("/some/alice/path").statusCode()).isEqualTo(404);
        HttpResponse<String> response = get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body())
                .contains("jvm_memory_used_bytes", "process_cpu_usage")
                .containsPattern("vertx_http_server_requests_total\\{code=\"404\",local=\"127.0.0.1:"
                        + server.uri().getPort() + "\",method=\"GET\"} 1")
                .containsPattern("ferrymesh_mesh_refused_total\\{event=\"peer_lost\"} 1")
                .doesNotContain("alice", "remote");
    }

    @Test
    void times_are_counted_by_the_bounds_they_are_within() throws Exception {
        Consumer<Duration> times =
                metrics.times("ferrymesh.some", "some", Duration.ofMillis(10), Duration.ofMillis(500));
        times.accept(Duration.ofMillis(7));
        times.accept(Duration.ofMillis(70));
        times.accept(Duration.ofSeconds(7));
        assertThat(get("/metrics").body())
                .containsPattern("ferrymesh_some_seconds_bucket\\{le=\"0.01\"} 1\n")
                .containsPattern("ferrymesh_some_seconds_bucket\\{le=\"0.5\"} 2\n")
                .containsPattern("ferrymesh_some_seconds_bucket\\{le=\"\\+Inf\"} 3\n");
    }

    @Test
    void before_metrics_are_read_it_is_looked_what_they_are() throws Exception {
        health.started();
        assertThat(health.isReady()).isFalse();
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
        assertThat(looked).hasValue(1);
        assertThat(health.isReady()).isTrue();
        broken = true;
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
        assertThat(looked).hasValue(2);
        assertThat(health.isReady()).isFalse();
    }

    @Test
    void what_there_is_not_is_a_problem() throws Exception {
        HttpResponse<String> missing = get("/");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("Content-Type")).contains("application/problem+json");
        HttpResponse<String> posted = http.send(
                HttpRequest.newBuilder(server.uri().resolve("/livez"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(405);
    }

    private void check() {
        if (broken) {
            throw new IllegalStateException("jdbc says no");
        }
    }

    private JsonObject ready() throws Exception {
        return new JsonObject(get("/readyz").body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(server, path);
    }

    private HttpResponse<String> get(ManagementServer from, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(from.uri().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            boolean unused = latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
