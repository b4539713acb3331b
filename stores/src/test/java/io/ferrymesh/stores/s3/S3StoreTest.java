package io.ferrymesh.stores.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreFixture;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import io.ferrymesh.stores.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** What is S3's own. */
class S3StoreTest extends ObjectStoreFixture {

    private static final int SEGMENT = 16 << 20;

    private @Nullable S3StoreOptions bucket;

    @Test
    void small_objects_are_one_request_and_large_ones_parts() throws Exception {
        put("small", random(S3StoreOptions.SMALL_PARTS));
        put("large", random(S3StoreOptions.SMALL_PARTS + 1));

        assertThat(etag("small")).doesNotContain("-");
        assertThat(etag("large")).contains("-2.");
        assertThat(get("large")).isEqualTo(random(S3StoreOptions.SMALL_PARTS + 1));
    }

    @Test
    void parts_beyond_the_memory_wait_in_files() throws Exception {
        store.close();
        store = S3Store.open(options(), S3Tuning.DEFAULT.withMemory(1_000, 0), RetryListener.NONE);
        byte[] bytes = random(SEGMENT + 3_000_000);
        put("large", bytes);
        put("medium", random(5_000));
        put("small", random(500));

        assertThat(get("large")).isEqualTo(bytes);
        assertThat(get("medium")).isEqualTo(random(5_000));
        assertThat(get("small")).isEqualTo(random(500));
        assertThat(((S3Store) store).freeWriteBytes()).isEqualTo(1_000);
    }

    @Test
    void memory_is_given_back() throws Exception {
        StagedObject staged = staged("a", random(1_000_000), MODIFIED);
        assertThat(((S3Store) store).freeWriteBytes()).isEqualTo(S3Tuning.DEFAULT.writeBytes() - 1_000_000);
        staged.close();
        assertThat(((S3Store) store).freeWriteBytes()).isEqualTo(S3Tuning.DEFAULT.writeBytes());

        put("b", random(9_000_000));
        try (ObjectReader reader = store.open(ObjectPath.of("b"))) {
            byte[] into = new byte[64 << 10];
            for (long at = 0; at < 9_000_000; at += into.length) {
                int unused = reader.read(at, into, 0, into.length);
            }
            assertThat(((S3Store) store).freeReadBytes())
                    .isLessThan(S3Tuning.DEFAULT.readBytes())
                    .isGreaterThanOrEqualTo(S3Tuning.DEFAULT.readBytes() - (16 << 20));
        }
        assertThat(((S3Store) store).freeWriteBytes()).isEqualTo(S3Tuning.DEFAULT.writeBytes());
        assertThat(((S3Store) store).freeReadBytes()).isEqualTo(S3Tuning.DEFAULT.readBytes());
    }

    @Test
    void an_upload_that_was_discarded_or_abandoned_is_aborted() throws Exception {
        StagedObject discarded = store.stage(new ObjectInfo(ObjectPath.of("discarded"), 2L * SEGMENT, MODIFIED));
        discarded.write(0, random(SEGMENT), 0, SEGMENT);
        StagedObject abandoned = store.stage(new ObjectInfo(ObjectPath.of("abandoned"), 2L * SEGMENT, MODIFIED));
        abandoned.write(0, random(SEGMENT), 0, SEGMENT);
        assertThat(((S3Staged) abandoned).upload().join()).isNotEmpty();
        Bucket requests = ((S3Store) store).bucket();
        discarded.close();
        assertThat(requests.uploads("", null, null).join().uploads())
                .extracting(upload -> upload.key())
                .containsExactly("people/abandoned");

        new AbandonedUploads(requests, "people/").abort(Duration.ofHours(1));
        assertThat(requests.uploads("", null, null).join().uploads()).hasSize(1);
        new AbandonedUploads(requests, "others/").abort(Duration.ofHours(-1));
        assertThat(requests.uploads("", null, null).join().uploads()).hasSize(1);
        new AbandonedUploads(requests, "people/").abort(Duration.ofHours(-1));
        assertThat(requests.uploads("", null, null).join().uploads()).isEmpty();
        assertThat(publish(PublishMode.CREATE_ONLY, abandoned)).containsExactly(StoreError.IO_ERROR);
    }

    @Test
    void objects_of_other_programs_can_be_read() throws Exception {
        raw("people/theirs", "hello", "text/plain", Map.of("Owner", "me", "mtime", "not a time"));
        raw("people/rclone", "hi", "text/plain", Map.of("mtime", "981173106.123456789"));
        raw("outside", "no", "text/plain", Map.of());

        assertThat(get("theirs")).asString(UTF_8).isEqualTo("hello");
        assertThat(store.details(ObjectPath.of("theirs")).metadata().contentType())
                .contains("text/plain");
        assertThat(store.details(ObjectPath.of("theirs")).metadata().user()).isEqualTo(Map.of("owner", "me"));
        assertThat(store.head(ObjectPath.of("rclone")).modified()).isEqualTo(MODIFIED);
        assertThat(listed("")).containsExactly("rclone", "theirs");
    }

    @Test
    void thousands_of_objects_come_in_order_and_in_pages() throws Exception {
        S3StoreOptions many = S3Server.overDirectory().newBucket().withPrefix("people/");
        List<String> expected = IntStream.range(0, 5_000)
                .mapToObj(i -> "d/" + Integer.toHexString(i * 0x9E3779B1) + (i % 500 == 0 ? "/x" : ""))
                .sorted(byBytes())
                .toList();
        makeFiles(S3Server.overDirectory().directory(many), expected);
        store.close();
        store = S3Store.open(many, S3Tuning.DEFAULT.withServerTimes(true), RetryListener.NONE);

        assertThat(listed("", 777)).isEqualTo(expected);
        assertThat(listed("d/f", 1_000))
                .isEqualTo(
                        expected.stream().filter(name -> name.startsWith("d/f")).toList());
        for (int from : List.of(0, 3_100, 3_999)) {
            assertThat(pageAfter("d/", expected.get(from), 1_000)).isEqualTo(expected.subList(from + 1, from + 1_001));
        }
    }

    @Test
    void a_key_that_is_too_long_is_refused_at_once() {
        String part = "x".repeat(250) + "/";
        assertFails(StoreError.UNSUPPORTED_PATH, () -> staged(part.repeat(4) + "x".repeat(20), random(1), MODIFIED));
        assertFails(
                StoreError.UNSUPPORTED_PATH, () -> store.requirePath(ObjectPath.of(part.repeat(4) + "x".repeat(20))));
    }

    @Test
    void an_object_that_is_too_large_is_refused_at_once() {
        assertFails(
                StoreError.NOT_WRITABLE,
                () -> store.stage(new ObjectInfo(ObjectPath.of("a"), 10_000L * SEGMENT + 1, MODIFIED)));
    }

    @Test
    void a_store_tells_what_is_wrong_with_its_bucket() {
        S3StoreOptions there = options();
        RetryPolicy once = new RetryPolicy(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);
        S3Tuning tuning = S3Tuning.DEFAULT.withRetries(once);

        assertThat(failure(() -> S3Store.open(
                        S3StoreOptions.of("us-east-1", "missing")
                                .withServer(S3Server.get().endpoint(), S3Server.CREDENTIALS),
                        tuning,
                        RetryListener.NONE)))
                .hasMessage("bucket missing: not found (404 NoSuchBucket)");
        assertThat(failure(() -> S3Store.open(
                        there.withServer(S3Server.get().endpoint(), new S3Credentials("ferry", "wrong")),
                        tuning,
                        RetryListener.NONE)))
                .hasMessageStartingWith("bucket " + there.bucket() + ": the server refused the credentials")
                .extracting(StoreException::error)
                .isEqualTo(StoreError.NOT_READABLE);
        assertThat(failure(() -> S3Store.open(
                        there.withServer(URI.create("http://127.0.0.1:1"), S3Server.CREDENTIALS),
                        tuning,
                        RetryListener.NONE)))
                .hasMessageStartingWith("bucket " + there.bucket() + ": ")
                .extracting(StoreException::error)
                .isEqualTo(StoreError.UNAVAILABLE);
    }

    @Test
    void two_stores_over_one_bucket_do_not_replace_each_others_objects() throws Exception {
        try (ObjectStore other = open()) {
            put("first", random(1));
            put("a", random(10));
            StagedObject staged = other.stage(new ObjectInfo(ObjectPath.of("a"), 3, MODIFIED));
            staged.write(0, random(3), 0, 3);
            assertThat(other.publish(List.of(staged), PublishMode.CREATE_ONLY)
                            .get(0)
                            .error())
                    .extracting(StoreException::error)
                    .isEqualTo(StoreError.EXISTS);
        }
        assertThat(get("a")).isEqualTo(random(10));
    }

    @Override
    protected ObjectStore open() throws StoreException {
        return S3Store.open(options());
    }

    @Override
    protected ObjectStore openWithSmallPages() {
        throw new UnsupportedOperationException();
    }

    private S3StoreOptions options() {
        if (bucket == null) {
            bucket = S3Server.get().newBucket().withPrefix("people/");
        }
        return bucket;
    }

    private void raw(String key, String text, String type, Map<String, String> metadata) {
        try (var http = new CrtHttpClient(2, Duration.ofSeconds(5), Duration.ofSeconds(5));
                S3AsyncClient client = S3Clients.open(options(), http, Runnable::run)) {
            assertThat(client.putObject(
                                    request -> request.bucket(options().bucket())
                                            .key(key)
                                            .contentType(type)
                                            .metadata(metadata),
                                    AsyncRequestBody.fromString(text))
                            .join())
                    .isNotNull();
        }
    }
}
