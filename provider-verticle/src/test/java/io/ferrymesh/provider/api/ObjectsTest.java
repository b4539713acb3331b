package io.ferrymesh.provider.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects over HTTP and a real directory. */
class ObjectsTest {

    private static final String CAT = "/v1/objects/cat.txt";
    private static final String CONTENT = "0123456789";

    @TempDir
    private static Path root;

    private static ApiUnderTest api;

    @BeforeAll
    static void start() {
        api = new ApiUnderTest(root);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void oneObject() {
        api.fakes.forget();
        assertThat(api.put(CAT, CONTENT).statusCode()).isBetween(201, 204);
    }

    @Test
    void what_was_put_comes_back_with_all_that_was_said_of_it() {
        HttpResponse<String> put = api.send(api.authorized("/v1/objects/a%20b/%C3%A9%25.txt")
                .header("Content-Type", "text/plain; charset=utf-8")
                .header("X-Ferrymesh-Modified", "2020-02-03T04:05:06.789Z")
                .header("X-Ferrymesh-Meta-Camera", "old one")
                .PUT(BodyPublishers.ofString("Grüße")));
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(header(put, "Location")).contains("/v1/objects/a%20b/%C3%A9%25.txt");
        assertThat(header(put, "Repr-Digest")).contains(digest("Grüße".getBytes(UTF_8)));
        HttpResponse<String> get = api.get("/v1/objects/a%20b/%c3%a9%25.txt");
        assertThat(get.body()).isEqualTo("Grüße");
        assertThat(header(get, "Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(header(get, "X-Ferrymesh-Modified")).contains("2020-02-03T04:05:06.789Z");
        assertThat(header(get, "Last-Modified")).contains("Mon, 03 Feb 2020 04:05:06 GMT");
        assertThat(header(get, "X-Ferrymesh-Meta-Camera")).contains("old one");
        assertThat(header(get, "ETag")).isEqualTo(header(put, "ETag"));
        assertThat(root.resolve("alice/a b/é%.txt")).hasContent("Grüße");
    }

    @Test
    void a_browser_runs_nothing_that_a_user_put() {
        HttpResponse<String> put = api.send(
                api.authorized(CAT).header("Content-Type", "text/html").PUT(BodyPublishers.ofString("<script>")));
        assertThat(put.statusCode()).isEqualTo(204);
        HttpResponse<String> get = api.get(CAT);
        assertThat(header(get, "Content-Security-Policy").orElseThrow()).contains("default-src 'none'", "sandbox");
        assertThat(header(get, "Content-Disposition")).contains("attachment");
        assertThat(header(get, "X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void a_head_says_what_a_get_does_without_the_bytes() {
        HttpResponse<String> head = api.send(api.authorized(CAT).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).contains("10");
        assertThat(header(head, "ETag")).isEqualTo(header(api.get(CAT), "ETag"));
        HttpResponse<String> none =
                api.send(api.authorized("/v1/objects/none").method("HEAD", BodyPublishers.noBody()));
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 0 | bytes 0-0/10",
                "bytes=2-4 | 234 | bytes 2-4/10",
                "bytes=9- | 9 | bytes 9-9/10",
                "bytes=0- | 0123456789 | bytes 0-9/10",
                "bytes=8-1000 | 89 | bytes 8-9/10",
                "bytes=8-99999999999999999999999999 | 89 | bytes 8-9/10",
                "bytes=-3 | 789 | bytes 7-9/10",
                "bytes=-99999999999999999999999999 | 0123456789 | bytes 0-9/10",
                "Bytes = 000-001 | 01 | bytes 0-1/10",
            })
    void a_range_is_answered_with_it(String range, String bytes, String contentRange) {
        HttpResponse<String> response = api.send(api.authorized(CAT).header("Range", range));
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(bytes);
        assertThat(header(response, "Content-Range")).contains(contentRange);
        assertThat(header(response, "Content-Length")).contains(String.valueOf(bytes.length()));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=10-",
        "bytes=10-12",
        "bytes=99999999999999999999999-",
        "bytes=-0",
    })
    void a_range_with_nothing_in_it_is_416(String range) {
        HttpResponse<String> response = api.send(api.authorized(CAT).header("Range", range));
        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(header(response, "Content-Range")).contains("bytes */10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=4-2",
                "bytes=-",
                "bytes=",
                "bytes",
                "bytes=a-b",
                "bytes=0-1,3-4",
                "bytes=--1",
                "bytes=+1-2",
                "bytes=0x1-2",
                "lines=1-2",
                "bytes=1-2;x",
            })
    void a_range_that_makes_no_sense_or_has_parts_is_passed_over(String range) {
        HttpResponse<String> response = api.send(api.authorized(CAT).header("Range", range));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(CONTENT);
    }

    @Test
    void an_empty_object_has_no_range() {
        assertThat(api.put("/v1/objects/empty", "").statusCode()).isBetween(201, 204);
        assertThat(api.get("/v1/objects/empty").body()).isEmpty();
        assertThat(api.send(api.authorized("/v1/objects/empty").header("Range", "bytes=0-"))
                        .statusCode())
                .isEqualTo(416);
    }

    @Test
    void a_range_counts_only_for_the_etag_of_if_range() {
        String etag = header(api.get(CAT), "ETag").orElseThrow();
        String modified = header(api.get(CAT), "Last-Modified").orElseThrow();
        assertThat(ifRange(etag)).isEqualTo(206);
        assertThat(ifRange("\"another\"")).isEqualTo(200);
        assertThat(ifRange("W/" + etag)).isEqualTo(200);
        assertThat(ifRange(modified)).isEqualTo(200);
    }

    @Test
    void a_reader_is_spared_what_it_has() {
        String etag = header(api.get(CAT), "ETag").orElseThrow();
        assertThat(conditional("If-None-Match", etag)).isEqualTo(304);
        assertThat(conditional("If-None-Match", "\"x\" , W/" + etag)).isEqualTo(304);
        assertThat(conditional("If-None-Match", "*")).isEqualTo(304);
        assertThat(conditional("If-None-Match", "\"x\"")).isEqualTo(200);
        assertThat(conditional("If-Modified-Since", "Fri, 31 Dec 2100 23:59:59 GMT"))
                .isEqualTo(304);
        assertThat(conditional("If-Modified-Since", "Mon, 03 Feb 2020 04:05:06 GMT"))
                .isEqualTo(200);
        assertThat(conditional("If-Modified-Since", "tomorrow")).isEqualTo(200);
    }

    @Test
    void a_condition_that_does_not_hold_is_412() {
        String etag = header(api.get(CAT), "ETag").orElseThrow();
        assertThat(conditional("If-Match", etag)).isEqualTo(200);
        assertThat(conditional("If-Match", "W/" + etag)).isEqualTo(412);
        assertThat(conditional("If-Match", "\"x\"")).isEqualTo(412);
        assertThat(conditional("If-Unmodified-Since", "Mon, 03 Feb 2020 04:05:06 GMT"))
                .isEqualTo(412);
        assertThat(conditional("If-Unmodified-Since", "Fri, 31 Dec 2100 23:59:59 GMT"))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"etag", "'\"a\" \"b\"'", "'\"a'", "'\"a\",'", "'*, \"a\"'", "'w/\"a\"'"})
    void malformed_etags_are_400(String etags) {
        assertThat(conditional("If-Match", etags)).isEqualTo(400);
        assertThat(conditional("If-None-Match", etags)).isEqualTo(400);
    }

    @Test
    void a_writer_replaces_only_what_it_knows() {
        String etag = header(api.get(CAT), "ETag").orElseThrow();
        assertThat(put(CAT, "new", "If-Match", etag)).isEqualTo(204);
        assertThat(put(CAT, "newer", "If-Match", etag)).isEqualTo(412);
        assertThat(put("/v1/objects/none", "x", "If-Match", "*")).isEqualTo(412);
        assertThat(put(CAT, "newest", "If-Match", "*")).isEqualTo(204);
        assertThat(put(CAT, "x", "If-Unmodified-Since", "Mon, 03 Feb 2020 04:05:06 GMT"))
                .isEqualTo(412);
        assertThat(api.get(CAT).body()).isEqualTo("newest");
    }

    @Test
    void a_writer_makes_only_what_is_not_there() {
        assertThat(put(CAT, "x", "If-None-Match", "*")).isEqualTo(412);
        assertThat(put("/v1/objects/fresh", "x", "If-None-Match", "*")).isEqualTo(201);
        assertThat(put("/v1/objects/fresh", "x", "If-None-Match", "\"a\"")).isEqualTo(400);
        assertThat(api.get(CAT).body()).isEqualTo(CONTENT);
    }

    @Test
    void of_many_that_make_the_same_object_one_does() {
        List<Integer> statuses = Stream.iterate(0, i -> i < 16, i -> i + 1)
                .parallel()
                .map(i -> put("/v1/objects/contested", "by " + i, "If-None-Match", "*"))
                .toList();
        assertThat(statuses).containsOnlyOnce(201);
        assertThat(statuses.stream().filter(status -> status == 412)).hasSize(15);
    }

    @Test
    void an_object_is_deleted_by_who_knows_it() {
        String etag = header(api.get(CAT), "ETag").orElseThrow();
        assertThat(delete(CAT, "If-Match", "\"x\"")).isEqualTo(412);
        assertThat(delete(CAT, "If-None-Match", "*")).isEqualTo(400);
        assertThat(delete(CAT, "If-Match", etag)).isEqualTo(204);
        assertThat(delete(CAT, "If-Match", etag)).isEqualTo(412);
        assertThat(api.send(api.authorized(CAT).DELETE()).statusCode()).isEqualTo(404);
        assertThat(api.get(CAT).statusCode()).isEqualTo(404);
    }

    @Test
    void a_digest_that_was_announced_must_be_right() {
        byte[] bytes = "abc".getBytes(UTF_8);
        assertThat(put(CAT, "abc", "Content-Digest", digest(bytes))).isEqualTo(204);
        assertThat(put(CAT, "abc", "Content-Digest", "sha-512=:AAAA:, " + digest(bytes)))
                .isEqualTo(204);
        HttpResponse<String> wrong = api.send(
                api.authorized(CAT).header("Content-Digest", digest(bytes)).PUT(BodyPublishers.ofString("abd")));
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(new JsonObject(wrong.body()).getString("code")).isEqualTo("DIGEST_MISMATCH");
        assertThat(put(CAT, "abc", "Content-Digest", "sha-256=abc")).isEqualTo(400);
        assertThat(put(CAT, "abc", "Content-Digest", "sha-256=:AAAA:")).isEqualTo(400);
        assertThat(api.get(CAT).body()).isEqualTo("abc");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void an_object_larger_than_any_buffer_goes_in_and_out_whole() {
        byte[] bytes = new byte[ApiUnderTest.MAX_OBJECT_BYTES];
        new Random(20_261_122).nextBytes(bytes);
        HttpResponse<String> put = api.send(api.authorized("/v1/objects/large")
                .header("Content-Digest", digest(bytes))
                .PUT(BodyPublishers.ofByteArray(bytes)));
        assertThat(put.statusCode()).isEqualTo(201);
        HttpResponse<byte[]> get = api.send(api.authorized("/v1/objects/large"), BodyHandlers.ofByteArray());
        assertThat(Digest.sha256(get.body())).isEqualTo(Digest.sha256(bytes));
        HttpResponse<byte[]> part = api.send(
                api.authorized("/v1/objects/large").header("Range", "bytes=1000001-9000000"),
                BodyHandlers.ofByteArray());
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 1_000_001, 9_000_001));
    }

    @Test
    void an_empty_directory_is_an_object_without_bytes() {
        assertThat(put("/v1/objects/folder/", "", "Content-Type", "text/plain")).isEqualTo(201);
        assertThat(root.resolve("alice/folder")).isEmptyDirectory();
        assertThat(put("/v1/objects/folder/", "x", "Content-Type", "text/plain"))
                .isEqualTo(400);
        assertThat(api.send(api.authorized("/v1/objects/folder/").DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(root.resolve("alice/folder")).doesNotExist();
    }

    @Test
    void an_object_where_a_directory_is_and_the_other_way_round_is_409() {
        assertThat(put("/v1/objects/dir/a", "x", "X-Any", "y")).isEqualTo(201);
        assertThat(put("/v1/objects/dir", "x", "X-Any", "y")).isEqualTo(409);
        assertThat(put("/v1/objects/dir/a/b", "x", "X-Any", "y")).isEqualTo(409);
    }

    @Test
    void a_full_store_and_a_full_account_are_told_apart() {
        api.fakes.failing = "stage"::equals;
        api.fakes.failure = new StoreException(StoreError.FULL, "no room");
        assertThat(code(api.put(CAT, CONTENT))).isEqualTo("507 STORE_FULL");
        api.fakes.usage = new UserStores.Usage(1_000, 1_005);
        try {
            assertThat(code(api.put("/v1/objects/more", CONTENT))).isEqualTo("507 QUOTA_EXCEEDED");
            // what keeping an object takes is the account's too
            api.fakes.usage = new UserStores.Usage(1_000, 1_000 + CONTENT.length() + FakeServices.OVERHEAD - 1);
            assertThat(code(api.put("/v1/objects/more", CONTENT))).isEqualTo("507 QUOTA_EXCEEDED");
            api.fakes.usage = new UserStores.Usage(1_000, 1_000 + CONTENT.length() + FakeServices.OVERHEAD);
            assertThat(code(api.put("/v1/objects/more", CONTENT))).isEqualTo("507 STORE_FULL");
        } finally {
            api.fakes.usage = new UserStores.Usage(7, 1_000_000_000);
        }
    }

    @Test
    void a_listing_goes_on_where_it_ended() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            String name = "list/é" + (char) ('a' + i);
            all.add(name);
            assertThat(api.put("/v1/objects/list/%C3%A9" + (char) ('a' + i), "x")
                            .statusCode())
                    .isBetween(201, 204);
        }
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            JsonObject page = list("?prefix=list%2F%C3%A9&limit=10"
                    + cursor.map(c -> "&cursor=" + c).orElse(""));
            page.getJsonArray("objects").stream()
                    .map(JsonObject.class::cast)
                    .forEach(object -> seen.add(object.getString("path")));
            cursor = Optional.ofNullable(page.getString("next"));
        } while (cursor.isPresent());
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void long_paths_make_short_pages() throws IOException {
        String directory = ("d".repeat(250) + "/").repeat(9);
        Path there = Files.createDirectories(root.resolve("alice").resolve(directory));
        for (int i = 0; i < 200; i++) {
            Path unused = Files.writeString(there.resolve("f" + i), "x");
        }
        String page = "/v1/objects?limit=1000&prefix=ddd";
        JsonObject first = new JsonObject(api.get(page).body());
        assertThat(first.getJsonArray("objects").size()).isLessThan(200);
        assertThat(first.encode()).hasSizeLessThan(500_000);
        JsonObject second = new JsonObject(
                api.get(page + "&cursor=" + first.getString("next")).body());
        assertThat(first.getJsonArray("objects").size()
                        + second.getJsonArray("objects").size())
                .isEqualTo(200);
        assertThat(second.getString("next")).isNull();
    }

    @Test
    void an_account_has_so_many_long_objects_on_their_way() throws IOException {
        Path large = root.resolve("alice/large.bin");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(48 << 20);
        }
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ApiUnderTest.OPTIONS.transfersPerAccount(); i++) {
                RawClient slow = api.raw();
                clients.add(slow);
                slow.say("GET /v1/objects/large.bin HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n");
                assertThat(slow.status()).isEqualTo(200);
            }
            assertThat(api.get("/v1/objects/large.bin").statusCode()).isEqualTo(429);
            byte[] content = new byte[1 << 20];
            assertThat(api.send(api.authorized("/v1/objects/more.bin").PUT(BodyPublishers.ofByteArray(content)))
                            .statusCode())
                    .isEqualTo(429);
            assertThat(api.get(CAT).body()).isEqualTo(CONTENT);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        int status = 429;
        for (int i = 0; i < 1_000 && status == 429; i++) { // the server has yet to hear that they went
            status = api.send(api.authorized("/v1/objects/large.bin").GET(), BodyHandlers.ofByteArray())
                    .statusCode();
        }
        assertThat(status).isEqualTo(200);
        Files.delete(large);
    }

    @Test
    void a_cursor_is_of_the_prefix_it_was_given_for() {
        assertThat(put("/v1/objects/p/1", "x", "X-Any", "y")).isEqualTo(201);
        assertThat(put("/v1/objects/p/2", "x", "X-Any", "y")).isEqualTo(201);
        String cursor = list("?prefix=p/&limit=1").getString("next");
        assertThat(api.get("/v1/objects?cursor=" + cursor).statusCode()).isEqualTo(400);
        assertThat(api.get("/v1/objects?prefix=p/&cursor=AAAA").statusCode()).isEqualTo(400);
        assertThat(list("?prefix=p/&cursor=" + cursor).getJsonArray("objects")).hasSize(1);
    }

    @Test
    void a_listing_says_how_much_of_it_is_no_object() throws IOException {
        assertThat(put("/v1/objects/odd/a", "x", "X-Any", "y")).isEqualTo(201);
        Path unused = Files.createSymbolicLink(root.resolve("alice/odd/link"), Path.of("a"));
        JsonObject page = list("?prefix=odd/");
        assertThat(page.getJsonArray("objects")).hasSize(1);
        assertThat(page.getLong("skipped")).isEqualTo(1);
        assertThat(api.get("/v1/objects/odd/link").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"1.5", "true", "null", "%22a%22", "%5Cu0041", "%7B%7D", "12"})
    void a_prefix_is_text_whatever_it_looks_like(String prefix) {
        assertThat(put("/v1/objects/" + prefix + "-x", "x", "X-Any", "y")).isEqualTo(201);
        JsonArray objects = list("?prefix=" + prefix).getJsonArray("objects");
        assertThat(objects).hasSize(1);
    }

    @Test
    void nobody_sees_the_objects_of_another_account() throws Exception {
        String etag = header(api.get(CAT), "ETag").orElseThrow();
        assertThat(api.send(api.as("bob", CAT).GET()).statusCode()).isEqualTo(404);
        assertThat(api.send(api.as("bob", CAT).header("If-Match", etag)).statusCode())
                .isEqualTo(404);
        assertThat(api.send(api.as("bob", CAT).DELETE()).statusCode()).isEqualTo(404);
        JsonObject page = new JsonObject(api.send(api.as("bob", "/v1/objects")).body());
        assertThat(page.getJsonArray("objects")).isEmpty();
        String cursor = list("?limit=1").getString("next");
        JsonObject next = new JsonObject(
                api.send(api.as("bob", "/v1/objects?cursor=" + cursor)).body());
        assertThat(next.getJsonArray("objects")).isEmpty();
        assertThat(api.send(api.as("bob", CAT).PUT(BodyPublishers.ofString("bob's")))
                        .statusCode())
                .isEqualTo(201);
        assertThat(api.get(CAT).body()).isEqualTo(CONTENT);
        api.fakes.store(FakeAccounts.BOB).delete(ObjectPath.of("cat.txt"));
    }

    private static int ifRange(String value) {
        return api.send(api.authorized(CAT).header("Range", "bytes=1-2").header("If-Range", value))
                .statusCode();
    }

    private static int conditional(String header, String value) {
        return api.send(api.authorized(CAT).header(header, value).GET()).statusCode();
    }

    private static int put(String path, String content, String header, String value) {
        HttpRequest.Builder request = api.authorized(path).header(header, value);
        return api.send(request.PUT(BodyPublishers.ofString(content))).statusCode();
    }

    private static int delete(String path, String header, String value) {
        return api.send(api.authorized(path).header(header, value).DELETE()).statusCode();
    }

    private static JsonObject list(String query) {
        HttpResponse<String> response = api.get("/v1/objects" + query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private static String code(HttpResponse<String> response) {
        return response.statusCode() + " " + new JsonObject(response.body()).getString("code");
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }

    private static String digest(byte[] bytes) {
        return "sha-256=:"
                + Base64.getEncoder().encodeToString(Digest.sha256(bytes).bytes()) + ":";
    }

    /** What is still staged. */
    private static List<Path> leftovers() {
        Path staging = root.resolve(".ferrymesh-staging");
        if (!Files.exists(staging)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(staging)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
