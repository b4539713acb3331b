package io.ferrymesh.web;

import static io.ferrymesh.web.ServerUnderTest.await;
import static io.ferrymesh.web.ServerUnderTest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebServerTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
    private static final String PAGE = "https://console.example.org";

    @Test
    void every_answer_tells_browsers_to_keep_and_guess_nothing() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), WebServerTest::ok)) {
            for (String head : new String[] {GET, GET + "X-Long: " + "a".repeat(20_000) + "\r\n"}) {
                assertThat(server.answer(head))
                        .containsIgnoringCase("cache-control: no-store")
                        .containsIgnoringCase("x-content-type-options: nosniff")
                        .containsIgnoringCase("content-security-policy: default-src 'none'")
                        .containsIgnoringCase("referrer-policy: no-referrer")
                        .doesNotContainIgnoringCase("strict-transport-security")
                        .doesNotContainIgnoringCase("access-control");
            }
        }
    }

    @Test
    void a_path_may_say_otherwise() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), request -> {
            var unused = Reply.empty(204).with("Cache-Control", "private").send(request);
        })) {
            assertThat(server.answer(GET))
                    .containsIgnoringCase("cache-control: private")
                    .doesNotContain("no-store");
        }
    }

    @Test
    void a_trusted_proxy_has_as_many_connections_as_there_are_in_all() throws IOException {
        TrustedProxies here = new TrustedProxies(List.of(AddressRange.parse("127.0.0.0/8")));
        WebServerOptions three = ServerUnderTest.options()
                .with(WebLimits.DEFAULT.withConnections(3, 1))
                .with(here);
        try (ServerUnderTest server = new ServerUnderTest(three, WebServerTest::ok);
                Socket one = server.connect();
                Socket two = server.connect();
                Socket last = server.connect();
                Socket tooMany = server.connect()) {
            assertThat(firstByte(one)).isEqualTo('H');
            assertThat(firstByte(two)).isEqualTo('H');
            assertThat(firstByte(last)).isEqualTo('H');
            assertThat(ServerUnderTest.rest(tooMany)).isEmpty();
        }
    }

    @Test
    void connections_beyond_those_of_one_address_are_closed_until_one_has_gone() throws IOException {
        WebServerOptions two = ServerUnderTest.options().with(WebLimits.DEFAULT.withConnections(100, 2));
        try (ServerUnderTest server = new ServerUnderTest(two, WebServerTest::ok);
                Socket one = server.connect()) {
            assertThat(firstByte(one)).isEqualTo('H');
            try (Socket other = server.connect()) {
                assertThat(firstByte(other)).isEqualTo('H');
                try (Socket tooMany = server.connect()) {
                    assertThat(ServerUnderTest.rest(tooMany)).isEmpty();
                }
            }
            String answer = server.answer(GET);
            while (answer.isEmpty()) { // the server learns in its own time that one has gone
                answer = server.answer(GET);
            }
            assertThat(answer).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void a_request_that_runs_is_answered_before_the_server_stops_and_no_other_is_taken() throws Exception {
        BlockingQueue<HttpServerRequest> running = new ArrayBlockingQueue<>(1);
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), request -> {
                    if (request.path().equals("/idle")) {
                        ok(request);
                    } else {
                        running.add(request);
                    }
                });
                Socket socket = server.connect();
                Socket idle = server.connect()) {
            write(idle, "GET /idle HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(idle.getInputStream().read()).isEqualTo('H');
            write(socket, GET + "\r\n");
            HttpServerRequest request = running.take();
            Future<Void> stopped = server.server.stop(Duration.ofSeconds(20));
            assertThat(ServerUnderTest.rest(idle)).endsWith("{}");
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
            assertThat(stopped.isComplete()).isFalse();
            server.vertx.runOnContext(go -> ok(request));
            assertThat(ServerUnderTest.rest(socket)).startsWith("HTTP/1.1 200").endsWith("{}");
            Void unused = await(stopped);
        }
    }

    @Test
    void a_request_that_does_not_end_is_cut_off_when_the_time_is_up() throws Exception {
        BlockingQueue<HttpServerRequest> running = new ArrayBlockingQueue<>(1);
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), running::add);
                Socket socket = server.connect()) {
            write(socket, GET + "\r\n");
            assertThat(running.take().path()).isEqualTo("/");
            Void unused = await(server.server.stop(Duration.ofMillis(100)));
            assertThat(ServerUnderTest.rest(socket)).isEmpty();
        }
    }

    @Test
    void stopping_does_not_wait_for_a_client_that_takes_nothing() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), request -> {
                    var unused = Reply.of(200, "text/plain", Buffer.buffer(new byte[32 << 20]))
                            .send(request);
                });
                Socket socket = server.connect()) {
            write(socket, GET + "\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            Void unused = await(server.server.stop(Duration.ofMillis(100)));
            assertThat(ServerUnderTest.rest(socket)).hasSizeLessThan(32 << 20);
        }
    }

    @Test
    void pages_of_a_configured_origin_are_let_in_and_no_others() throws IOException {
        WebServerOptions base = ServerUnderTest.options();
        WebServerOptions cors = new WebServerOptions(
                base.name(), base.host(), base.port(), base.tls(), base.limits(), new Cors(Set.of(PAGE)));
        try (ServerUnderTest server = new ServerUnderTest(cors, WebServerTest::ok)) {
            assertThat(server.answer(GET + "Origin: " + PAGE + "\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("access-control-allow-origin: " + PAGE + "\r\n")
                    .doesNotContainIgnoringCase("allow-credentials");
            assertThat(server.answer(preflight(PAGE)))
                    .startsWith("HTTP/1.1 204")
                    .containsIgnoringCase("access-control-allow-headers: authorization, content-digest\r\n")
                    .containsIgnoringCase("access-control-allow-methods: GET, HEAD, PUT, POST, DELETE\r\n");
            for (String other :
                    new String[] {"https://example.org", PAGE + ".evil.org", "http://console.example.org", "null"}) {
                assertThat(server.answer(GET + "Origin: " + other + "\r\n"))
                        .containsIgnoringCase("vary: origin")
                        .doesNotContainIgnoringCase("access-control");
                assertThat(server.answer(preflight(other)))
                        .startsWith("HTTP/1.1 200") // as any other request
                        .doesNotContainIgnoringCase("access-control");
            }
        }
    }

    @Test
    void with_tls_browsers_are_told_to_come_back_with_it(@TempDir Path directory) throws Exception {
        PemFiles files = PemPair.make(directory, "one");
        assertThat(SecurityHeaders.of(true)).containsEntry("Strict-Transport-Security", "max-age=31536000");
        WebServerOptions tls =
                new WebServerOptions("secured", "127.0.0.1", 0, Optional.of(files), WebLimits.DEFAULT, Cors.OFF);
        try (ServerUnderTest server = new ServerUnderTest(tls, WebServerTest::ok)) {
            assertThat(server.uri().getScheme()).isEqualTo("https");
            assertThat(server.answer(GET)).doesNotContain("HTTP/1.1 200");
        }
    }

    private static int firstByte(Socket socket) throws IOException {
        write(socket, GET + "\r\n");
        return socket.getInputStream().read();
    }

    private static String preflight(String origin) {
        return "OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: PUT\r\n"
                + "Access-Control-Request-Headers: authorization, content-digest\r\n";
    }

    private static void ok(HttpServerRequest request) {
        var unused = Reply.json(200, new JsonObject()).send(request);
    }
}
