package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send what no client should. */
class HostileClientTest {

    private static final String AUTHORIZED =
            "Host: a\r\nAuthorization: Bearer " + ApiUnderTest.TOKEN + "\r\nContent-Type: application/json\r\n";
    private static final String POST = "POST /v1/providers HTTP/1.1\r\n" + AUTHORIZED;
    private static final int TEN_MIB = 10 << 20;

    private static ApiUnderTest shared;

    private ApiUnderTest api;

    @BeforeAll
    static void start() {
        shared = new ApiUnderTest();
    }

    @AfterAll
    static void stop() {
        shared.close();
    }

    @BeforeEach
    void forget() {
        api = shared;
        api.operations.asked.clear();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /nowhere HTTP/1.1 | 404",
                "GET /v1/nowhere HTTP/1.1 | 404",
                "GET / HTTP/1.1 | 404",
                "GET /../etc/passwd HTTP/1.1 | 404",
                "GET //v1//status HTTP/1.1 | 404",
                "GET /v1/status/ HTTP/1.1 | 404",
                "GET /v1/x/../status HTTP/1.1 | 404",
                "GET /v1/%73tatus HTTP/1.1 | 404",
                "DELETE /v1/status HTTP/1.1 | 405",
                "POST /health HTTP/1.1 | 405",
                "HEAD /v1/status HTTP/1.1 | 405",
                "TRACE /v1/status HTTP/1.1 | 405",
                "FERRY /v1/status HTTP/1.1 | 405",
                "GET /v1/providers/%zz HTTP/1.1 | 400",
                "GET /v1/providers/% HTTP/1.1 | 400",
                "GET /v1/providers?after=%f HTTP/1.1 | 400",
                "GET /v1/providers/%00 HTTP/1.1 | 400",
                "GET /v1/providers/%ff%fe HTTP/1.1 | 400",
                "GET /v1/status HTTP/9.9 | 501",
                "nonsense | 400",
            })
    void a_strange_request_line_is_refused(String line, int status) throws IOException {
        assertThat(statusOf(line + "\r\n" + AUTHORIZED + "\r\n")).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS * HTTP/1.1",
                "CONNECT example.org:443 HTTP/1.1",
                "GET http://example.org/v1/status HTTP/1.1",
                "GET v1/status HTTP/1.1",
                "GET ? HTTP/1.1",
                "GET # HTTP/1.1",
                "GET  HTTP/1.1",
            })
    void a_strange_target_is_no_failure_of_the_servers(String line) throws IOException {
        assertThat(statusOf(line + "\r\n" + AUTHORIZED + "\r\n")).isBetween(200, 499);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/status",
                "/v1/status/",
                "/v1/./status",
                "/v1/x/../status",
                "//v1/status",
                "/v1/%73tatus",
                "/V1/status",
                "/health/../v1/status",
                "/metrics",
                "/metrics/",
                "/%6detrics",
                "http://a/v1/status",
                "/v1/status?",
                "/v1/status#x",
                "/v1/status;a=b",
            })
    void however_a_path_is_written_nothing_is_done_without_a_token(String target) throws IOException {
        assertThat(statusOf("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")).isBetween(400, 404);
        assertThat(api.operations.asked).isEmpty();
    }

    @Test
    void a_refused_method_says_which_there_are() throws IOException {
        assertThat(answer("PATCH /v1/providers HTTP/1.1\r\n" + AUTHORIZED + "\r\n"))
                .contains("Allow: GET, POST\r\n");
    }

    @Test
    void a_long_request_line_is_414_and_long_headers_are_431() throws IOException {
        assertThat(statusOf("GET /" + "a".repeat(3_000) + " HTTP/1.1\r\n" + AUTHORIZED + "\r\n"))
                .isEqualTo(414);
        assertThat(statusOf("GET /health HTTP/1.1\r\nHost: a\r\nX-Long: " + "a".repeat(9_000) + "\r\n\r\n"))
                .isEqualTo(431);
        assertThat(statusOf("GET /health HTTP/1.1\r\nHost: a\r\n" + "X-Many: a\r\n".repeat(2_000) + "\r\n"))
                .isEqualTo(431);
    }

    @Test
    void ten_mebibytes_announced_are_413_before_any_of_them_is_sent() throws IOException {
        try (Socket socket = api.raw()) {
            assertThat(exchange(socket, POST + "Content-Length: " + TEN_MIB + "\r\n\r\n"))
                    .isEqualTo(413);
        }
    }

    @Test
    void ten_mebibytes_in_chunks_are_413_and_not_kept() throws IOException {
        try (Socket socket = api.raw()) {
            OutputStream out = socket.getOutputStream();
            out.write((POST + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("1000\r\n" + " ".repeat(0x1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            int sent = 0;
            try {
                for (; sent < TEN_MIB; sent += 0x1000) {
                    out.write(chunk);
                }
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (SocketException closed) {
                assertThat(sent).isGreaterThan(ApiRouter.MAX_BODY_BYTES);
            }
            assertThat(status(firstLine(socket))).isEqualTo(413);
            assertThat(api.operations.asked).isEmpty();
        }
    }

    @Test
    void a_client_that_sends_on_after_its_refusal_is_cut_off() throws IOException {
        try (Socket socket = api.raw()) {
            OutputStream out = socket.getOutputStream();
            out.write((POST + "Content-Length: " + TEN_MIB + "\r\n\r\nabc").getBytes(StandardCharsets.US_ASCII));
            assertThat(status(firstLine(socket))).isEqualTo(413);
            assertThat(restInTime(socket)).contains("BODY_TOO_LARGE");
        }
    }

    @Test
    void the_largest_body_there_may_be_is_read() throws IOException {
        String json = "{\"name\":\"a\"}";
        String body = json + " ".repeat(ApiRouter.MAX_BODY_BYTES - json.length());
        assertThat(statusOf(POST + "Content-Length: " + body.length() + "\r\n\r\n" + body))
                .isEqualTo(201);
        assertThat(statusOf(POST + "Content-Length: " + (body.length() + 1) + "\r\n\r\n" + body + " "))
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/jsonp",
                "application/json-patch+json",
                "application/json; charset=utf-16",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
                "\u00e4",
            })
    void a_body_of_another_type_is_415(String type) throws IOException {
        String request = POST.replace("Content-Type: application/json", "Content-Type: " + type);
        assertThat(statusOf(request + "Content-Length: 12\r\n\r\n{\"name\":\"a\"}"))
                .isEqualTo(415);
    }

    @Test
    void a_client_may_ask_before_it_sends_its_body() throws IOException {
        String answer = answer(POST + "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n{\"name\":\"a\"}");
        assertThat(answer).startsWith("HTTP/1.1 100 Continue").contains("HTTP/1.1 201 Created");
        assertThat(statusOf(POST + "Content-Length: 12\r\nExpect: a-miracle\r\n\r\n{\"name\":\"a\"}"))
                .isEqualTo(417);
    }

    @Test
    void two_lengths_or_a_length_and_chunks_are_refused() throws IOException {
        assertThat(statusOf(POST + "Content-Length: 12\r\nContent-Length: 13\r\n\r\n{\"name\":\"a\"}"))
                .isBetween(400, 499);
        assertThat(statusOf(POST + "Content-Length: -12\r\n\r\n{\"name\":\"a\"}"))
                .isBetween(400, 499);
        assertThat(statusOf(POST + "Content-Length: twelve\r\n\r\n{\"name\":\"a\"}"))
                .isBetween(400, 499);
    }

    @Test
    void a_client_that_sends_a_byte_now_and_then_is_cut_off() throws IOException {
        try (Socket socket = api.raw()) {
            OutputStream out = socket.getOutputStream();
            out.write((POST + "Content-Length: 12\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(restInTime(socket)).isEmpty();
        }
        assertThat(statusOf("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(200);
    }

    @Test
    void connections_beyond_the_most_are_closed() throws IOException {
        try (ApiUnderTest fresh = new ApiUnderTest()) {
            api = fresh;
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < ApiVerticle.MAX_CONNECTIONS; i++) {
                    Socket socket = api.raw();
                    sockets.add(socket);
                    assertThat(exchange(socket, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"))
                            .isEqualTo(200);
                }
                try (Socket oneMore = api.raw()) {
                    assertThat(rest(oneMore)).isEmpty();
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void nothing_a_client_sends_breaks_the_server() throws IOException {
        Random random = new Random(20_260_102);
        for (int i = 0; i < 400; i++) {
            String request = RandomRequests.next(random);
            int status = statusOf(request);
            assertThat(status).as("request %d: %s", i, request).isBetween(200, 499);
            api.nowMs.addAndGet(1_000);
        }
    }

    @Test
    void bad_tokens_have_to_wait_and_a_good_one_does_not() {
        try (ApiUnderTest fresh = new ApiUnderTest()) {
            api = fresh;
            HttpResponse<String> good = api.get("/v1/status");
            assertThat(good.statusCode()).isEqualTo(200);
            for (int i = 0; i < LoginThrottle.FREE; i++) {
                assertThat(badToken().statusCode()).isEqualTo(401);
            }
            HttpResponse<String> throttled = badToken();
            assertThat(throttled.statusCode()).isEqualTo(429);
            assertThat(throttled.headers().firstValue("Retry-After")).contains("1");
            assertThat(api.get("/v1/status").statusCode()).isEqualTo(200);
            api.nowMs.addAndGet(1_000);
            assertThat(badToken().statusCode()).isEqualTo(401);
            assertThat(badToken().headers().firstValue("Retry-After")).contains("2");
        }
    }

    private HttpResponse<String> badToken() {
        return api.send(api.request("/v1/status").header("Authorization", "Bearer wrong"));
    }

    private int statusOf(String request) throws IOException {
        return status(answer(request));
    }

    /** Everything that comes back until the server closes, which it is asked to. */
    private String answer(String request) throws IOException {
        try (Socket socket = api.raw()) {
            int end = request.indexOf("\r\n") + 2;
            String closing = request.substring(0, end) + "Connection: close\r\n" + request.substring(end);
            socket.getOutputStream().write(closing.getBytes(StandardCharsets.UTF_8));
            return rest(socket);
        }
    }

    private static int exchange(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return status(firstLine(socket));
    }

    private static int status(String answer) {
        return answer.startsWith("HTTP/") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    private static String firstLine(Socket socket) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = socket.getInputStream().read();
        while (read >= 0 && read != '\n') {
            line.write(read);
            read = socket.getInputStream().read();
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** As {@link #rest}, while time goes by quickly. */
    private String restInTime(Socket socket) throws IOException {
        long hurrying = api.vertx().setPeriodic(100, timer -> api.nowMs.addAndGet(5_000));
        try {
            return rest(socket);
        } finally {
            assertThat(api.vertx().cancelTimer(hurrying)).isTrue();
        }
    }

    private static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[4_096];
        try {
            for (int read = socket.getInputStream().read(part);
                    read >= 0;
                    read = socket.getInputStream().read(part)) {
                all.write(part, 0, read);
            }
        } catch (SocketException reset) {
            // what came before is what counts
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
