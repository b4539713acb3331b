package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.ProgressView;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watching a migration. */
class EventsTest {

    private static final String EVENTS = "/v1/migrations/" + Samples.ID + "/events";

    @TempDir
    private static Path root;

    private ApiUnderTest api;

    private static ApiUnderTest shared;

    @BeforeAll
    static void start() {
        shared = new ApiUnderTest(root);
    }

    @AfterAll
    static void stop() {
        shared.close();
    }

    @BeforeEach
    void forget() {
        api = shared;
        api.fakes.forget();
        api.fakes.accounts.loggedOut.clear();
        api.fakes.moves.progress = ProgressView.NONE;
        api.fakes.moves.asked = () -> {};
    }

    @Test
    void every_change_comes_once_and_the_last_ends_the_stream() throws IOException {
        api.fakes.moves.happens(State.QUEUED);
        try (RawClient client = watch("")) {
            assertThat(field(client, "id")).isEqualTo("1");
            assertThat(field(client, "event")).isEqualTo("state");
            assertThat(state(client)).isEqualTo("QUEUED");
            api.fakes.moves.happens(State.RUNNING);
            assertThat(state(client)).isEqualTo("RUNNING");
            api.fakes.moves.progress = new ProgressView(9, true, 1, 0, 0, 0, 90, 20, 10);
            assertThat(field(client, "event")).isEqualTo("progress");
            assertThat(new JsonObject(field(client, "data")).getLong("bytesMoved"))
                    .isEqualTo(20);
            api.fakes.moves.happens(State.FAILED);
            JsonObject failed = new JsonObject(field(client, "data"));
            assertThat(failed.getString("state")).isEqualTo("FAILED");
            assertThat(failed.getJsonObject("failure").getString("code")).isEqualTo("PEER_LOST");
            assertThat(chunked(client)).isEmpty();
        }
    }

    @Test
    void who_comes_back_gets_what_came_after_the_last_number() throws IOException {
        api.fakes.moves.happens(State.QUEUED);
        api.fakes.moves.happens(State.RUNNING);
        try (RawClient client = watch("Last-Event-ID: 1\r\n")) {
            assertThat(field(client, "id")).isEqualTo("2");
            assertThat(state(client)).isEqualTo("RUNNING");
        }
    }

    @Test
    void a_browser_that_has_everything_of_a_migration_that_ended_is_told_not_to_come_back() {
        api.fakes.moves.happens(State.RUNNING);
        api.fakes.moves.happens(State.COMPLETED);
        HttpResponse<String> all = api.get(EVENTS);
        assertThat(all.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(all.body()).contains("id: 1\n", "id: 2\n");
        assertThat(api.send(api.authorized(EVENTS).header("Last-Event-ID", "2").GET())
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void a_paused_migration_is_watched_on_and_heard_of_now_and_then() throws IOException {
        api.fakes.moves.happens(State.PAUSED);
        try (RawClient client = watch("")) {
            assertThat(state(client)).isEqualTo("PAUSED");
            String line = client.line();
            while (!line.equals(":")) {
                line = client.line();
            }
            api.fakes.moves.happens(State.RUNNING);
            assertThat(state(client)).isEqualTo("RUNNING");
        }
    }

    @Test
    void a_stream_ends_with_its_session() throws IOException {
        api.fakes.moves.happens(State.RUNNING);
        try (RawClient client = watch("")) {
            assertThat(state(client)).isEqualTo("RUNNING");
            api.fakes.accounts.loggedOut.add("alice");
            assertThat(chunked(client)).isEmpty();
        }
    }

    @Test
    void an_account_has_so_many_streams_and_another_has_its_own() throws IOException {
        api.fakes.moves.happens(State.RUNNING);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ApiUnderTest.OPTIONS.eventStreamsPerAccount(); i++) {
                clients.add(watch(""));
                assertThat(state(clients.get(i))).isEqualTo("RUNNING");
            }
            assertThat(api.get(EVENTS).statusCode()).isEqualTo(429);
            try (RawClient bob = watchAs("bob", "")) {
                assertThat(state(bob)).isEqualTo("RUNNING");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        boolean room = false;
        for (int i = 0; i < 1_000 && !room; i++) { // the server has yet to hear that they went
            try (RawClient again = api.raw()) {
                again.say("GET " + EVENTS + " HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n");
                room = again.status() == 200;
            }
        }
        assertThat(room).isTrue();
    }

    @Test
    void there_are_so_many_streams_in_all(@TempDir Path other) throws Exception {
        try (ApiUnderTest fresh = new ApiUnderTest(other)) {
            api = fresh;
            api.fakes.moves.happens(State.RUNNING);
            for (int i = 0; i < ApiUnderTest.OPTIONS.eventStreams(); i++) {
                RawClient unused = watchAs(i < ApiUnderTest.OPTIONS.eventStreamsPerAccount() ? "alice" : "bob", "");
            }
            HttpResponse<String> refused = api.send(api.as("bob", EVENTS).GET());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("OVERLOADED");
        }
    }

    @Test
    void what_is_new_is_looked_for_once_for_all_who_watch_and_keeps_no_request_waiting(@TempDir Path other)
            throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ApiUnderTest fresh = new ApiUnderTest(other)) {
            api = fresh;
            api.fakes.moves.happens(State.RUNNING);
            List<RawClient> clients = List.of(watch(""), watch(""), watch(""));
            AtomicInteger atOnce = new AtomicInteger();
            api.fakes.moves.asked = () -> {
                var unused = atOnce.incrementAndGet();
                waitFor(release);
            };
            AtomicInteger looks = new AtomicInteger();
            Void unusedLooked = api.onEventLoopUntil(() -> atOnce.get() > 0 && looks.incrementAndGet() > 20);
            assertThat(atOnce).hasValue(1);
            api.fakes.moves.asked = () -> {};
            api.fakes.moves.happens(State.COMPLETED);
            release.countDown();
            for (RawClient client : clients) {
                assertThat(state(client)).isEqualTo("RUNNING");
                assertThat(state(client)).isEqualTo("COMPLETED");
                client.close();
            }
        } finally {
            release.countDown();
        }
    }

    private static void waitFor(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void who_joins_with_less_than_others_have_misses_nothing() throws IOException {
        api.fakes.moves.happens(State.QUEUED);
        api.fakes.moves.happens(State.RUNNING);
        try (RawClient ahead = watch("Last-Event-ID: 2\r\n");
                RawClient behind = watch("")) {
            assertThat(state(behind)).isEqualTo("QUEUED");
            assertThat(state(behind)).isEqualTo("RUNNING");
            api.fakes.moves.happens(State.COMPLETED);
            assertThat(state(behind)).isEqualTo("COMPLETED");
            assertThat(state(ahead)).isEqualTo("COMPLETED");
        }
    }

    @Test
    void a_stop_ends_the_streams_and_then_the_server(@TempDir Path other) throws Exception {
        try (ApiUnderTest fresh = new ApiUnderTest(other)) {
            api = fresh;
            api.fakes.moves.happens(State.RUNNING);
            try (RawClient client = watch("")) {
                assertThat(state(client)).isEqualTo("RUNNING");
                Void unused = api.running().stop(Duration.ofSeconds(20)).await(15, TimeUnit.SECONDS);
                assertThat(chunked(client)).isEmpty();
            }
        }
    }

    private RawClient watch(String headers) throws IOException {
        return watchAs("alice", headers);
    }

    /** A connection whose answer's head has been read. */
    private RawClient watchAs(String name, String headers) throws IOException {
        RawClient client = api.raw();
        client.say("GET " + EVENTS + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + name + "-token\r\n" + headers
                + "\r\n");
        assertThat(client.status()).isEqualTo(200);
        String line = client.line();
        while (!line.isEmpty()) {
            line = client.line();
        }
        return client;
    }

    private static String state(RawClient client) throws IOException {
        JsonObject data = new JsonObject(field(client, "data"));
        while (!data.containsKey("state")) {
            data = new JsonObject(field(client, "data"));
        }
        return data.getString("state");
    }

    /** The next field of that name; sizes of chunks and other fields are passed over. */
    private static String field(RawClient client, String name) throws IOException {
        String line = client.line();
        for (int i = 0; i < 10_000 && !line.startsWith(name + ": "); i++) {
            line = client.line();
        }
        assertThat(line).startsWith(name + ": ");
        return line.substring(name.length() + 2);
    }

    /** What comes until the last chunk, besides comments and progress. */
    private static List<String> chunked(RawClient client) throws IOException {
        List<String> states = new ArrayList<>();
        String line = client.line();
        for (int i = 0; i < 100_000 && !line.equals("0"); i++) {
            if (line.startsWith("event: state")) {
                states.add(line);
            }
            line = client.line();
        }
        assertThat(line).isEqualTo("0");
        return states;
    }
}
