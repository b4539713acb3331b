package io.ferrymesh.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.s3.S3Server;
import io.ferrymesh.stores.s3.S3Store;
import io.ferrymesh.stores.s3.S3StoreOptions;
import io.ferrymesh.stores.webdav.NginxServer;
import io.ferrymesh.stores.webdav.WebDavStore;
import io.ferrymesh.stores.webdav.WebDavStoreOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Providers as processes, one with its users' objects in a bucket of a real S3 server, the other with them in a collection of
 * nginx.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoresIT {

    /** To the second, which is what WebDAV keeps. */
    private static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06Z");

    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

    /** Two segments of a migration, and four parts of an upload to S3. */
    private static final int LARGE = 3 * S3StoreOptions.SMALL_PARTS + 12_345;

    /** No pair at one place that UTF-16 orders another way than UTF-8: S3Proxy lists in the order of the former. */
    private static final List<String> NAMES = List.of(
            " leading",
            "%41",
            "a\n",
            "a b/c+d&e=f;g",
            "b/c",
            "b/c.d",
            "b0",
            "d?*\"<>|:\\",
            "e\u0301",
            "x".repeat(255),
            "~",
            "é",
            "漢字 テスト/\uFFFD",
            "😀/～");

    private S3StoreOptions bucket;
    private URI collection;
    private Nodes nodes;
    private Nodes.Node inBucket;
    private Nodes.Node inCollection;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        nodes = new Nodes(directory);
        Optional<NginxServer> nginx = NginxServer.shared();
        assumeThat(nginx).as("nginx with WebDAV").isPresent();
        collection = nginx.orElseThrow().uriOf(nginx.orElseThrow().newCollection());
        bucket = S3Server.get().newBucket().withPrefix("clouds/new/");
        Nodes.Centre centre = nodes.makeKeyCentre();
        Path bucketToken = nodes.enrol(centre, "bucket");
        Path collectionToken = nodes.enrol(centre, "collection");
        String fingerprint = nodes.startKeyCentre(centre);
        Kept s3 = Kept.bucket(
                new DatabaseOptions.Sqlite(directory.resolve("bucket.db")), bucket, directory.resolve("secret-key"));
        Kept webDav = Kept.collection(new DatabaseOptions.Sqlite(directory.resolve("collection.db")), collection);
        inBucket = nodes.startProvider(nodes.makeProvider("bucket", fingerprint, bucketToken, s3));
        inCollection = nodes.startProvider(nodes.makeProvider("collection", fingerprint, collectionToken, webDav));
    }

    @AfterAll
    void stop() {
        nodes.close();
    }

    @Test
    void objects_in_a_bucket_are_made_read_listed_replaced_and_deleted() throws Exception {
        User user = User.register(inBucket, "south");
        canBeUsed(user);
        assertThat(user.objects().paths()).isEmpty();
        try (ObjectStore store = S3Store.open(bucket)) {
            assertThat(kept(store, user)).isEmpty();
        }
    }

    @Test
    void objects_in_a_collection_are_made_read_listed_replaced_and_deleted() throws Exception {
        User user = User.register(inCollection, "south");
        canBeUsed(user);
        // This server hides some names, so a directory that was made for an object stays (docs/stores.md).
        assertThat(user.objects().paths()).allMatch(path -> path.endsWith("/"));
    }

    @Test
    void everything_moves_from_a_bucket_to_a_collection() throws Exception {
        User leaving = User.register(inBucket, "west");
        User joining = User.register(inCollection, "west");
        SortedMap<String, byte[]> objects = filled(leaving);
        moves(leaving, joining, objects);
        try (ObjectStore store = WebDavStore.open(WebDavStoreOptions.of(collection, Optional.empty()))) {
            assertSame(kept(store, joining), objects);
        }
    }

    @Test
    void everything_moves_from_a_collection_to_a_bucket() throws Exception {
        User leaving = User.register(inCollection, "east");
        User joining = User.register(inBucket, "east");
        SortedMap<String, byte[]> objects = filled(leaving);
        moves(leaving, joining, objects);
        try (ObjectStore store = S3Store.open(bucket)) {
            assertSame(kept(store, joining), objects);
        }
    }

    /** Small and large, empty, with every sort of name, and an empty directory. */
    private static SortedMap<String, byte[]> filled(User user) throws Exception {
        SortedMap<String, byte[]> objects = new TreeMap<>(BY_BYTES);
        for (String name : NAMES) {
            objects.put(name, name.getBytes(UTF_8));
        }
        objects.put("large", random(LARGE));
        objects.put("a part", random(S3StoreOptions.SMALL_PARTS));
        objects.put("nothing", new byte[0]);
        objects.put("an empty directory/", new byte[0]);
        for (Map.Entry<String, byte[]> each : objects.entrySet()) {
            user.objects().put(each.getKey(), each.getValue(), MODIFIED);
        }
        return objects;
    }

    private static void canBeUsed(User user) throws Exception {
        UserObjects there = user.objects();
        SortedMap<String, byte[]> objects = filled(user);
        assertHas(user, objects);
        assertThat(there.list(3)).isEqualTo(there.list(1_000));
        byte[] large = objects.get("large");
        int middle = S3StoreOptions.SMALL_PARTS;
        assertThat(there.get("large", middle - 5, middle + 4))
                .isEqualTo(Arrays.copyOfRange(large, middle - 5, middle + 5));

        assertThat(there.make("large", new byte[1])).isEqualTo(412);
        there.put("large", random(100), MODIFIED.plusSeconds(1));
        assertThat(there.get("large")).isEqualTo(random(100));

        for (String path : objects.keySet()) {
            assertThat(there.status("DELETE", path)).as(path).isEqualTo(204);
            assertThat(there.status("GET", path)).as(path).isEqualTo(404);
        }
        assertThat(there.status("DELETE", "large")).isEqualTo(404);
    }

    private static void moves(User leaving, User joining, SortedMap<String, byte[]> objects) throws Exception {
        JsonObject moved = migrated(leaving, joining);
        assertThat(moved.getInteger("objectsDone")).isEqualTo(objects.size());
        assertThat(moved.getInteger("objectsAlreadyThere")).isZero();
        assertHas(joining, objects);

        JsonObject again = migrated(leaving, joining);
        assertThat(again.getLong("bytesMoved")).isZero();
        assertThat(again.getInteger("objectsAlreadyThere")).isEqualTo(objects.size());
    }

    /** How far it came in the end. */
    private static JsonObject migrated(User leaving, User joining) throws Exception {
        JsonObject grant = User.freshGrant();
        leaving.allow(grant);
        joining.fetch(grant);
        JsonObject completed = joining.awaitMigration(grant);
        assertThat(completed.getString("state")).as(completed.encode()).isEqualTo("COMPLETED");
        return completed.getJsonObject("progress");
    }

    /** These and no others, in their order, with their bytes and, except for directories, their times. */
    private static void assertHas(User user, SortedMap<String, byte[]> expected) throws Exception {
        SortedMap<String, byte[]> found = new TreeMap<>(BY_BYTES);
        for (JsonObject each : user.objects().list(1_000)) {
            String path = each.getString("path");
            byte[] bytes = user.objects().get(path);
            assertThat(each.getInteger("size")).as(path).isEqualTo(bytes.length);
            if (!path.endsWith("/")) {
                assertThat(Instant.parse(each.getString("modified"))).as(path).isEqualTo(MODIFIED);
            }
            found.put(path, bytes);
        }
        assertThat(user.objects().paths()).containsExactlyElementsOf(expected.keySet());
        assertSame(found, expected);
    }

    private static void assertSame(SortedMap<String, byte[]> found, SortedMap<String, byte[]> expected) {
        assertThat(found.keySet()).containsExactlyElementsOf(expected.keySet());
        expected.forEach((path, bytes) ->
                assertThat(Arrays.mismatch(found.get(path), bytes)).as(path).isEqualTo(-1));
    }

    /** What a store has of a user, asked without the provider. */
    private static SortedMap<String, byte[]> kept(ObjectStore store, User user) throws Exception {
        String prefix = user.account() + "/";
        SortedMap<String, byte[]> found = new TreeMap<>(BY_BYTES);
        try (ObjectListing listing = store.list(prefix)) {
            for (List<ListingEntry> page = listing.next(1_000); !page.isEmpty(); page = listing.next(1_000)) {
                for (ListingEntry each : page) {
                    assertThat(each).isInstanceOf(ObjectInfo.class);
                    ObjectInfo info = (ObjectInfo) each;
                    found.put(info.path().toString().substring(prefix.length()), bytes(store, info));
                }
            }
        }
        return found;
    }

    private static byte[] bytes(ObjectStore store, ObjectInfo info) throws Exception {
        byte[] bytes = new byte[Math.toIntExact(info.size())];
        if (!info.path().isDirectory()) {
            try (ObjectReader reader = store.open(info.path())) {
                assertThat(reader.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
            }
        }
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
