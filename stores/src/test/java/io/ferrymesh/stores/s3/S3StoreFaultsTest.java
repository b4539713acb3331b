package io.ferrymesh.stores.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreFixture;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real server behind a network and a front that fail. */
class S3StoreFaultsTest extends ObjectStoreFixture {

    private static final RetryPolicy QUICK =
            new RetryPolicy(3, Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofSeconds(30));

    private static final int LARGE = (16 << 20) + 1_000_000;

    private final ConcurrentLinkedQueue<String> retried = new ConcurrentLinkedQueue<>();
    private @Nullable FaultyProxy proxy;

    @AfterEach
    void closeProxy() throws IOException {
        proxy().close();
    }

    @Test
    void what_was_throttled_or_lost_once_is_read_all_the_same() throws Exception {
        put("a", random(10_000));

        proxy().next("GET", new FaultyProxy.Fault.Answer(503, ""));
        proxy().next("GET", new FaultyProxy.Fault.Reset());
        assertThat(get("a")).isEqualTo(random(10_000));

        proxy().next("GET", new FaultyProxy.Fault.Answer(429, ""));
        proxy().next("GET", new FaultyProxy.Fault.Answer(500, ""));
        assertThat(get("a")).isEqualTo(random(10_000));
        assertThat(retried)
                .containsExactly("read UNAVAILABLE", "read UNAVAILABLE", "read THROTTLED", "read UNAVAILABLE");
    }

    @Test
    void a_response_cut_short_is_asked_for_again() throws Exception {
        put("a", random(100_000));

        proxy().next("GET", new FaultyProxy.Fault.CutShort(40_000));
        proxy().next("GET", new FaultyProxy.Fault.CutShort(0));
        assertThat(get("a")).isEqualTo(random(100_000));
        assertThat(proxy().isDone()).isTrue();
    }

    @Test
    void a_listing_goes_on_after_failures() throws Exception {
        put(List.of("a", "b", "c"));

        proxy().next("GET", new FaultyProxy.Fault.CutShort(200));
        proxy().next("HEAD", 2, new FaultyProxy.Fault.Reset());
        assertThat(listed("")).containsExactly("a", "b", "c");
        assertThat(proxy().isDone()).isTrue();
    }

    @Test
    void the_server_says_when_it_is_asked_again() throws Exception {
        put("a", random(10));

        proxy().next("HEAD", new FaultyProxy.Fault.Answer(503, "Retry-After: 1\r\n"));
        long before = System.nanoTime();
        assertThat(store.head(ObjectPath.of("a")).size()).isEqualTo(10);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(retried).containsExactly("head THROTTLED");
    }

    @Test
    void a_server_that_keeps_throttling_is_given_up() throws Exception {
        put("a", random(10));
        proxy().next("HEAD", 3, new FaultyProxy.Fault.Answer(503, "Retry-After: 0\r\n"));
        assertFails(StoreError.THROTTLED, () -> store.head(ObjectPath.of("a")));

        proxy().next("HEAD", 1, new FaultyProxy.Fault.Answer(503, "Retry-After: 3600\r\n"));
        assertFails(StoreError.THROTTLED, () -> store.head(ObjectPath.of("a")));
        assertThat(proxy().isDone()).isTrue();
    }

    @Test
    void a_server_that_stays_away_is_unavailable() throws Exception {
        put("a", random(10));
        proxy().next("HEAD", 3, new FaultyProxy.Fault.Reset());
        assertFails(StoreError.UNAVAILABLE, () -> store.head(ObjectPath.of("a")));

        proxy().close();
        assertFails(StoreError.UNAVAILABLE, () -> store.open(ObjectPath.of("a")));
        assertThat(publish(PublishMode.REPLACE, staged("b", random(10), MODIFIED)))
                .containsExactly(StoreError.UNAVAILABLE);
    }

    @Test
    void a_server_that_says_nothing_is_hung_up_on() throws Exception {
        put("a", random(10));
        proxy().next("HEAD", new FaultyProxy.Fault.Silence());

        assertThat(store.head(ObjectPath.of("a")).size()).isEqualTo(10);
        assertThat(retried).containsExactly("head UNAVAILABLE");
        assertThat(proxy().awaitHangUp()).isTrue();
    }

    @Test
    void an_object_created_by_a_request_whose_answer_was_lost_is_ours() throws Exception {
        put("first", random(1));

        proxy().next("PUT", new FaultyProxy.Fault.LoseAnswer());
        put("a", "mine".getBytes(UTF_8));
        assertThat(get("a")).asString(UTF_8).isEqualTo("mine");

        proxy().next("PUT", new FaultyProxy.Fault.LoseAnswer());
        assertThat(publish(PublishMode.CREATE_ONLY, staged("a", "other".getBytes(UTF_8), MODIFIED)))
                .containsExactly(StoreError.EXISTS);
        assertThat(replace("a", "newer".getBytes(UTF_8), etag("a"))).isNull();
        proxy().next("PUT", new FaultyProxy.Fault.LoseAnswer());
        assertThat(replace("a", "newest".getBytes(UTF_8), etag("a"))).isNull();
        assertThat(get("a")).asString(UTF_8).isEqualTo("newest");
    }

    @Test
    void a_large_object_survives_failures_of_each_kind_of_request() throws Exception {
        byte[] bytes = random(LARGE);
        proxy().next("POST", new FaultyProxy.Fault.Answer(503, ""));
        proxy().next("PUT", new FaultyProxy.Fault.Reset());
        proxy().next("PUT", new FaultyProxy.Fault.LoseAnswer());

        StagedObject staged = staged("large", bytes, MODIFIED);
        proxy().next("POST", new FaultyProxy.Fault.LoseAnswer());
        assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsOnlyNulls();

        assertThat(proxy().isDone()).isTrue();
        proxy().next("GET", new FaultyProxy.Fault.CutShort(1_000));
        assertThat(get("large")).isEqualTo(bytes);
    }

    @Test
    void a_part_that_cannot_be_sent_fails_the_object_and_nothing_is_left() throws Exception {
        proxy().next("PUT", 12, new FaultyProxy.Fault.Answer(500, ""));
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("large"), 3 * (16L << 20), MODIFIED));
        byte[] segment = random(16 << 20);
        StoreError error = null;
        try {
            for (int i = 0; i < 3; i++) {
                staged.write(i * (16L << 20), segment, 0, segment.length);
            }
        } catch (StoreException e) {
            error = e.error();
        }
        List<StoreError> published = publish(PublishMode.CREATE_ONLY, staged);

        assertThat(error).isIn(null, StoreError.UNAVAILABLE);
        assertThat(published).containsExactly(StoreError.UNAVAILABLE);
        assertThat(listed("")).isEmpty();
        assertThat(proxy().seen("DELETE")).hasSize(1);
        assertThat(((S3Store) store).freeWriteBytes()).isEqualTo(S3Tuning.DEFAULT.writeBytes());
    }

    @Test
    void a_kept_object_that_cannot_be_published_for_now_is_published_later() throws Exception {
        byte[] bytes = random(LARGE);
        var info = new ObjectInfo(ObjectPath.of("large"), LARGE, MODIFIED);
        StagedObject first = store.stageDurably(info, ObjectMetadata.EMPTY);
        first.write(0, bytes, 0, LARGE);
        first.force();
        proxy().next("POST", 3, new FaultyProxy.Fault.Answer(503, ""));
        assertThat(publish(PublishMode.CREATE_ONLY, first)).containsExactly(StoreError.UNAVAILABLE);
        first.close();
        assertThat(proxy().seen("DELETE")).isEmpty();

        StagedObject second =
                store.resume(info, ObjectMetadata.EMPTY, first.token().orElseThrow());
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsOnlyNulls();
        assertThat(get("large")).isEqualTo(bytes);
    }

    @Test
    void a_kept_object_with_a_part_that_could_not_be_sent_goes_on_with_those_that_were() throws Exception {
        byte[] bytes = random(LARGE);
        var info = new ObjectInfo(ObjectPath.of("large"), LARGE, MODIFIED);
        StagedObject first = store.stageDurably(info, ObjectMetadata.EMPTY);
        first.write(0, bytes, 0, 16 << 20);
        first.force();
        proxy().next("PUT", 3, new FaultyProxy.Fault.Answer(500, ""));
        first.write(16 << 20, bytes, 16 << 20, LARGE - (16 << 20));
        assertFails(StoreError.UNAVAILABLE, first::force);
        first.detach();

        StagedObject second =
                store.resume(info, ObjectMetadata.EMPTY, first.token().orElseThrow());
        assertThat(second.holds(0)).isTrue();
        assertThat(second.holds(1)).isFalse();
        second.write(16 << 20, bytes, 16 << 20, LARGE - (16 << 20));
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsOnlyNulls();
        assertThat(get("large")).isEqualTo(bytes);
        assertThat(((S3Store) store).freeWriteBytes()).isEqualTo(S3Tuning.DEFAULT.writeBytes());
    }

    @Test
    void an_object_is_not_taken_for_gone_while_the_server_does_not_answer() throws Exception {
        var info = new ObjectInfo(ObjectPath.of("large"), LARGE, MODIFIED);
        StagedObject first = store.stageDurably(info, ObjectMetadata.EMPTY);
        first.write(0, random(16 << 20), 0, 16 << 20);
        first.force();
        first.detach();
        String token = first.token().orElseThrow();
        proxy().next("GET", 3, new FaultyProxy.Fault.Answer(500, ""));
        assertFails(StoreError.UNAVAILABLE, () -> store.resume(info, ObjectMetadata.EMPTY, token));
        proxy().next("DELETE", 3, new FaultyProxy.Fault.Answer(500, ""));
        assertFails(StoreError.UNAVAILABLE, () -> store.discard(info.path(), token));

        assertThat(store.resume(info, ObjectMetadata.EMPTY, token).holds(0)).isTrue();
    }

    @Test
    void a_full_server_says_so() throws Exception {
        put("first", random(1));
        proxy().next("PUT", new FaultyProxy.Fault.Answer(507, ""));

        assertThat(publish(PublishMode.CREATE_ONLY, staged("a", random(10), MODIFIED)))
                .containsExactly(StoreError.FULL);
        assertThat(retried).isEmpty();
        assertThat(listed("")).containsExactly("first");
    }

    @Test
    void credentials_that_may_not_are_told_from_what_is_not_there() throws Exception {
        put("a", random(1));
        proxy().next("HEAD", new FaultyProxy.Fault.Answer(403, ""));
        assertFails(StoreError.NOT_READABLE, () -> store.head(ObjectPath.of("a")));

        proxy().next("PUT", new FaultyProxy.Fault.Answer(403, ""));
        assertThat(publish(PublishMode.REPLACE, staged("a", random(10), MODIFIED)))
                .containsExactly(StoreError.NOT_WRITABLE);
    }

    @Test
    void reading_on_after_the_object_was_replaced_fails() throws Exception {
        put("a", random(1 << 20));
        try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
            byte[] into = new byte[1 << 20];
            assertThat(reader.read(0, into, 0, 1_000)).isEqualTo(1_000);
            assertThat(publish(PublishMode.REPLACE, staged("a", random((1 << 20) + 1), MODIFIED)))
                    .containsOnlyNulls();

            assertFails(StoreError.CHANGED, () -> {
                int unused = reader.read(500_000, into, 0, 1_000);
            });
        }
        assertThat(((S3Store) store).freeReadBytes()).isEqualTo(S3Tuning.DEFAULT.readBytes());
    }

    @Override
    protected ObjectStore open() throws StoreException {
        S3StoreOptions there = S3Server.get().newBucket();
        try {
            proxy = new FaultyProxy(S3Server.get().port());
        } catch (IOException e) {
            throw new StoreException(StoreError.IO_ERROR, "no proxy", e);
        }
        URI endpoint = proxy.endpoint();
        return S3Store.open(
                there.withServer(endpoint, S3Server.CREDENTIALS),
                S3Tuning.DEFAULT.withRetries(QUICK).withRequestTimeout(Duration.ofSeconds(3)),
                (operation, error) -> retried.add(operation + " " + error));
    }

    @Override
    protected ObjectStore openWithSmallPages() {
        throw new UnsupportedOperationException();
    }

    private FaultyProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException("not open");
        }
        return proxy;
    }
}
