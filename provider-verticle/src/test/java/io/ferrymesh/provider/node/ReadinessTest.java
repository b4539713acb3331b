package io.ferrymesh.provider.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ops.Health;
import io.ferrymesh.provider.ops.ManagementServer;
import io.ferrymesh.provider.ops.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a provider not ready, as whoever watches it sees it. */
class ReadinessTest {

    private static final Map<String, String> ALL_UP = Map.of("database", "UP", "store", "UP");

    private final TestDatabase databases = TestDatabase.sqlite();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Metrics metrics = new Metrics();

    @TempDir
    private Path directory;

    private Places places;
    private ProviderBase base;
    private volatile boolean beats = true;

    @BeforeEach
    void open() throws Exception {
        places = Places.in(directory, databases.fresh());
        places.begin();
        base = places.open();
    }

    @AfterEach
    void close() {
        vertx.close().await();
        base.close();
        metrics.close();
        databases.close();
    }

    @Test
    void with_its_database_and_its_store_it_is_ready() throws Exception {
        assertThat(checks()).isEqualTo(ALL_UP);
    }

    @Test
    void without_the_disk_at_its_mount_point_it_is_not() throws Exception {
        Files.move(places.root(), directory.resolve("disk"));
        Files.createDirectory(places.root());
        assertThat(checks()).isEqualTo(Map.of("database", "UP", "store", "DOWN"));
    }

    @Test
    void with_a_store_of_another_provider_it_is_not() throws Exception {
        Files.writeString(places.marker(), "another's");
        assertThat(checks()).isEqualTo(Map.of("database", "UP", "store", "DOWN"));
    }

    @Test
    void with_a_database_that_can_only_be_read_it_is_not() throws Exception {
        beats = false;
        assertThat(checks()).isEqualTo(Map.of("database", "DOWN", "store", "UP"));
    }

    @Test
    void without_its_database_it_is_not() throws Exception {
        Database database = base.state().database();
        database.close();
        assertThat(checks()).isEqualTo(Map.of("database", "DOWN", "store", "UP"));
    }

    @Test
    void the_store_of_one_account_needs_no_marker() throws Exception {
        Places whole = Places.in(Files.createDirectories(directory.resolve("whole")), databases.fresh())
                .with("");
        whole.begin();
        base.close();
        base = whole.open();
        assertThat(checks()).isEqualTo(ALL_UP);
    }

    /** The status must go with the checks. */
    private Map<String, String> checks() throws Exception {
        Health health = Readiness.add(
                new Health(vertx, List::of), base.state().database(), base.store(), base.marker(), () -> beats);
        health.started();
        ManagementServer server = ManagementServer.start(vertx, "127.0.0.1", 0, health, metrics.registry(), () -> {})
                .await(20, TimeUnit.SECONDS);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(server.uri().resolve("/readyz")).build(), HttpResponse.BodyHandlers.ofString());
        Map<String, String> checks = new TreeMap<>();
        new JsonObject(answer.body())
                .getJsonArray("checks").stream()
                        .map(JsonObject.class::cast)
                        .forEach(each -> checks.put(each.getString("name"), each.getString("status")));
        assertThat(answer.statusCode()).isEqualTo(checks.containsValue("DOWN") ? 503 : 200);
        return checks;
    }
}
