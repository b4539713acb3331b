package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.web.WebLimits;
import io.ferrymesh.web.WebServerOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send what no client should. */
class HostileClientTest {

    private static final String JSON = RawClient.AUTHORIZED + "Content-Type: application/json\r\n";
    private static final int TEN_MIB = 10 << 20;

    @TempDir
    private static Path root;

    private static ApiUnderTest api;
    private static Documented documented;

    @BeforeAll
    static void start() throws IOException, TimeoutException {
        Path store = Files.createDirectory(root.resolve("store"));
        Path unused = Files.writeString(root.resolve("secret"), "out of the store");
        unused = Files.writeString(store.resolve("shared"), "of no account");
        WebLimits hurried =
                WebLimits.DEFAULT.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        api = new ApiUnderTest(
                store, WebServerOptions.loopback("the users' API", 0).with(hurried));
        documented = Documented.by(api.vertx());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void forget() {
        api.fakes.forget();
        assertThat(api.send(api.as("bob", "/v1/objects/mine").PUT(BodyPublishers.ofString("bob's")))
                        .statusCode())
                .isBetween(201, 204);
        api.fakes.asked.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../bob/mine",
                "../../secret",
                "../shared",
                "./../bob/mine",
                "a/../../bob/mine",
                "a/..",
                ".",
                "a/./b",
                "%2e%2e/bob/mine",
                "%2E%2E/bob/mine",
                ".%2e/bob/mine",
                "%2e./bob/mine",
                "..%2fbob%2fmine",
                "%2e%2e%2fbob%2fmine",
                "..%2Fbob/mine",
                "a%2f..%2f..%2fbob%2fmine",
                "/etc/passwd",
                "/",
                "",
                "a//b",
                "//bob/mine",
                "a/%00",
                "mine%00.txt",
                "%ff",
                "%c0%ae%c0%ae/bob/mine",
                "%c0%af..%c0%afbob",
                "%e0%80%ae/bob",
                "%ed%a0%80",
                "%f8%88%80%80%ae",
                "%f4%90%80%80",
                "%c3",
                "%",
                "%2",
                "%zz",
                "%u002e%u002e/bob/mine",
                "a\\..\\bob?",
                "a\u00e9",
                "a\"b",
                "a<b",
                "a|b",
                "a?prefix=x",
                "a?",
                "mine?..",
            })
    void no_path_leads_out_of_the_account(String path) throws IOException {
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
            String answer = answer(method + " /v1/objects/" + path + " HTTP/1.1\r\n" + RawClient.AUTHORIZED
                    + "Content-Length: 0\r\n\r\n");
            assertThat(status(answer)).as("%s %s", method, answer).isEqualTo(400);
            assertThat(answer).doesNotContain("bob's", "out of the store", "of no account");
        }
        assertThat(api.fakes.asked).isEmpty();
        assertThat(Files.readString(root.resolve("store/bob/mine"))).isEqualTo("bob's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%252e%252e/bob/mine", "..%5cbob%5cmine", "%5c..%5c", "...", "..a", "~", "bob/mine", "a;b"})
    void what_only_looks_like_a_way_out_is_a_name(String path) throws IOException {
        assertThat(statusOf("GET /v1/objects/" + path + " HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n"))
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/objects/../account",
                "/v1/objects/../../v1/account",
                "/v1/account/",
                "/v1/./account",
                "/v1/x/../account",
                "//v1/account",
                "/v1/%61ccount",
                "/V1/account",
                "/v1/account#x",
                "/v1/account;a=b",
                "/v1/sessions/../account",
                "/v1/objects",
                "/v1/objects/a",
                "/v1/migrations",
            })
    void however_a_path_is_written_nothing_is_done_without_a_token(String target) throws IOException {
        assertThat(statusOf("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")).isBetween(400, 404);
        assertThat(api.fakes.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "alice-token",
                "Basic alice-token",
                "Bearer alice-token x",
                "Bearer alice-token, Bearer bob-token",
                "Bearer wrong",
            })
    void what_is_no_token_is_401(String authorization) throws IOException {
        String request = "GET /v1/objects/mine HTTP/1.1\r\nHost: a\r\nAuthorization: " + authorization + "\r\n\r\n";
        assertThat(statusOf(request)).isEqualTo(401);
        assertThat(statusOf(request.replace("/objects/mine", "/account"))).isEqualTo(401);
        assertThat(api.fakes.asked).isEmpty();
    }

    @Test
    void two_tokens_are_none() throws IOException {
        String two = "Host: a\r\nAuthorization: Bearer alice-token\r\nAuthorization: Bearer bob-token\r\n\r\n";
        assertThat(statusOf("GET /v1/account HTTP/1.1\r\n" + two)).isEqualTo(401);
        assertThat(statusOf("GET /v1/objects/mine HTTP/1.1\r\n" + two)).isEqualTo(401);
    }

    @Test
    void a_refused_method_says_which_there_are() throws IOException {
        assertThat(answer("PATCH /v1/grants HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n"))
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("Allow: GET, POST\r\n");
        assertThat(answer("POST /v1/objects/a HTTP/1.1\r\n" + RawClient.AUTHORIZED + "Content-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("Allow: DELETE, GET, HEAD, PUT\r\n");
    }

    @Test
    void line_breaks_in_names_and_values_stay_out_of_headers() throws IOException {
        String path = "/v1/objects/a%0d%0aSet-Cookie:%20x=1";
        String answer = answer("PUT " + path + " HTTP/1.1\r\n" + RawClient.AUTHORIZED + "Content-Length: 1\r\n\r\nx");
        assertThat(status(answer)).isEqualTo(201);
        assertThat(answer).doesNotContain("\nSet-Cookie").contains("a%0D%0ASet-Cookie%3A%20x%3D1");
        for (String header :
                List.of("X-Ferrymesh-Meta-a: x\ry", "X-Ferrymesh-Meta-a: x\u0000y", "Content-Type: a\u0001b")) {
            assertThat(statusOf("PUT /v1/objects/h HTTP/1.1\r\n" + RawClient.AUTHORIZED + header
                            + "\r\nContent-Length: 1\r\n\r\nx"))
                    .isEqualTo(400);
        }
        assertThat(statusOf("PUT /v1/objects/h HTTP/1.1\r\n" + RawClient.AUTHORIZED
                        + "X-Ferrymesh-Meta-a: \u00e9\r\nContent-Length: 1\r\n\r\nx"))
                .isEqualTo(400);
    }

    @Test
    void a_long_line_is_414_and_long_headers_are_431() throws IOException {
        assertThat(statusOf("GET /v1/objects/" + "a".repeat(20_000) + " HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n"))
                .isEqualTo(414);
        assertThat(statusOf("GET /v1/health HTTP/1.1\r\nHost: a\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n"))
                .isEqualTo(431);
    }

    @ParameterizedTest
    @CsvSource({"4001, 400", "256, 400"})
    void a_path_or_a_part_that_is_too_long_is_400(int length, int status) {
        assertThat(api.get("/v1/objects/" + "a".repeat(length)).statusCode()).isEqualTo(status);
    }

    @Test
    void more_than_is_allowed_is_413_before_any_of_it_is_sent() throws IOException {
        try (RawClient client = api.raw()) {
            client.say("POST /v1/grants HTTP/1.1\r\n" + JSON + "Content-Length: " + TEN_MIB + "\r\n\r\n");
            assertThat(client.status()).isEqualTo(413);
        }
        try (RawClient client = api.raw()) {
            client.say("PUT /v1/objects/huge HTTP/1.1\r\n" + RawClient.AUTHORIZED + "Content-Length: "
                    + (ApiUnderTest.MAX_OBJECT_BYTES + 1L) + "\r\n\r\n");
            assertThat(client.status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "x", "1_0", "0x10", "99999999999999999999", "1e3", "''"})
    void a_length_that_is_none_is_refused(String length) throws IOException {
        assertThat(statusOf("PUT /v1/objects/a HTTP/1.1\r\n" + RawClient.AUTHORIZED + "Content-Length: " + length
                        + "\r\n\r\nx"))
                .isBetween(400, 413);
        assertThat(root.resolve("store/alice/a")).doesNotExist();
    }

    @Test
    void two_lengths_or_a_length_and_chunks_are_refused() throws IOException {
        for (String lengths : List.of(
                "Content-Length: 1\r\nContent-Length: 2\r\n",
                "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Transfer-Encoding: gzip, chunked\r\n")) {
            assertThat(statusOf("PUT /v1/objects/smuggled HTTP/1.1\r\n" + RawClient.AUTHORIZED + lengths
                            + "\r\n1\r\nx\r\n0\r\n\r\n"))
                    .as(lengths)
                    .isBetween(400, 411);
        }
        assertThat(root.resolve("store/alice/smuggled")).doesNotExist();
    }

    @Test
    void an_upload_that_breaks_off_leaves_nothing_and_what_was_there() throws IOException {
        assertThat(api.put("/v1/objects/kept", "before").statusCode()).isBetween(201, 204);
        try (RawClient client = api.raw()) {
            client.say("PUT /v1/objects/kept HTTP/1.1\r\n" + RawClient.AUTHORIZED + "Content-Length: " + TEN_MIB
                    + "\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.status()).isEqualTo(100);
            client.say("a".repeat(1 << 20));
        }
        assertThat(api.get("/v1/objects/kept").body()).isEqualTo("before");
        awaitNothingStaged();
    }

    @Test
    void an_upload_that_stalls_is_cut_off_and_leaves_nothing() throws IOException {
        try (RawClient client = api.raw()) {
            client.say("PUT /v1/objects/slow HTTP/1.1\r\n" + RawClient.AUTHORIZED + "Content-Length: 1000\r\n\r\nabc");
            assertThat(client.rest()).isEmpty();
        }
        assertThat(root.resolve("store/alice/slow")).doesNotExist();
        awaitNothingStaged();
    }

    @Test
    void headers_a_byte_at_a_time_are_cut_off() throws IOException {
        try (RawClient client = api.raw()) {
            client.say("GET /v1/health HTTP/1.1\r\nHo");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void a_reader_that_does_not_read_is_cut_off() throws IOException, TimeoutException {
        assertThat(api.send(api.authorized("/v1/objects/large")
                                .PUT(BodyPublishers.ofByteArray(new byte[ApiUnderTest.MAX_OBJECT_BYTES])))
                        .statusCode())
                .isBetween(201, 204);
        try (RawClient client = api.raw()) {
            client.socket().setReceiveBufferSize(8 << 10);
            client.say("GET /v1/objects/large HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n");
            assertThat(client.status()).isEqualTo(200);
            awaitNoRequest();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"migrationId\":\"SECRET\",\"psk\":\"SECRET\"}",
                "{\"migrationId\":\"0123456789abcdef0123456789abcdef\",\"psk\":\"SECRET\"}",
                "{\"migrationId\":\"0123456789abcdef0123456789abcdef\",\"psk\":[\"SECRET\"]}",
            })
    void a_secret_is_not_repeated(String body) {
        HttpResponse<String> response = api.send(api.authorized("/v1/grants")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replaceFirst("SECRET\",\"psk", "x\",\"psk"))));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).doesNotContain("SECRET");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 203.0.113.9",
                "6.6.6.6, 203.0.113.9, 10.9.8.7 | 203.0.113.9",
                "nobody | a client of a proxy",
            })
    void a_client_behind_a_trusted_proxy_cannot_say_where_it_is(String forwarded, String from) {
        HttpResponse<String> response = api.send(api.request("/v1/sessions")
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", forwarded)
                .POST(BodyPublishers.ofString(Samples.body("login").encode())));
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(api.fakes.accounts.lastFrom).isEqualTo(from);
    }

    @Test
    void a_password_is_not_repeated() {
        HttpResponse<String> response = api.send(api.request("/v1/sessions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(new JsonObject()
                        .put("name", "alice")
                        .put("password", "SECRET".repeat(100))
                        .encode())));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("password").doesNotContain("SECRET");
    }

    @Test
    void json_that_parsers_read_differently_is_refused() throws IOException {
        for (String body : List.of(
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"name\":\"alice\"} {}",
                "[".repeat(1_000),
                "{\"name\":" + "9".repeat(500) + "}",
                "\u00ff\u00fe{}",
                "{\"name\":\"\u00c3(\"}",
                "")) {
            assertThat(statusOf("POST /v1/accounts/passkey/challenge HTTP/1.1\r\n" + JSON + "Content-Length: "
                            + body.length() + "\r\n\r\n" + body))
                    .isEqualTo(400);
        }
        assertThat(api.fakes.asked).isEmpty();
    }

    @Test
    void nothing_a_client_sends_breaks_the_server() throws IOException {
        RandomRequests requests = new RandomRequests(documented.contract());
        Random random = new Random(20_261_122);
        for (int i = 0; i < 1_500; i++) {
            String request = requests.next(random);
            try (RawClient client = api.raw()) {
                client.say(request);
                int status = client.status();
                while (status == 100) {
                    String unused = client.line();
                    status = client.status();
                }
                if (status == 0 && request.contains("Transfer-Encoding: chunked\r\n")) {
                    continue; // its body is no chunks, and where it would end is not known: it may be closed without a
                    // word
                }
                assertThat(status).as("request %d: %s", i, request).isBetween(200, 499);
            } catch (SocketException e) {
                throw new AssertionError("request " + i + ": " + request, e);
            }
        }
    }

    private static String answer(String request) throws IOException {
        try (RawClient client = api.raw()) {
            int end = request.indexOf("\r\n") + 2;
            client.say(request.substring(0, end) + "Connection: close\r\n" + request.substring(end));
            return client.rest();
        }
    }

    private static int statusOf(String request) throws IOException {
        return status(answer(request));
    }

    private static int status(String answer) {
        return answer.startsWith("HTTP/") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /** The server discards what it staged a moment after the connection has gone. */
    private static void awaitNothingStaged() throws IOException {
        long staged = 1;
        for (int i = 0; i < 10_000 && staged > 0; i++) {
            Thread.onSpinWait();
            staged = staged();
            assertThat(api.get("/v1/health").statusCode()).isEqualTo(200);
        }
        assertThat(staged).isZero();
    }

    private static long staged() throws IOException {
        Path staging = root.resolve("store/.ferrymesh-staging");
        try (Stream<Path> files = Files.walk(staging)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .count();
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (UncheckedIOException changing) {
            return 1; // while it was being discarded
        }
    }

    private static void awaitNoRequest() throws TimeoutException {
        Void unused = api.onEventLoopUntil(() -> api.running().server().requests() == 0);
    }
}
