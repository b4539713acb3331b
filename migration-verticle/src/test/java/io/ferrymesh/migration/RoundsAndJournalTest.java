package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that take several rounds, or runs, with a journal behind them. */
class RoundsAndJournalTest extends WithStores {

    private static final ObjectPath LARGE = ObjectPath.of("large");

    private final MigrationId id = MigrationId.random(fixture.random);
    private final MemoryJournal journal = new MemoryJournal();

    @TempDir
    Path root;

    private String large() {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            content.append(String.valueOf((char) ('a' + i)).repeat(Segments.BYTES));
        }
        return content.append("end").toString();
    }

    /** Fails once, after so many reads. */
    private void failReadingOnce(int reads) {
        AtomicInteger left = new AtomicInteger(reads);
        from.hook = (act, path) -> {
            if (act == FaultyStore.Act.READ && left.decrementAndGet() == 0) {
                throw new StoreException(StoreError.IO_ERROR, path + ": made to fail");
            }
        };
    }

    private MigrationStatus fetch(OptionsFor options, Fixture.Provider destination) throws Exception {
        return fixture.fetch(destination, id, DirectoryStore.open(root), options.build(), journal);
    }

    @Test
    void a_later_round_of_a_large_object_takes_up_what_an_earlier_one_made_safe() throws Exception {
        String content = large();
        from.put("large", content, EARLY, PHOTO);
        failReadingOnce(500);
        var source = fixture.provider();
        fixture.offer(source, id, new byte[32], from);

        MigrationStatus status = fetch(new OptionsFor().with(MetadataPolicy.REQUIRE), fixture.provider());

        agree(new Fixture.Ends(fixture.over(() -> source.engine().source(id).orElseThrow()), status));
        assertThat(status.counts().objectsStored()).isEqualTo(1);
        assertThat(status.counts().bytesMoved()).isLessThan(content.length() + 3L * Segments.BYTES);
        assertThat(Files.readString(root.resolve("large"))).isEqualTo(content);
        try (DirectoryStore there = DirectoryStore.open(root)) {
            assertThat(there.details(LARGE).metadata()).isEqualTo(PHOTO);
        }
        assertThat(journal.kept().unfinished).isEmpty();
    }

    @Test
    void an_object_that_changed_in_between_begins_anew() throws Exception {
        String content = large();
        from.put("large", content, EARLY);
        AtomicBoolean changed = new AtomicBoolean();
        AtomicInteger left = new AtomicInteger(500);
        from.hook = (act, path) -> {
            if (act == FaultyStore.Act.READ && left.decrementAndGet() == 0) {
                changed.set(true);
                from.put("large", content.replace('a', 'z'), LATE);
            }
        };
        var source = fixture.provider();
        fixture.offer(source, id, new byte[32], from);

        MigrationStatus status = fetch(new OptionsFor(), fixture.provider());

        agree(new Fixture.Ends(fixture.over(() -> source.engine().source(id).orElseThrow()), status));
        assertThat(changed).isTrue();
        assertThat(Files.readString(root.resolve("large"))).isEqualTo(content.replace('a', 'z'));
        assertThat(journal.kept().unfinished).isEmpty();
    }

    @Test
    void a_run_after_a_full_store_sends_nothing_again_that_arrived() throws Exception {
        for (int i = 0; i < 30; i++) {
            from.put("file %02d".formatted(i), "content " + i, EARLY);
        }
        to.hook = failing(FaultyStore.Act.PUBLISH, "file 20", 1, StoreError.FULL);
        var destination = fixture.provider();
        fixture.offer(fixture.provider(), id, new byte[32], from);

        MigrationStatus full = fixture.fetch(destination, id, to, TransferOptions.DEFAULTS, journal);
        assertThat(full.failure()).contains(ErrorCode.DESTINATION_FULL);
        int arrived = journal.kept().arrived.size();
        assertThat(arrived).isLessThan(30);

        MigrationStatus second = fixture.fetch(destination, id, to, TransferOptions.DEFAULTS, journal);
        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(second.counts().objectsStored() + second.counts().objectsPresent())
                .isEqualTo(30);
        assertThat(second.counts().bytesMoved()).isLessThanOrEqualTo((30L - arrived) * "content 29".length());
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    @Test
    void an_object_beside_another_is_known_by_its_own_place_in_the_next_run() throws Exception {
        from.put("a.txt", "source", EARLY);
        to.put("a.txt", "other.", EARLY);
        from.put("b", "content", EARLY);
        from.hook = (act, path) -> {
            if (act == FaultyStore.Act.READ && path.toString().equals("b") && !isJournaled("a.txt")) {
                throw new StoreException(StoreError.IO_ERROR, path + ": waits for the other");
            }
        };
        to.hook = failing(FaultyStore.Act.PUBLISH, "b", 1, StoreError.FULL);
        var destination = fixture.provider();
        fixture.offer(fixture.provider(), id, new byte[32], from);
        TransferOptions options =
                OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH).with(10).build();
        MigrationStatus full = fixture.fetch(destination, id, to, options, journal);
        assertThat(full.failure()).contains(ErrorCode.DESTINATION_FULL);

        MigrationStatus second = fixture.fetch(destination, id, to, options, journal);

        assertThat(second.counts().objectsStored()).isEqualTo(2);
        assertThat(second.counts().bytesMoved()).isEqualTo(7);
        assertThat(to.contents()).containsEntry("a.txt", "other.").containsEntry("a (2).txt", "source");
        assertThat(to.contents()).hasSize(3);
    }

    private boolean isJournaled(String path) {
        synchronized (journal.kept()) {
            return journal.kept().arrived.containsKey(ObjectPath.of(path));
        }
    }

    @Test
    void a_dry_run_leaves_the_journal_alone() throws Exception {
        from.put("a", "content", EARLY);
        var destination = fixture.provider();
        fixture.offer(fixture.provider(), id, new byte[32], from);

        MigrationStatus looked =
                fixture.fetch(destination, id, to, new OptionsFor().dryRun().build(), journal);

        assertThat(looked.dryRun()).isPresent();
        assertThat(journal.kept().entries).isEmpty();
        assertThat(to.contents()).isEmpty();
    }
}
