package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many strangers who log in. */
class LoginFloodTest {

    private static final String LOGIN = "{\"name\":\"alice\",\"password\":\"correct horse battery\"}";

    @Test
    void whoever_is_logged_in_does_not_wait_for_strangers_who_log_in(@TempDir Path root) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<RawClient> strangers = new ArrayList<>();
        try (ApiUnderTest api = new ApiUnderTest(root)) {
            api.fakes.accounts.hashing = () -> waitFor(release);
            int flood = 2 * ApiUnderTest.OPTIONS.workers();
            for (int i = 0; i < flood; i++) {
                RawClient stranger = api.raw();
                strangers.add(stranger);
                stranger.say(
                        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                + LOGIN.length() + "\r\n\r\n" + LOGIN);
            }
            while (api.fakes.asked.stream().filter("login"::equals).count() < ApiUnderTest.OPTIONS.passwordWorkers()) {
                Thread.onSpinWait();
            }
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
