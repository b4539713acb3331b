package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** Whole migrations between two stores in memory that do what they are told at the worst moment. */
abstract class WithStores {

    static final Instant EARLY = Instant.parse("2020-01-01T00:00:00Z");
    static final Instant LATE = Instant.parse("2025-01-01T00:00:00Z");
    static final ObjectMetadata PHOTO =
            new ObjectMetadata(Optional.of("image/jpeg"), new TreeMap<>(Map.of("camera", "k1", "place", "home")));

    final Fixture fixture = new Fixture();
    final FaultyStore from = new FaultyStore();
    final FaultyStore to = new FaultyStore();
    final List<ObjectResult> results = new ArrayList<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    MigrationStatus migrate(OptionsFor options) {
        Fixture.Ends ends = fixture.migrate(from, to, options.build(), results);
        agree(ends);
        return ends.destination();
    }

    /** Both have completed with the same receipt, over as many objects as either counts. */
    static void agree(Fixture.Ends ends) {
        MigrationStatus here = ends.destination();
        MigrationStatus there = ends.source();
        assertThat(here.message()).isEmpty();
        assertThat(here.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(there.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(there.receipt().map(SignedReceipt::encoded)).isPresent().hasValueSatisfying(receipt -> assertThat(
                        receipt)
                .isEqualTo(here.receipt().orElseThrow().encoded()));
        assertThat(here.counts().objectsStored() + here.counts().objectsPresent())
                .isEqualTo(here.receipt().orElseThrow().receipt().objects())
                .isEqualTo(there.counts().objectsStored() + there.counts().objectsPresent());
        assertThat(there.counts().objectsFailed()).isEqualTo(here.counts().objectsFailed());
        assertThat(there.counts().objectsExcluded()).isEqualTo(here.counts().objectsExcluded());
        assertThat(there.counts().bytesListed()).isEqualTo(here.counts().bytesListed());
        assertThat(here.counts().bytesDone())
                .isEqualTo(here.receipt().orElseThrow().receipt().bytes());
    }

    /** A store that fails so many times at one act on one object. */
    static FaultyStore.Hook failing(FaultyStore.Act at, String name, int times, StoreError error) {
        AtomicInteger left = new AtomicInteger(times);
        return (act, path) -> {
            if (act == at && path.toString().equals(name) && left.getAndDecrement() > 0) {
                throw new StoreException(error, path + ": made to fail");
            }
        };
    }

    /** What is there: the same; other content of the same size; of another size, older and newer. */
    void conflicts() {
        from.put("same", "same", EARLY);
        to.put("same", "same", LATE);
        from.put("size older.txt", "source", LATE);
        to.put("size older.txt", "target", EARLY);
        from.put("size newer.txt", "source", EARLY);
        to.put("size newer.txt", "target", LATE);
        from.put("older", "source", LATE);
        to.put("older", "a longer target", EARLY);
        from.put("newer", "source", EARLY);
        to.put("newer", "a longer target", LATE);
        from.put("fresh", "fresh", EARLY);
    }
}
