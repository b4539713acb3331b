package io.ferrymesh.provider.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider starts with the database, the key file and the store that it was begun with, and with nothing else. */
@OnEachDatabase
class ProviderBaseTest {

    private static final ObjectPath PHOTO = ObjectPath.of("17/photo.jpg");

    private final TestDatabase databases;

    @TempDir
    private Path directory;

    private Places places;

    ProviderBaseTest(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeEach
    void begin() throws Exception {
        places = Places.in(directory, databases.fresh());
        places.begin();
    }

    @Test
    void what_was_begun_together_starts_again_and_again() throws Exception {
        for (int i = 0; i < 2; i++) {
            places.open().close();
        }
        assertThat(places.marker()).isRegularFile();
    }

    @Test
    void an_empty_database_is_refused_and_nobody_is_served_from_it() throws Exception {
        DatabaseOptions empty = databases.fresh();
        Database.open(empty, ProviderDatabase.MIGRATIONS).close(); // one that is not there is refused before
        Places wrong = places.with(empty);
        for (int i = 0; i < 2; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> wrong.open().close())
                    .withMessageContaining("belongs to no provider");
        }
        places.open().close();
    }

    @Test
    void a_mount_point_without_its_disk_is_refused() throws Exception {
        unmount();
        assertThatIllegalStateException()
                .isThrownBy(() -> places.open().close())
                .withMessageContaining("it has no object ferrymesh-provider")
                .withMessageContaining("Is it mounted");
    }

    @Test
    void another_providers_store_is_refused() throws Exception {
        Files.writeString(places.marker(), "0123456789abcdef0123456789abcdef");
        assertThatIllegalStateException()
                .isThrownBy(() -> places.open().close())
                .withMessageContaining("the store is another provider's");
    }

    @Test
    void a_marker_that_an_operator_wrote_as_it_said_will_do() throws Exception {
        String id = Files.readString(places.marker());
        Files.delete(places.marker());
        assertThatIllegalStateException()
                .isThrownBy(() -> places.open().close())
                .withMessageContaining("holds " + id);
        Files.writeString(places.marker(), id + "\n");
        places.open().close();
    }

    @Test
    void a_store_that_goes_away_is_not_taken_for_an_empty_one() throws Exception {
        Files.createDirectories(places.root().resolve("17"));
        Files.writeString(places.root().resolve("17/photo.jpg"), "a photo");
        try (ProviderBase base = places.open()) {
            AtomicLong nowMs = new AtomicLong();
            InstantSource clock = () -> Instant.ofEpochMilli(nowMs.addAndGet(1_000));
            MarkedStore store = new MarkedStore(
                    StoreSetup.open(places.config().store().place(), RetryListener.NONE),
                    base.marker().orElseThrow(),
                    clock);
            assertThat(names(store)).isEqualTo(1);
            StagedObject kept = store.stageDurably(new ObjectInfo(PHOTO, 1, Instant.EPOCH), ObjectMetadata.EMPTY);
            String token = kept.token().orElseThrow();
            kept.detach();
            unmount();
            assertAway(() -> names(store));
            assertAway(() -> store.head(PHOTO));
            assertAway(() -> store.details(PHOTO));
            assertAway(() -> store.open(PHOTO));
            assertAway(() -> store.delete(PHOTO));
            ObjectInfo photo = new ObjectInfo(PHOTO, 1, Instant.EPOCH);
            assertAway(() -> store.stage(photo));
            assertAway(() -> store.stageDurably(photo, ObjectMetadata.EMPTY));
            assertAway(() -> store.resume(photo, ObjectMetadata.EMPTY, token));
            assertAway(() -> store.discard(PHOTO, token));
            mount();
            assertThat(names(store)).isEqualTo(1);
            store.resume(new ObjectInfo(PHOTO, 1, Instant.EPOCH), ObjectMetadata.EMPTY, token)
                    .close();
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.head(ObjectPath.of("17/other")))
                    .satisfies(e -> assertThat(e.error()).isEqualTo(StoreError.NOT_FOUND));
        }
    }

    @Test
    void sizes_are_listed_as_the_store_lists_them_best() throws Exception {
        Files.createDirectories(places.root().resolve("17"));
        Files.writeString(places.root().resolve("17/photo.jpg"), "a photo");
        try (ProviderBase base = places.open();
                ObjectStore store = StoreSetup.open(places.config().store().place(), RetryListener.NONE)) {
            List<String> asked = new ArrayList<>();
            ObjectStore noting = (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(),
                    new Class<?>[] {ObjectStore.class},
                    (proxy, method, arguments) -> {
                        asked.add(method.getName());
                        return method.invoke(store, arguments);
                    });
            MarkedStore marked = new MarkedStore(noting, base.marker().orElseThrow(), InstantSource.system());
            try (ObjectListing listing = new ScopedStore(marked, "17").listSizes("")) {
                assertThat(listing.next(10)).hasSize(1);
            }
            assertThat(asked).contains("listSizes").doesNotContain("list");
        }
    }

    @Test
    void no_account_sees_the_marker() throws Exception {
        try (ProviderBase base = places.open()) {
            assertThat(names(new ScopedStore(base.store(), "1"))).isZero();
        }
        Places apart = Places.in(Files.createDirectories(directory.resolve("apart")), databases.fresh())
                .with("users/u-{account}/");
        apart.begin();
        assertThat(apart.root().resolve("users/ferrymesh-provider")).isRegularFile();
        apart.open().close();
    }

    @Test
    void the_store_of_one_account_is_left_as_it_is() throws Exception {
        Places whole = Places.in(Files.createDirectories(directory.resolve("whole")), databases.fresh())
                .with("");
        whole.begin();
        assertThat(whole.root()).isEmptyDirectory();
        whole.open().close();
        assertThatIllegalStateException()
                .isThrownBy(() -> whole.with("{account}/").open().close())
                .withMessageContaining("store.userPrefix had no {account}");
    }

    @Test
    void what_belongs_to_a_provider_begins_no_other() throws Exception {
        assertThatExceptionOfType(KeyFileException.class).isThrownBy(places::begin);
        assertThatIllegalStateException()
                .isThrownBy(() -> places.beside("again").begin())
                .withMessageContaining("a new provider needs a new database");
        assertThatIllegalStateException()
                .isThrownBy(() -> places.beside("other").with(databases.fresh()).begin())
                .withMessageContaining("the store is another provider's");
        assertThat(directory.resolve("other/provider.p12")).doesNotExist();
        places.open().close();
    }

    @Test
    void a_beginning_that_was_cut_off_before_the_key_file_goes_on() throws Exception {
        Places cutOff = Places.in(Files.createDirectories(directory.resolve("cut")), databases.fresh());
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> NewProvider.begin(cutOff.config(), "short".toCharArray(), new SecureRandom()));
        assertThat(cutOff.marker()).isRegularFile();
        cutOff.begin();
        cutOff.open().close();
    }

    private void unmount() throws IOException {
        Files.move(places.root(), directory.resolve("disk"));
        Files.createDirectory(places.root());
    }

    private void mount() throws IOException {
        Files.delete(places.root());
        Files.move(directory.resolve("disk"), places.root());
    }

    private static void assertAway(ThrowingCallable call) {
        assertThatExceptionOfType(StoreException.class).isThrownBy(call).satisfies(e -> assertThat(e.error())
                .isEqualTo(StoreError.UNAVAILABLE));
    }

    private static int names(ObjectStore store) throws StoreException {
        int count = 0;
        try (ObjectListing listing = store.list("17/")) {
            for (int next = listing.next(10).size();
                    next > 0;
                    next = listing.next(10).size()) {
                count += next;
            }
        }
        return count;
    }
}
