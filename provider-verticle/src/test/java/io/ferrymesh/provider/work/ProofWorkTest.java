package io.ferrymesh.provider.work;

import static io.ferrymesh.provider.work.GrantWorkTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.engine.JournalEntry;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.ProofView;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MerkleLeaf;
import io.ferrymesh.scheme.MerkleTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proofs that a receipt covers an object. */
@OnEachDatabase
class ProofWorkTest {

    /** In the order of no alphabet: bytes decide, and supplementary characters come after all others. */
    private static final List<String> PATHS = sorted(
                    List.of("B", "a/b", "a", "\uFFFD", "\uD83D\uDE00", "Z/1", "a-b", "\u00e4"))
            .toList();

    private static final Progress FAILED_ONE = new Progress(9, true, 8, 0, 1, 0, 10, 10, 10);

    private final Site site;
    private final Node node;
    private final Account alice;
    private long leaves;

    ProofWorkTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        node = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void every_object_of_a_receipt_is_proven_under_its_root() {
        NewMigration migration = begun();
        decide(migration, PATHS, ObjectOutcome.Kind.ARRIVED);
        Digest root = root(PATHS);
        complete(migration, root);

        for (String path : PATHS) {
            ProofView proof = prove(migration, path);
            assertThat(proof.path()).isEqualTo(path);
            assertThat(proof.root()).isEqualTo(root);
            assertThat(proof.proof().size()).isEqualTo(PATHS.size());
            assertThat(proof.proof().verify(leaf(path), root)).isTrue();
        }
    }

    @Test
    void what_failed_was_skipped_or_came_in_an_earlier_run_only_is_not_covered() {
        NewMigration migration = begun();
        decide(migration, List.of("gone"), ObjectOutcome.Kind.ARRIVED);
        decide(migration, List.of("kept"), ObjectOutcome.Kind.ARRIVED);
        assertThat(node.work().migrations().pause(alice, migration.id()).id()).isEqualTo(migration.id());
        node.turn();
        assertThat(node.work().migrations().resume(alice, migration.id()).id()).isEqualTo(migration.id());
        node.turn();
        decide(migration, List.of("kept"), ObjectOutcome.Kind.ALREADY_THERE);
        decide(migration, List.of("new"), ObjectOutcome.Kind.ARRIVED);
        decide(migration, List.of("bad"), ObjectOutcome.Kind.FAILED);
        decide(migration, List.of("link"), ObjectOutcome.Kind.SKIPPED);
        Digest root = root(List.of("kept", "new"));
        complete(migration, root);

        assertThat(prove(migration, "kept").proof().verify(leaf("kept"), root)).isTrue();
        assertThat(prove(migration, "new").proof().index()).isEqualTo(1);
        for (String path : List.of("gone", "bad", "link", "never heard of")) {
            assertRefused(ServiceError.NOT_FOUND, () -> prove(migration, path));
        }
    }

    @Test
    void there_is_no_proof_before_there_is_a_receipt_or_for_somebody_else() {
        NewMigration migration = begun();
        decide(migration, List.of("a"), ObjectOutcome.Kind.ARRIVED);
        assertRefused(ServiceError.NOT_FOUND, () -> prove(migration, "a"));
        complete(migration, root(List.of("a")));
        Account bob = site.account(2);
        assertRefused(ServiceError.NOT_FOUND, () -> node.work().migrations().proof(bob, migration.id(), "a"));
    }

    @Test
    void a_further_run_takes_no_proof_away_until_it_has_a_receipt_of_its_own() {
        NewMigration migration = begun();
        decide(migration, PATHS, ObjectOutcome.Kind.ARRIVED);
        Digest root = root(PATHS);
        node.engine().destination(migration.id(), MigrationState.RUNNING, FAILED_ONE, Optional.empty());
        node.turn();
        complete(migration, root);
        node.engine().orders.remove(migration.id());
        node.engine().destination(migration.id(), MigrationState.COMPLETED, FAILED_ONE, Optional.empty());
        node.turn();
        for (int run = 0; run < 2; run++) { // the second is over what the first has changed
            site.pass(60_000);
            node.turn();
            assertThat(node.work().migrations().retry(alice, migration.id()).id())
                    .isEqualTo(migration.id());
            node.turn();
            decide(migration, PATHS.subList(2, 5), ObjectOutcome.Kind.ALREADY_THERE);
            decide(migration, PATHS.subList(5, 6), ObjectOutcome.Kind.FAILED);
            node.engine().fails(migration.id(), ErrorCode.REVOKED, true);
            node.turn();
        }

        for (String path : PATHS) {
            assertThat(prove(migration, path).proof().verify(leaf(path), root))
                    .as(path)
                    .isTrue();
        }
    }

    @Test
    void why_nothing_can_be_proven_is_said_in_words_of_its_own() {
        NewMigration large = begun();
        for (int i = 0; i < 3; i++) {
            int from = i * 400;
            decide(
                    large,
                    IntStream.range(from, from + 400).mapToObj(n -> "x" + n).toList(),
                    ObjectOutcome.Kind.ARRIVED);
        }
        complete(large, root(List.of("a")));
        assertThatThrownBy(() -> prove(large, "x1")).hasMessageContaining("more objects than the 1000");
        NewMigration old = begun();
        decide(old, List.of("a"), ObjectOutcome.Kind.ARRIVED);
        complete(old, root(List.of("a")));
        int unused = site.database.transaction(
                handle -> handle.createUpdate("UPDATE migration SET receipt_run = NULL WHERE id = :id")
                        .bind("id", old.id().bytes())
                        .execute());
        assertThatThrownBy(() -> prove(old, "a")).hasMessageContaining("earlier version");
    }

    @Test
    void a_report_that_lacks_an_object_of_the_receipt_proves_nothing() {
        NewMigration migration = begun();
        decide(migration, List.of("a"), ObjectOutcome.Kind.ARRIVED);
        complete(migration, root(List.of("a", "b")));
        assertRefused(ServiceError.CONFLICT, () -> prove(migration, "a"));
    }

    @Test
    void a_name_that_is_skipped_takes_nothing_from_an_object_of_the_same_run() {
        NewMigration migration = begun();
        decide(migration, List.of("a", "\uFFFD"), ObjectOutcome.Kind.ARRIVED);
        skip(migration, "a", ObjectOutcome.Kind.FAILED);
        skip(migration, "\0", ObjectOutcome.Kind.SKIPPED);
        skip(migration, "link", ObjectOutcome.Kind.SKIPPED);
        Digest root = root(List.of("a", "\uFFFD"));
        complete(migration, root);

        assertThat(prove(migration, "a").proof().verify(leaf("a"), root)).isTrue();
        assertThat(site.count("SELECT COUNT(*) FROM migration_object WHERE outcome = 'ARRIVED'"))
                .isEqualTo(2);
        assertThat(site.count("SELECT COUNT(*) FROM migration_object WHERE outcome = 'SKIPPED'"))
                .isEqualTo(1);
    }

    private void skip(NewMigration migration, String name, ObjectOutcome.Kind kind) {
        order(migration)
                .journal()
                .add(List.of(JournalEntry.of(new ObjectOutcome(
                        name, kind, Optional.of("UNREADABLE"), OptionalLong.empty(), Optional.empty()))));
    }

    private NewMigration begun() {
        NewMigration migration = site.migration();
        assertThat(node.work().migrations().create(alice, migration).fresh()).isTrue();
        node.turn();
        return migration;
    }

    private ProofView prove(NewMigration migration, String path) {
        return node.work().migrations().proof(alice, migration.id(), path);
    }

    private void decide(NewMigration migration, List<String> paths, ObjectOutcome.Kind kind) {
        List<JournalEntry> entries = new ArrayList<>();
        for (String path : paths) {
            ObjectOutcome outcome =
                    new ObjectOutcome(path, kind, Optional.empty(), OptionalLong.of(path.length()), Optional.empty());
            boolean arrived = kind == ObjectOutcome.Kind.ARRIVED || kind == ObjectOutcome.Kind.ALREADY_THERE;
            Optional<JournalEntry.Leaf> leaf =
                    arrived ? Optional.of(new JournalEntry.Leaf(leaves++, digest(path))) : Optional.empty();
            entries.add(new JournalEntry(outcome, leaf, Optional.empty(), List.of()));
        }
        order(migration).journal().add(entries);
    }

    private void complete(NewMigration migration, Digest root) {
        order(migration).receipts().keep(new byte[] {7, 8, 9}, root);
    }

    private MigrationOrder order(NewMigration migration) {
        return Objects.requireNonNull(node.engine().orders.get(migration.id()));
    }

    private static Digest root(List<String> paths) {
        MerkleTree tree = new MerkleTree();
        sorted(paths).forEach(path -> tree.append(leaf(path)));
        return tree.root();
    }

    private static Stream<String> sorted(List<String> paths) {
        return paths.stream()
                .sorted((a, b) ->
                        Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] leaf(String path) {
        return MerkleLeaf.encode(path.getBytes(StandardCharsets.UTF_8), path.length(), digest(path));
    }

    private static Digest digest(String path) {
        return Digest.sha256(path.getBytes(StandardCharsets.UTF_8));
    }
}
