package io.ferrymesh.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ferrymesh.stores.directory.DirectoryStore;
import io.ferrymesh.stores.directory.DirectoryStoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conforms like any store, with neighbours on both sides. */
class ScopedStoreTest extends ObjectStoreConformance {

    private static final List<String> NEIGHBOURS = List.of("users/ann", "users/anna.", "users/anna0/x", "v");

    @TempDir
    Path root;

    private final Deque<ObjectStore> opened = new ArrayDeque<>();

    @Override
    protected ObjectStore open() throws StoreException {
        return open(DirectoryStoreOptions.DEFAULT);
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return open(new DirectoryStoreOptions(10_000, 16));
    }

    private ObjectStore open(DirectoryStoreOptions options) throws StoreException {
        opened.forEach(ObjectStore::close);
        opened.push(DirectoryStore.open(root, options));
        return new ScopedStore(shared(), "users/anna/");
    }

    private ObjectStore shared() {
        return opened.element();
    }

    @Override
    protected boolean nothingIsStaged() {
        return Files.notExists(root.resolve(".ferrymesh-staging"));
    }

    @Override
    protected void fill(List<String> paths) throws Exception {
        makeFiles(root.resolve("users/anna"), paths);
    }

    @BeforeEach
    void moveNeighboursIn() throws Exception {
        for (String neighbour : NEIGHBOURS) {
            Files.createDirectories(root.resolve(neighbour).getParent());
            Files.writeString(root.resolve(neighbour), "theirs");
        }
    }

    @AfterEach
    void leaveNeighboursAlone() throws Exception {
        for (String neighbour : NEIGHBOURS) {
            assertThat(root.resolve(neighbour)).hasContent("theirs");
        }
        opened.forEach(ObjectStore::close);
    }

    @Test
    void objects_lie_below_the_prefix() throws Exception {
        put("a/b", random(3));

        assertThat(root.resolve("users/anna/a/b")).hasBinaryContent(random(3));
        assertThat(new ScopedStore(shared(), "users/anna").head(ObjectPath.of("a/b")))
                .isEqualTo(store.head(ObjectPath.of("a/b")));
        assertThat(new ScopedStore(shared(), "")
                        .head(ObjectPath.of("users/anna/a/b"))
                        .size())
                .isEqualTo(3);
    }

    @Test
    void the_prefix_itself_is_no_object_of_the_store() throws Exception {
        Files.createDirectories(root.resolve("users/anna"));

        assertThat(listed("")).isEmpty();
    }

    @Test
    void what_hides_all_of_the_store_is_no_empty_listing() throws Exception {
        Files.createDirectories(root.resolve("elsewhere/anna"));
        Files.createSymbolicLink(root.resolve("linked"), root.resolve("elsewhere"));
        ObjectStore hidden = new ScopedStore(shared(), "linked/anna");

        StoreException failure = failure(() -> {
            try (ObjectListing listing = hidden.list("a/")) {
                var unused = listing.next(10);
            }
        });

        assertThat(failure.error()).isEqualTo(StoreError.NOT_READABLE);
        assertThat(failure).hasMessage("the store's root: SYMBOLIC_LINK");
    }

    @Test
    void messages_do_not_show_the_prefix() throws Exception {
        put("users/anna/x", random(1));

        assertThat(failure(() -> store.head(ObjectPath.of("users/anna/y")))).hasMessage("users/anna/y: not found");
        StoreException error = store.publish(
                        List.of(staged("users/anna/x/y", random(1), MODIFIED)), PublishMode.CREATE_ONLY)
                .get(0)
                .error();
        assertThat(error).hasMessage("users/anna/x/y: users/anna/x is there and no directory");
    }

    @Test
    void what_another_scope_staged_is_not_published() throws Exception {
        ObjectStore other = new ScopedStore(shared(), "users/otto");
        StagedObject theirs = other.stage(new ObjectInfo(ObjectPath.of("a"), 0, MODIFIED));

        assertThat(publish(PublishMode.CREATE_ONLY, theirs)).containsExactly(StoreError.IO_ERROR);
        assertThat(listed("")).isEmpty();
        assertThat(root.resolve("users/otto")).doesNotExist();
    }

    @Test
    void what_another_scope_kept_is_neither_resumed_nor_discarded() throws Exception {
        ObjectStore other = new ScopedStore(shared(), "users/otto");
        var info = new ObjectInfo(ObjectPath.of("a"), 10, MODIFIED);
        StagedObject theirs = other.stageDurably(info, ObjectMetadata.EMPTY);
        String token = theirs.token().orElseThrow();

        assertThat(failure(() -> store.resume(info, ObjectMetadata.EMPTY, token)))
                .hasMessage("a: nothing is kept of it");
        store.discard(info.path(), token);
        theirs.write(0, random(10), 0, 10);
        assertThat(other.publish(List.of(theirs), PublishMode.CREATE_ONLY))
                .containsExactly(new PublishOutcome(info, null));
        assertThat(root.resolve("users/otto/a")).hasBinaryContent(random(10));
    }

    @Test
    void a_path_too_long_with_the_prefix_is_unsupported() {
        String path = ("x".repeat(249) + "/").repeat(16).substring(0, 3_999);

        assertFails(StoreError.UNSUPPORTED_PATH, () -> staged(path, random(1), MODIFIED));
        assertFails(StoreError.UNSUPPORTED_PATH, () -> store.requirePath(ObjectPath.of(path)));
        assertFails(StoreError.UNSUPPORTED_PATH, () -> store.head(ObjectPath.of(path)));
        var info = new ObjectInfo(ObjectPath.of(path), 1, MODIFIED);
        assertFails(StoreError.UNSUPPORTED_PATH, () -> store.stageDurably(info, ObjectMetadata.EMPTY));
        assertFails(StoreError.UNSUPPORTED_PATH, () -> store.list("", Optional.of(ObjectPath.of(path))));
    }

    @Test
    void a_prefix_is_a_path() {
        for (String prefix : List.of("/", "a//", "../a", "a/..", "./a", "/a")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ScopedStore(shared(), prefix));
        }
    }
}
