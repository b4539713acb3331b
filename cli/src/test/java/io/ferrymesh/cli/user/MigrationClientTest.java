package io.ferrymesh.cli.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user's client asks of a provider about migrations, events and webhooks. */
class MigrationClientTest {

    private static final String ID = "0123456789abcdef".repeat(2);

    @TempDir
    private Path directory;

    private FakeProvider provider;
    private UserClient user;
    private final List<JsonObject> seen = new ArrayList<>();

    @BeforeEach
    void login() throws IOException, InterruptedException {
        provider = new FakeProvider(600);
        Session session = new AccountClient(provider.uri(), Optional.empty()).login("alex", "secret", Optional.empty());
        SessionFile file = new SessionFile(directory.resolve("session"));
        file.save(session);
        user = UserClient.of(file);
        provider.requests.clear();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void a_migration_is_moved_changed_and_proven_by_its_id() throws Exception {
        MigrationClient migrations = new MigrationClient(user);
        provider.answers("{\"state\":\"QUEUED\"}");
        assertThat(migrations.move(ID, "retry").getString("state")).isEqualTo("QUEUED");
        assertThat(migrations.change(ID, new JsonObject().putNull("deadline")).getString("state"))
                .isEqualTo("QUEUED");
        assertThat(migrations.proof(ID, "photos/a b&c.jpg").getString("state")).isEqualTo("QUEUED");
        migrations.cancel(ID);
        migrations.withdraw(ID);
        assertThat(provider.requests)
                .containsExactly(
                        "POST /v1/migrations/" + ID + "/retry",
                        "PATCH /v1/migrations/" + ID,
                        "GET /v1/migrations/" + ID + "/proof?path=photos%2Fa%20b%26c.jpg",
                        "DELETE /v1/migrations/" + ID,
                        "DELETE /v1/grants/" + ID);
    }

    @Test
    void of_several_receipts_one_is_chosen_by_its_number() throws Exception {
        MigrationClient migrations = new MigrationClient(user);
        provider.answers("a receipt");
        assertThat(migrations.receipt(ID, OptionalLong.of(2))).asString().isEqualTo("a receipt");
        assertThat(migrations.receipt(ID)).asString().isEqualTo("a receipt");
        assertThat(provider.requests)
                .containsSequence(
                        "GET /v1/migrations/" + ID + "/receipt?number=2", "GET /v1/migrations/" + ID + "/receipt");
    }

    @Test
    void one_that_failed_goes_on_and_one_that_runs_is_left_alone() throws Exception {
        MigrationClient migrations = new MigrationClient(user);
        JsonObject grant = new JsonObject().put("migrationId", ID).put("psk", "00");
        provider.answers("{\"state\":\"PAUSED\"}");
        migrations.migrate(grant, Optional.of(new JsonObject().put("dryRun", true)));
        provider.answers("{\"state\":\"SCHEDULED\"}");
        migrations.migrate(grant, Optional.empty());
        assertThat(provider.requests)
                .containsExactly("POST /v1/migrations", "POST /v1/migrations/" + ID + "/resume", "POST /v1/migrations");
        assertThat(grant.containsKey("options")).isFalse();
    }

    @Test
    void events_are_read_from_a_stream() throws Exception {
        provider.answers(
                ":\n\nid: 1\nevent: state\ndata: {\"number\":1,\"state\":\"QUEUED\"}\n\nevent: progress\ndata: {\"bytesDone\":5}\n\n");
        new MigrationClient(user).events(ID, seen::add);
        assertThat(seen)
                .containsExactly(
                        new JsonObject().put("event", "state").put("number", 1).put("state", "QUEUED"),
                        new JsonObject().put("event", "progress").put("bytesDone", 5));
        assertThat(provider.requests).containsExactly("GET /v1/migrations/" + ID + "/events");
    }

    @Test
    void a_feed_is_listed_and_then_followed_from_its_last_number() throws Exception {
        EventClient events = new EventClient(user);
        provider.answers("{\"events\":[{\"number\":7},{\"number\":9}]}");
        assertThat(events.list(3, seen::add)).isEqualTo(9);
        provider.answers("id: 10\nevent: grant.used\ndata: {\"number\":10}\n\n");
        events.follow(9, seen::add);
        assertThat(seen).extracting(event -> event.getLong("number")).containsExactly(7L, 9L, 10L);
        assertThat(provider.requests).containsExactly("GET /v1/events?limit=1000&after=3", "GET /v1/events/stream");
    }

    @Test
    void webhooks_are_listed_set_and_removed() throws Exception {
        WebhookClient webhooks = new WebhookClient(user);
        provider.answers("{\"webhooks\":[{\"webhookId\":\"mine\"}],\"secret\":\"whsec_AAAA\"}");
        webhooks.list(seen::add);
        assertThat(seen).extracting(webhook -> webhook.getString("webhookId")).containsExactly("mine");
        assertThat(webhooks.put("mine", "https://hooks.example.org/", List.of("grant.used"))
                        .getString("secret"))
                .isEqualTo("whsec_AAAA");
        webhooks.remove("mine");
        assertThat(provider.requests)
                .containsExactly(
                        "GET /v1/account/webhooks",
                        "PUT /v1/account/webhooks/mine",
                        "DELETE /v1/account/webhooks/mine");
    }
}
