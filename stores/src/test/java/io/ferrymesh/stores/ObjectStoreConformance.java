package io.ferrymesh.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every {@link ObjectStore} does. An implementation extends this and says how to open an empty one. */
public abstract class ObjectStoreConformance {

    /** Modification times to nanoseconds; a store that keeps less overrides {@link #kept}. */
    protected static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06.123456789Z");

    /** Tag of tests with so many objects that an implementation may want a faster place for them. */
    protected static final String MANY_OBJECTS = "many-objects";

    private static final int SEGMENT = 16 << 20;

    /** The store under test, empty at the start. */
    protected ObjectStore store;

    /** Opens a store that is empty the first time within a test and has the same objects every other time. */
    protected abstract ObjectStore open() throws StoreException;

    /** Opens the same, with pages of its listing as small as it allows. */
    protected abstract ObjectStore openWithSmallPages() throws StoreException;

    /** What the store keeps of a modification time. */
    protected Instant kept(Instant modified) {
        return modified;
    }

    @BeforeEach
    void openStore() throws StoreException {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- one object

    @Test
    void an_object_comes_back_as_it_was_written() throws Exception {
        byte[] bytes = random(300_000);

        put("photos/2001/a.jpg", bytes);

        assertThat(get("photos/2001/a.jpg")).isEqualTo(bytes);
        assertThat(store.head(ObjectPath.of("photos/2001/a.jpg")))
                .isEqualTo(new ObjectInfo(ObjectPath.of("photos/2001/a.jpg"), bytes.length, kept(MODIFIED)));
    }

    @Test
    void an_object_of_no_bytes_is_an_object() throws Exception {
        put("nothing", new byte[0]);

        assertThat(get("nothing")).isEmpty();
        assertThat(listed("")).containsExactly("nothing");
    }

    @Test
    void any_range_can_be_read_in_any_order() throws Exception {
        byte[] bytes = random(10_000);
        put("a", bytes);

        try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
            byte[] into = new byte[4_000];
            assertThat(reader.read(7_000, into, 100, 2_000)).isEqualTo(2_000);
            assertThat(Arrays.copyOfRange(into, 100, 2_100)).isEqualTo(Arrays.copyOfRange(bytes, 7_000, 9_000));
            assertThat(reader.read(0, into, 0, 1)).isEqualTo(1);
            assertThat(into[0]).isEqualTo(bytes[0]);
            assertThat(reader.read(9_990, into, 0, 100)).isEqualTo(10);
            assertThat(reader.read(10_000, into, 0, 100)).isZero();
            assertThat(reader.read(20_000, into, 0, 100)).isZero();
            assertThat(reader.read(5, into, 0, 0)).isZero();
        }
    }

    @Test
    void a_reader_serves_several_threads_at_once() throws Exception {
        byte[] bytes = random(400_000);
        put("a", bytes);

        try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
            inParallel(4, thread -> {
                byte[] into = new byte[1_000];
                for (int i = thread; i < 400; i += 4) {
                    assertThat(reader.read(i * 1_000L, into, 0, 1_000)).isEqualTo(1_000);
                    assertThat(into).isEqualTo(Arrays.copyOfRange(bytes, i * 1_000, (i + 1) * 1_000));
                }
            });
        }
    }

    @Test
    void a_reader_notices_that_its_object_was_replaced() throws Exception {
        put("a", random(10));

        try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
            assertThat(reader.current()).isEqualTo(reader.info());
            assertThat(publish(PublishMode.REPLACE, staged("a", random(20), MODIFIED.plusSeconds(1))))
                    .containsOnlyNulls();
            assertThat(reader.current()).isNotEqualTo(reader.info());
        }
    }

    @Test
    void what_is_not_there_is_not_found() throws Exception {
        put("a/b", random(1));

        for (String path : List.of("b", "a", "a/c", "a/b/c", "a/", "a/b/", "c/")) {
            assertFails(StoreError.NOT_FOUND, () -> store.head(ObjectPath.of(path)));
            assertFails(StoreError.NOT_FOUND, () -> store.open(ObjectPath.of(path)));
        }
    }

    // ---- staging

    @Test
    void nothing_can_be_seen_before_it_is_published() throws Exception {
        try (StagedObject staged = staged("a", random(1_000), MODIFIED)) {
            assertThat(listed("")).isEmpty();
            assertFails(StoreError.NOT_FOUND, () -> store.head(ObjectPath.of("a")));
            assertFails(StoreError.NOT_FOUND, () -> store.open(ObjectPath.of("a")));

            assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsOnlyNulls();
        }
        assertThat(listed("")).containsExactly("a");
    }

    @Test
    void closing_a_staged_object_leaves_nothing() throws Exception {
        staged("a", random(1_000), MODIFIED).close();
        StagedObject half = store.stage(new ObjectInfo(ObjectPath.of("b"), 1_000, MODIFIED));
        half.write(0, random(500), 0, 500);
        half.close();
        half.close();

        assertThat(listed("")).isEmpty();
        assertFails(StoreError.IO_ERROR, () -> half.write(500, random(500), 0, 500));
    }

    @Test
    void closing_the_store_discards_what_was_staged() throws Exception {
        StagedObject staged = staged("a", random(1_000), MODIFIED);
        store.close();
        staged.close();

        store = open();
        assertThat(listed("")).isEmpty();
    }

    @Test
    void an_object_with_missing_bytes_is_not_published() throws Exception {
        StagedObject half = store.stage(new ObjectInfo(ObjectPath.of("a"), 1_000, MODIFIED));
        half.write(0, random(500), 0, 500);

        assertThat(publish(PublishMode.CREATE_ONLY, half)).containsExactly(StoreError.IO_ERROR);
        assertThat(listed("")).isEmpty();
    }

    @Test
    void bytes_past_the_announced_size_are_refused() throws Exception {
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("a"), 1_000, MODIFIED));
        assertFails(StoreError.IO_ERROR, () -> staged.write(0, random(1_001), 0, 1_001));
        assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsExactly(StoreError.IO_ERROR);

        StagedObject whole = staged("b", random(10), MODIFIED);
        assertFails(StoreError.IO_ERROR, () -> whole.write(10, random(1), 0, 1));
        whole.close();
        assertThat(listed("")).isEmpty();
    }

    @Test
    void bytes_written_twice_are_refused() throws Exception {
        try (StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("a"), 1_000, MODIFIED))) {
            staged.write(0, random(500), 0, 500);
            assertFails(StoreError.IO_ERROR, () -> staged.write(499, random(500), 0, 500));
            assertFails(StoreError.IO_ERROR, () -> staged.write(500, random(500), 0, 500));
        }
    }

    @Test
    void segments_are_written_in_parallel() throws Exception {
        byte[] bytes = random(2 * SEGMENT + 12_345);
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("large"), bytes.length, MODIFIED));

        inParallel(3, segment -> {
            int end = Math.min(bytes.length, (segment + 1) * SEGMENT);
            for (int at = segment * SEGMENT; at < end; at += 300_000) {
                staged.write(at, bytes, at, Math.min(300_000, end - at));
            }
        });

        assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsOnlyNulls();
        assertThat(get("large")).isEqualTo(bytes);
    }

    // ---- publishing

    @Test
    void create_only_leaves_what_is_there() throws Exception {
        put("a", "old".getBytes(UTF_8));

        assertThat(publish(PublishMode.CREATE_ONLY, staged("a", "new".getBytes(UTF_8), MODIFIED)))
                .containsExactly(StoreError.EXISTS);
        assertThat(get("a")).asString(UTF_8).isEqualTo("old");
    }

    @Test
    void replace_takes_the_place_of_what_is_there() throws Exception {
        put("a", "old".getBytes(UTF_8));

        Instant later = MODIFIED.plusSeconds(3_600);
        assertThat(publish(
                        PublishMode.REPLACE,
                        staged("a", "newer".getBytes(UTF_8), later),
                        staged("b", "b".getBytes(UTF_8), later)))
                .containsOnlyNulls();
        assertThat(get("a")).asString(UTF_8).isEqualTo("newer");
        assertThat(store.head(ObjectPath.of("a")).modified()).isEqualTo(kept(later));
        assertThat(listed("")).containsExactly("a", "b");
    }

    @Test
    void one_failure_does_not_stop_the_rest_of_the_group() throws Exception {
        put("b", "old".getBytes(UTF_8));
        StagedObject half = store.stage(new ObjectInfo(ObjectPath.of("c"), 10, MODIFIED));

        List<PublishOutcome> outcomes = store.publish(
                List.of(
                        staged("a", random(1), MODIFIED),
                        staged("b", random(1), MODIFIED),
                        half,
                        staged("d", random(1), MODIFIED)),
                PublishMode.CREATE_ONLY);

        assertThat(outcomes)
                .extracting(outcome -> outcome.info().path().toString())
                .containsExactly("a", "b", "c", "d");
        assertThat(outcomes)
                .extracting(ObjectStoreConformance::errorOf)
                .containsExactly(null, StoreError.EXISTS, StoreError.IO_ERROR, null);
        assertThat(listed("")).containsExactly("a", "b", "d");
    }

    @Test
    void an_empty_group_is_fine() {
        assertThat(store.publish(List.of(), PublishMode.CREATE_ONLY)).isEmpty();
    }

    @Test
    void one_of_many_writers_creates_an_object() throws Exception {
        var winners = new ConcurrentLinkedQueue<Byte>();
        inParallel(8, writer -> {
            byte[] bytes = new byte[10_000];
            Arrays.fill(bytes, (byte) writer);
            StoreError error = publish(PublishMode.CREATE_ONLY, staged("deep/er/a", bytes, MODIFIED))
                    .get(0);
            assertThat(error).isIn(null, StoreError.EXISTS);
            if (error == null) {
                winners.add((byte) writer);
            }
        });

        assertThat(winners).hasSize(1);
        assertThat(get("deep/er/a")).hasSize(10_000).containsOnly(winners.element());
    }

    @Test
    void a_reader_sees_the_old_or_the_new_and_never_a_mixture() throws Exception {
        byte[][] versions = {new byte[50_000], new byte[70_000]};
        Arrays.fill(versions[0], (byte) 1);
        Arrays.fill(versions[1], (byte) 2);
        put("a", versions[0]);
        var done = new AtomicBoolean();

        inParallel(2, thread -> {
            if (thread == 0) {
                for (int i = 1; i <= 40; i++) {
                    assertThat(publish(PublishMode.REPLACE, staged("a", versions[i % 2], MODIFIED)))
                            .containsOnlyNulls();
                }
                done.set(true);
            }
            while (thread == 1 && !done.get()) {
                byte[] seen = get("a");
                assertThat(Arrays.equals(seen, versions[0]) || Arrays.equals(seen, versions[1]))
                        .isTrue();
            }
        });
    }

    @Test
    void many_writers_share_new_directories() throws Exception {
        inParallel(4, writer -> {
            var group = new ArrayList<StagedObject>();
            for (int i = 0; i < 50; i++) {
                group.add(staged("d" + i % 5 + "/e/" + writer + "-" + i, random(100), MODIFIED));
            }
            assertThat(publish(PublishMode.CREATE_ONLY, group.toArray(StagedObject[]::new)))
                    .containsOnlyNulls();
        });

        assertThat(listed("")).hasSize(200).isSortedAccordingTo((a, b) -> ObjectPath.of(a)
                .compareTo(ObjectPath.of(b)));
    }

    // ---- empty directories

    @Test
    void an_empty_directory_is_an_object_until_something_lies_in_it() throws Exception {
        assertThat(publish(PublishMode.CREATE_ONLY, staged("a/b/", new byte[0], MODIFIED)))
                .containsOnlyNulls();
        assertThat(listed("")).containsExactly("a/b/");
        assertThat(store.head(ObjectPath.of("a/b/")))
                .isEqualTo(new ObjectInfo(ObjectPath.of("a/b/"), 0, kept(MODIFIED)));
        try (ObjectReader reader = store.open(ObjectPath.of("a/b/"))) {
            assertThat(reader.read(0, new byte[10], 0, 10)).isZero();
        }

        assertThat(publish(PublishMode.CREATE_ONLY, staged("a/b/", new byte[0], MODIFIED)))
                .containsOnlyNulls();

        put("a/c", random(1));
        assertThat(listed("")).containsExactly("a/b/", "a/c");
        assertThat(listed("a/b/")).containsExactly("a/b/");
        assertThat(listed("a/b/c")).isEmpty();
    }

    // ---- listing

    @Test
    void an_empty_store_lists_nothing() throws Exception {
        assertThat(listed("")).isEmpty();
        assertThat(listed("a")).isEmpty();
    }

    @Test
    void odd_names_are_listed_in_the_order_of_their_bytes() throws Exception {
        List<String> inOrder = List.of(
                "\n",
                " ",
                " leading",
                "-rf",
                "...",
                "%41",
                "a",
                "a\n",
                "a b",
                "b.c",
                "b/c",
                "b/c.d",
                "b0",
                "c-/x",
                "c.",
                "c.d/x",
                "c/.x",
                "c/x/y",
                "c/x0",
                "c0/x",
                "d?*\"<>|:\\",
                "e\u0301",
                "x".repeat(255),
                "~",
                "é",
                "é".repeat(127) + "y",
                "漢字 テスト\n.txt",
                "\uFFFD",
                "～",
                "😀/😀");
        var shuffled = new ArrayList<>(inOrder.stream().sorted(byBytes()).toList());
        List<String> expected = List.copyOf(shuffled);
        Collections.shuffle(shuffled, new Random(7));
        put(shuffled);

        assertThat(listed("")).containsExactlyElementsOf(expected);
        assertThat(listed("", 1)).containsExactlyElementsOf(expected);
        assertThat(listed("", 3)).containsExactlyElementsOf(expected);
        for (String name : expected) {
            assertThat(get(name)).asString(UTF_8).isEqualTo(name);
        }
    }

    @Test
    void a_prefix_is_plain_text() throws Exception {
        List<String> all = List.of("a", "ab/c", "ab/d/e", "ab/d/f", "ab0", "abc/d", "b/ab/c", "é/x", "éa");
        put(all);

        for (String prefix : List.of(
                "",
                "a",
                "ab",
                "ab/",
                "ab/d",
                "ab/d/",
                "ab/d/e",
                "ab/d/e/",
                "ab/d/ef",
                "b/",
                "b/a",
                "é",
                "é/",
                "c",
                "/",
                "//",
                "..",
                "../",
                "./a",
                "ab//",
                "ab/../a",
                "a\0/",
                "x".repeat(300) + "/a")) {
            assertThat(listed(prefix))
                    .as("prefix %s", prefix)
                    .containsExactlyElementsOf(
                            all.stream().filter(name -> name.startsWith(prefix)).toList());
        }
    }

    @Test
    void a_listing_goes_on_from_page_to_page_and_stays_at_its_end() throws Exception {
        put(IntStream.range(0, 25).mapToObj(i -> "f" + (char) ('a' + i)).toList());

        try (ObjectListing listing = store.list("")) {
            assertThat(listing.next(10)).hasSize(10);
            assertThat(listing.next(10)).hasSize(10);
            assertThat(listing.next(10)).hasSize(5);
            assertThat(listing.next(10)).isEmpty();
            assertThat(listing.next(10)).isEmpty();
        }
    }

    @Test
    void a_listing_gives_sizes_and_times() throws Exception {
        put("a/b", random(123));

        try (ObjectListing listing = store.list("")) {
            assertThat(listing.next(10)).containsExactly(new ObjectInfo(ObjectPath.of("a/b"), 123, kept(MODIFIED)));
        }
    }

    @Test
    @Tag(MANY_OBJECTS)
    void twenty_thousand_objects_of_one_directory_come_in_order() throws Exception {
        List<String> expected = IntStream.range(0, 20_000)
                .mapToObj(i -> "d/" + Integer.toHexString(i * 0x9E3779B1) + (i % 500 == 0 ? "/x" : ""))
                .sorted(byBytes())
                .toList();
        put(expected);

        store.close();
        store = openWithSmallPages();
        assertThat(listed("", 777)).isEqualTo(expected);
        assertThat(listed("d/f", 1_000))
                .isEqualTo(
                        expected.stream().filter(name -> name.startsWith("d/f")).toList());
    }

    // ---- for implementations' own tests too

    /** Starts an object and writes all of it. */
    protected StagedObject staged(String path, byte[] bytes, Instant modified) throws StoreException {
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), bytes.length, modified));
        staged.write(0, bytes, 0, bytes.length);
        return staged;
    }

    /** Publishes a group and gives each one's error, null for none. */
    protected List<StoreError> publish(PublishMode mode, StagedObject... group) {
        return store.publish(List.of(group), mode).stream()
                .map(ObjectStoreConformance::errorOf)
                .toList();
    }

    /** Publishes one object. */
    protected void put(String path, byte[] bytes) throws StoreException {
        StagedObject staged = staged(path, bytes, MODIFIED);
        assertThat(store.publish(List.of(staged), PublishMode.CREATE_ONLY))
                .containsExactly(new PublishOutcome(staged.info(), null));
    }

    /** Publishes objects that hold their own paths. */
    protected void put(List<String> paths) throws StoreException {
        for (int from = 0; from < paths.size(); from += 1_000) {
            var group = new ArrayList<StagedObject>();
            for (String path : paths.subList(from, Math.min(paths.size(), from + 1_000))) {
                group.add(staged(path, path.getBytes(UTF_8), MODIFIED));
            }
            assertThat(store.publish(group, PublishMode.CREATE_ONLY))
                    .allSatisfy(outcome -> assertThat(outcome.error()).isNull());
        }
    }

    /** All bytes of an object. */
    protected byte[] get(String path) throws StoreException {
        try (ObjectReader reader = store.open(ObjectPath.of(path))) {
            byte[] bytes = new byte[(int) reader.info().size()];
            assertThat(reader.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
            return bytes;
        }
    }

    /** The paths of the objects under a prefix. */
    protected List<String> listed(String prefix) throws StoreException {
        return listed(prefix, 1_000);
    }

    /** The paths of the objects under a prefix, read in pages of at most {@code max}. */
    protected List<String> listed(String prefix, int max) throws StoreException {
        return entries(prefix, max).stream()
                .filter(ObjectInfo.class::isInstance)
                .map(entry -> ((ObjectInfo) entry).path().toString())
                .toList();
    }

    /** Everything under a prefix, in pages of at most {@code max}. */
    protected List<ListingEntry> entries(String prefix, int max) throws StoreException {
        var all = new ArrayList<ListingEntry>();
        try (ObjectListing listing = store.list(prefix)) {
            for (List<ListingEntry> page = listing.next(max); !page.isEmpty(); page = listing.next(max)) {
                assertThat(page.size()).isLessThanOrEqualTo(max);
                all.addAll(page);
            }
        }
        return all;
    }

    /** Expects a failure of a kind. */
    protected static void assertFails(StoreError expected, ThrowingCallable call) {
        assertThat(failure(call).error()).isEqualTo(expected);
    }

    /** The failure of a call that fails. */
    protected static StoreException failure(ThrowingCallable call) {
        StoreException failure = Assertions.catchThrowableOfType(StoreException.class, call);
        assertThat(failure).as("should fail").isNotNull();
        return failure;
    }

    /** Bytes that look like nothing, the same for the same length. */
    protected static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Runs a task in several threads that start together; fails as they do. */
    protected static void inParallel(int threads, Task task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            var barrier = new CyclicBarrier(threads);
            var tasks = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                tasks.add(() -> {
                    int arrived = barrier.await();
                    task.run(number);
                    return arrived;
                });
            }
            for (Future<Integer> result : pool.invokeAll(tasks)) {
                assertThat(result.get()).isNotNegative();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Sorts paths as a listing does. */
    protected static Comparator<String> byBytes() {
        return (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
    }

    private static @Nullable StoreError errorOf(PublishOutcome outcome) {
        StoreException error = outcome.error();
        return error == null ? null : error.error();
    }

    /** Something that one of several threads does. */
    protected interface Task {
        /** Runs it as thread {@code number}, from 0. */
        void run(int number) throws Exception;
    }
}
