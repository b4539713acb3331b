package io.ferrymesh.provider.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.keys.TrustedKeys.Trusted;
import io.ferrymesh.scheme.Digest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pin of the key centre, and that a database belongs to one key file. */
@OnEachDatabase
class TrustedKeysTest {

    private static final long NOW = 1_790_000_000;
    private static final Digest FIRST = Digest.sha256(new byte[] {1});
    private static final Digest SECOND = Digest.sha256(new byte[] {2});
    private static final Digest OTHER = Digest.sha256(new byte[] {3});

    private final ProviderSecrets secrets = ProviderSecrets.generate(new SecureRandom());
    private final Database database;
    private final TrustedKeys keys;

    TrustedKeysTest(TestDatabase databases) {
        database = Database.open(databases.fresh(ProviderDatabase.MIGRATIONS), ProviderDatabase.MIGRATIONS);
        keys = new TrustedKeys(database, secrets);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_first_start_trusts_what_is_configured_and_the_next_nothing_else() {
        assertThat(keys.start(FIRST, NOW)).isEqualTo(FIRST);
        assertThat(keys.learn(List.of(current(1, FIRST)))).isTrue();
        assertThat(keys.start(FIRST, NOW)).isEqualTo(FIRST);
        assertThatIllegalStateException()
                .isThrownBy(() -> keys.start(OTHER, NOW))
                .withMessageContaining(OTHER.toString())
                .withMessageContaining(FIRST.toString())
                .withMessageContaining("pin it anew");
    }

    @Test
    void an_announced_successor_may_be_configured_and_takes_over_when_its_predecessor_retires() {
        announced();
        assertThat(keys.start(FIRST, NOW + 100)).isEqualTo(FIRST);
        assertThat(keys.start(FIRST, NOW + 101)).isEqualTo(SECOND);
        assertThat(keys.start(SECOND, NOW)).isEqualTo(SECOND);
    }

    @Test
    void when_a_key_retires_is_never_taken_back_or_changed() {
        announced();
        assertThat(keys.learn(List.of(current(1, FIRST)))).isTrue();
        assertThat(keys.start(FIRST, NOW + 101)).isEqualTo(SECOND);
        assertThat(keys.learn(List.of(new Trusted(1, FIRST, Optional.of(NOW + 500)))))
                .isFalse();
        assertThat(keys.all()).hasSize(2).contains(new Trusted(1, FIRST, Optional.of(NOW + 100)));
    }

    @Test
    void another_successor_or_another_number_than_was_told_before_is_a_contradiction_and_changes_nothing() {
        announced();
        List<Trusted> before = keys.all();
        assertThat(keys.learn(List.of(current(2, OTHER)))).isFalse();
        assertThat(keys.learn(List.of(current(3, SECOND)))).isFalse();
        assertThat(keys.learn(List.of(current(3, OTHER), current(2, OTHER)))).isFalse();
        assertThat(keys.all()).isEqualTo(before);
        assertThat(keys.learn(List.of(current(3, OTHER)))).isTrue();
    }

    @Test
    void of_two_that_learn_different_things_at_once_one_is_told() {
        List<CompletableFuture<Boolean>> both = Stream.of(SECOND, OTHER)
                .map(each -> CompletableFuture.supplyAsync(() -> keys.learn(List.of(current(2, each)))))
                .toList();
        assertThat(both.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void who_writes_into_the_database_cannot_make_a_provider_trust_them() {
        for (String change : List.of(
                "UPDATE trusted_key SET fingerprint = ? WHERE number = 2",
                "UPDATE trusted_key SET retires_at = 7 WHERE number = 1 AND fingerprint <> ?",
                "INSERT INTO trusted_key (number, fingerprint, retires_at, mac)"
                        + " SELECT 3, ?, NULL, mac FROM trusted_key WHERE number = 2")) {
            announced();
            int changed = database.transaction(handle -> handle.execute(change, (Object) OTHER.bytes()));
            assertThat(changed).isEqualTo(1);
            assertThatThrownBy(() -> keys.start(OTHER, NOW)).as(change).isInstanceOf(NotSealedHereException.class);
            assertThatThrownBy(() -> keys.learn(List.of(current(4, OTHER))))
                    .as(change)
                    .isInstanceOf(NotSealedHereException.class);
            forget();
        }
    }

    @Test
    void forgotten_it_is_pinned_anew() {
        announced();
        forget();
        assertThat(keys.start(OTHER, NOW)).isEqualTo(OTHER);
    }

    @Test
    void a_database_belongs_to_the_first_key_file_that_used_it() {
        BoundDatabase.bind(database, secrets);
        BoundDatabase.bind(database, secrets);
        BoundDatabase.require(database, secrets);
        ProviderSecrets others = ProviderSecrets.generate(new SecureRandom());
        assertThatIllegalStateException()
                .isThrownBy(() -> BoundDatabase.require(database, others))
                .withMessageContaining(secrets.id().toString())
                .withMessageContaining("start with the key file that the database was first used with");
    }

    @Test
    void a_database_that_no_provider_was_begun_in_is_refused_and_stays_as_it_is() {
        for (int i = 0; i < 2; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> BoundDatabase.require(database, secrets))
                    .withMessageContaining("belongs to no provider");
        }
        BoundDatabase.requireNew(database);
        BoundDatabase.bind(database, secrets);
        assertThatIllegalStateException()
                .isThrownBy(() -> BoundDatabase.requireNew(database))
                .withMessageContaining("a new provider needs a new database");
    }

    @Test
    void of_two_key_files_that_start_at_once_with_a_new_database_one_is_refused() {
        List<CompletableFuture<Boolean>> both = Stream.of(secrets, ProviderSecrets.generate(new SecureRandom()))
                .map(each -> CompletableFuture.supplyAsync(() -> {
                    BoundDatabase.bind(database, each);
                    return true;
                }))
                .toList();
        assertThat(both.stream()
                        .map(each -> each.exceptionally(refused -> false).join()))
                .containsExactlyInAnyOrder(true, false);
    }

    @Test
    void a_row_from_before_a_successor_was_announced_prolongs_no_trust() {
        assertThat(keys.learn(List.of(current(1, FIRST)))).isTrue();
        byte[] old = database.read(handle -> handle.select("SELECT mac FROM trusted_key WHERE number = 1")
                .mapTo(byte[].class)
                .one());
        announced();
        assertThat(keys.start(FIRST, NOW)).isEqualTo(FIRST);
        int changed = database.transaction(handle ->
                handle.execute("UPDATE trusted_key SET retires_at = NULL, mac = ? WHERE number = 1", (Object) old));
        assertThat(changed).isEqualTo(1);
        assertThat(keys.start(FIRST, NOW)).isEqualTo(SECOND);
    }

    @Test
    void what_is_forgotten_is_only_what_was_named() {
        announced();
        assertThat(Forgettable.STOCK.forget(database)).isZero();
        assertThat(Forgettable.CREDENTIALS.forget(database)).isZero();
        assertThat(keys.all()).hasSize(2);
        assertThat(Forgettable.KEY_CENTRE.forget(database)).isEqualTo(2);
        assertThat(keys.all()).isEmpty();
    }

    private void forget() {
        assertThat(Forgettable.KEY_CENTRE.forget(database)).isPositive();
    }

    private void announced() {
        assertThat(keys.learn(List.of(new Trusted(1, FIRST, Optional.of(NOW + 100)), current(2, SECOND))))
                .isTrue();
    }

    private static Trusted current(long number, Digest fingerprint) {
        return new Trusted(number, fingerprint, Optional.empty());
    }
}
