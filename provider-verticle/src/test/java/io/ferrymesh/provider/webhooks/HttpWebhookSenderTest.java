package io.ferrymesh.provider.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Posting over HTTP on loopback. */
class HttpWebhookSenderTest {

    private static final Map<String, String> HEADERS =
            Map.of("Content-Type", "application/json", "webhook-id", "msg_1");

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private HttpServer server;
    private volatile int status = 204;

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop(0);
        var unused = vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_body_arrives_with_its_headers_and_the_status_comes_back() throws Exception {
        HttpWebhookSender sender = new HttpWebhookSender(vertx, true);
        assertThat(await(sender.post(url("127.0.0.1", "/hook?a=b"), HEADERS, "{\"a\":1}")))
                .isEqualTo(204);
        assertThat(requests).containsExactly("POST /hook?a=b application/json msg_1 {\"a\":1}");
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        HttpWebhookSender sender = new HttpWebhookSender(vertx, true);
        status = 302;
        assertThat(await(sender.post(url("127.0.0.1", "/first"), HEADERS, "{}")))
                .isEqualTo(302);
        assertThat(requests).hasSize(1);
    }

    @Test
    void a_name_that_leads_to_this_machine_is_not_asked() {
        HttpWebhookSender sender = new HttpWebhookSender(
                vertx, false, host -> new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})});
        assertUnknown(sender.post(url("https", "rebound.example.org", "/"), HEADERS, "{}"));
        assertThat(requests).isEmpty();
    }

    @Test
    void one_private_address_among_public_ones_is_enough_to_refuse() {
        HttpWebhookSender sender = new HttpWebhookSender(vertx, false, host -> new InetAddress[] {
            InetAddress.getByAddress(host, new byte[] {93, (byte) 184, (byte) 216, 34}),
            InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})
        });
        assertUnknown(sender.post(url("https", "mixed.example.org", "/"), HEADERS, "{}"));
    }

    @Test
    void what_was_allowed_once_is_looked_at_again() {
        HttpWebhookSender sender = new HttpWebhookSender(vertx, false);
        assertRefused(sender.post(url("127.0.0.1", "/"), HEADERS, "{}"));
        assertThat(requests).isEmpty();
    }

    @Test
    void a_name_that_does_not_resolve_fails() {
        HttpWebhookSender sender = new HttpWebhookSender(vertx, false, host -> {
            throw new UnknownHostException(host);
        });
        assertUnknown(sender.post(url("https", "gone.example.org", "/"), HEADERS, "{}"));
    }

    @Test
    void names_that_are_looked_up_for_long_hold_no_thread_of_others() throws Exception {
        Vertx small = Vertx.vertx(new VertxOptions().setWorkerPoolSize(2));
        CountDownLatch answers = new CountDownLatch(1);
        try {
            HttpWebhookSender sender = new HttpWebhookSender(small, false, host -> {
                awaitQuietly(answers);
                throw new UnknownHostException(host);
            });
            List<Future<Integer>> posts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                posts.add(sender.post(url("https", "slow" + i + ".example.org", "/"), HEADERS, "{}"));
            }

            assertThat(await(small.executeBlocking(() -> 1, false))).isEqualTo(1);
            assertThatThrownBy(() -> await(posts.get(199))).hasRootCauseInstanceOf(RejectedExecutionException.class);
        } finally {
            answers.countDown();
            var unused = small.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_try_is_not_over_before_its_name_has_been_looked_up_and_holds_up_no_other() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        try {
            HttpWebhookSender sender = new HttpWebhookSender(vertx, true, host -> {
                if (host.startsWith("slow")) {
                    awaitQuietly(answers);
                    throw new UnknownHostException(host);
                }
                return InetAddress.getAllByName(host);
            });
            List<Future<Integer>> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                slow.add(sender.post(url("https", "slow" + i + ".example.org", "/"), HEADERS, "{}"));
            }

            assertThat(await(sender.post(url("127.0.0.1", "/"), HEADERS, "{}"))).isEqualTo(204);
            assertThat(slow).noneMatch(Future::isComplete);
            answers.countDown();
            for (Future<Integer> each : slow) {
                assertUnknown(each);
            }
        } finally {
            answers.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertUnknown(Future<Integer> post) {
        assertThatThrownBy(() -> await(post)).hasRootCauseInstanceOf(UnknownHostException.class);
    }

    private void assertRefused(Future<Integer> post) {
        assertThatThrownBy(() -> await(post))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    private URI url(String host, String path) {
        return url("http", host, path);
    }

    private URI url(String scheme, String host, String path) {
        return URI.create(scheme + "://" + host + ":" + server.getAddress().getPort() + path);
    }

    private static int await(Future<Integer> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                + exchange.getRequestHeaders().getFirst("webhook-id") + " " + body);
        exchange.getResponseHeaders().add("Location", "/second");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}
