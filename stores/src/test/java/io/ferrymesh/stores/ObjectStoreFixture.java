package io.ferrymesh.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty store for each test, and what tests of any store need. */
public abstract class ObjectStoreFixture {

    /** Modification times to nanoseconds; a store that keeps less overrides {@link #kept}. */
    protected static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06.123456789Z");

    /** Tag of tests with so many objects that an implementation may want a faster place for them. */
    protected static final String MANY_OBJECTS = "many-objects";

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

    /** Whether an empty directory keeps the modification time it was given. */
    protected boolean keepsDirectoryTimes() {
        return true;
    }

    /** Whether the store can hold an object of this path. */
    protected boolean canHold(String path) {
        return true;
    }

    /** Whether the store can tell that a directory has become empty, and then removes it. */
    protected boolean removesDirectoriesLeftEmpty() {
        return true;
    }

    @BeforeEach
    void openStore() throws StoreException {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** Starts an object and writes all of it. */
    protected StagedObject staged(String path, byte[] bytes, Instant modified) throws StoreException {
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), bytes.length, modified));
        staged.write(0, bytes, 0, bytes.length);
        return staged;
    }

    /** Starts an object with metadata and writes all of it. */
    protected StagedObject staged(String path, byte[] bytes, ObjectMetadata metadata) throws StoreException {
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of(path), bytes.length, MODIFIED), metadata);
        staged.write(0, bytes, 0, bytes.length);
        return staged;
    }

    /** Replaces what has an etag and gives the error, null for none. */
    protected @Nullable StoreError replace(String path, byte[] bytes, String etag) throws StoreException {
        return errorOf(store.replace(staged(path, bytes, MODIFIED), etag));
    }

    /** The etag of what is at a path now. */
    protected String etag(String path) throws StoreException {
        return store.details(ObjectPath.of(path)).etag();
    }

    /** Publishes a group and gives each one's error, null for none. */
    protected List<StoreError> publish(PublishMode mode, StagedObject... group) {
        return store.publish(List.of(group), mode).stream()
                .map(ObjectStoreFixture::errorOf)
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

    /** Makes many objects appear, by whatever way is the fastest. */
    protected void fill(List<String> paths) throws Exception {
        int threads = 4;
        inParallel(
                threads,
                number -> put(IntStream.range(0, paths.size())
                        .filter(i -> i % threads == number)
                        .mapToObj(paths::get)
                        .toList()));
    }

    /** Makes files of a directory, for stores over one. */
    protected static void makeFiles(Path directory, List<String> paths) throws IOException {
        for (String path : paths) {
            int slash = path.lastIndexOf('/');
            Path parent = slash < 0 ? directory : directory.resolve(path.substring(0, slash));
            if (!Files.isDirectory(parent)) {
                Files.createDirectories(parent);
            }
            Files.createFile(parent.resolve(path.substring(slash + 1)));
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

    /** The paths under a prefix and after a path, as far as one page of at most {@code max}. */
    protected List<String> pageAfter(String prefix, String after, int max) throws StoreException {
        try (ObjectListing listing = store.list(prefix, Optional.of(ObjectPath.of(after)))) {
            return listing.next(max).stream()
                    .map(entry -> ((ObjectInfo) entry).path().toString())
                    .toList();
        }
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

    static @Nullable StoreError errorOf(PublishOutcome outcome) {
        StoreException error = outcome.error();
        return error == null ? null : error.error();
    }

    /** Something that one of several threads does. */
    protected interface Task {
        /** Runs it as thread {@code number}, from 0. */
        void run(int number) throws Exception;
    }
}
