package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many who ask for much at once: strangers who log in, and one account. */
class LoginFloodTest {

    /** Calls of one account that are under way at once. */
    private static final int SHARE = 4;

    private static final String LOGIN = "{\"name\":\"alice\",\"password\":\"correct horse battery\"}";

    @Test
    void whoever_is_logged_in_does_not_wait_for_strangers_who_log_in(@TempDir Path root) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<RawClient> strangers = new ArrayList<>();
        try (ApiUnderTest api = new ApiUnderTest(root)) {
            api.fakes.accounts.hashing = () -> waitFor(release);
            int flood = 2 * ApiUnderTest.OPTIONS.workers();
            for (int i = 0; i < flood; i++) {
                strangers.add(saying(
                        api,
                        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                + LOGIN.length() + "\r\n\r\n" + LOGIN));
            }
            awaitAsked(api, "login", ApiUnderTest.OPTIONS.passwordWorkers());
            assertThat(api.put("/v1/objects/cat.txt", "a cat").statusCode()).isEqualTo(201);
            assertThat(api.get("/v1/objects/cat.txt").body()).isEqualTo("a cat");
            assertThat(api.get("/v1/objects").statusCode()).isEqualTo(200);
            release.countDown();
            for (RawClient stranger : strangers) {
                assertThat(stranger.status()).isEqualTo(201);
            }
        } finally {
            release.countDown();
            close(strangers);
        }
    }

    @Test
    void nobody_waits_for_strangers_who_answer_challenges_with_passkeys(@TempDir Path root) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<RawClient> strangers = new ArrayList<>();
        try (ApiUnderTest api = new ApiUnderTest(root)) {
            api.fakes.accounts.verifying = () -> waitFor(release);
            String answer = Samples.body("loginWithPasskey").encode();
            for (int i = 0; i < 2 * ApiUnderTest.OPTIONS.workers(); i++) {
                strangers.add(saying(
                        api,
                        "POST /v1/sessions/passkey HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + answer.length() + "\r\n\r\n" + answer));
            }
            awaitAsked(api, "loginWithPasskey", ApiUnderTest.OPTIONS.passwordWorkers());
            assertThat(api.put("/v1/objects/cat.txt", "a cat").statusCode()).isEqualTo(201);
            assertThat(api.get("/v1/objects/cat.txt").body()).isEqualTo("a cat");
            assertThat(api.send(api.request("/v1/sessions")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(LOGIN)))
                            .statusCode())
                    .isEqualTo(201);
            release.countDown();
            for (RawClient stranger : strangers) {
                assertThat(stranger.status()).isEqualTo(201);
            }
        } finally {
            release.countDown();
            close(strangers);
        }
    }

    @Test
    void no_account_waits_for_another_that_keeps_its_own_calls_waiting(@TempDir Path root) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<RawClient> connections = new ArrayList<>();
        try (ApiUnderTest api = new ApiUnderTest(root)) {
            AtomicInteger held = new AtomicInteger();
            api.fakes.deleting = () -> {
                var unused = held.incrementAndGet();
                waitFor(release);
            };
            int many = 4 * ApiUnderTest.OPTIONS.workers();
            for (int i = 0; i < many; i++) {
                connections.add(saying(api, "DELETE /v1/objects/one HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n"));
            }
            while (held.get() < SHARE) {
                Thread.onSpinWait();
            }
            assertThat(api.send(api.as("bob", "/v1/objects/cat.txt").PUT(BodyPublishers.ofString("a cat")))
                            .statusCode())
                    .isEqualTo(201);
            assertThat(api.send(api.as("bob", "/v1/objects/cat.txt").GET()).body())
                    .isEqualTo("a cat");
            assertThat(api.send(api.as("bob", "/v1/account").GET()).statusCode())
                    .isEqualTo(200);
            assertThat(held).hasValue(SHARE);
            release.countDown();
            for (RawClient connection : connections) {
                assertThat(connection.status()).isEqualTo(404);
            }
        } finally {
            release.countDown();
            close(connections);
        }
    }

    private static RawClient saying(ApiUnderTest api, String request) throws IOException {
        RawClient client = api.raw();
        client.say(request);
        return client;
    }

    private static void awaitAsked(ApiUnderTest api, String operation, int times) {
        while (api.fakes.asked.stream().filter(operation::equals).count() < times) {
            Thread.onSpinWait();
        }
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    private static void waitFor(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
