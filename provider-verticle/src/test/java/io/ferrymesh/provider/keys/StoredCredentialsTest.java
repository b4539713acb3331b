package io.ferrymesh.provider.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.Certificates;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class StoredCredentialsTest {

    private static final long NOW = 1_790_000_000;
    private static final long DAY = 86_400;
    private static final long MARGIN = 600;

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.generate(random);
    private final KgcPublicKey kgc = master.publicKey();
    private final ProviderSecrets secrets = ProviderSecrets.generate(random);
    private final Database database;
    private final StoredCredentials stored;
    private long issued;

    StoredCredentialsTest(TestDatabase databases) {
        database = Database.open(databases.fresh(ProviderDatabase.MIGRATIONS), ProviderDatabase.MIGRATIONS);
        stored = new StoredCredentials(database, secrets, MARGIN);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_was_put_is_taken_once_and_is_what_it_was_the_oldest_first() {
        List<Credential> put = issue(Usage.KEY_AGREEMENT, 3, DAY);
        stored.put(put);
        List<Credential> taken = stored.take(kgc, Usage.KEY_AGREEMENT, 2, NOW);
        assertThat(pseudonyms(taken)).containsExactly(pseudonym(put.get(0)), pseudonym(put.get(1)));
        assertThat(taken.get(0).copyPrivateKey()).isEqualTo(put.get(0).copyPrivateKey());
        assertThat(taken.get(0).certificate()).isEqualTo(put.get(0).certificate());
        assertThat(pseudonyms(stored.take(kgc, Usage.KEY_AGREEMENT, 2, NOW))).containsExactly(pseudonym(put.get(2)));
        assertThat(stored.take(kgc, Usage.KEY_AGREEMENT, 1, NOW)).isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    void another_usage_and_another_key_are_kept_apart() {
        stored.put(issue(Usage.KEY_AGREEMENT, 1, DAY));
        KgcPublicKey stranger = MasterKey.generate(random).publicKey();
        assertThat(stored.take(kgc, Usage.SIGNING, 1, NOW)).isEmpty();
        assertThat(stored.take(stranger, Usage.KEY_AGREEMENT, 1, NOW)).isEmpty();
        assertThat(stored.look(NOW)).containsOnlyKeys(kgc.fingerprint());
        assertThat(shelf()).extracting(Shelf::agreement, Shelf::signing).containsExactly(1, 0);
    }

    @Test
    void many_who_take_at_once_get_different_ones_and_all_there_are() {
        List<Credential> put = issue(Usage.SIGNING, 60, DAY);
        stored.put(put);
        List<CompletableFuture<List<Credential>>> takers = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(this::takeAll))
                .toList();
        List<Pseudonym> taken = new ArrayList<>();
        takers.forEach(each -> taken.addAll(pseudonyms(each.join())));
        assertThat(taken).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(pseudonyms(put));
    }

    @Test
    void who_reads_the_database_learns_no_pseudonym_and_no_key() {
        Credential one = issue(Usage.SIGNING, 1, DAY).get(0);
        stored.put(List.of(one));
        String sealed = HexFormat.of().formatHex(sealed());
        assertThat(sealed)
                .doesNotContain(HexFormat.of().formatHex(one.copyPrivateKey()))
                .doesNotContain(pseudonym(one).toString());
    }

    @Test
    void a_row_that_was_changed_or_copied_is_not_handed_out_and_not_in_the_way() {
        for (String change : List.of(
                "UPDATE credential SET not_after = not_after + 1",
                "UPDATE credential SET number = number + 1000",
                "UPDATE credential SET usage = 'KEY_AGREEMENT'",
                "UPDATE credential SET not_before = not_before - 1")) {
            stored.put(issue(Usage.SIGNING, 1, DAY));
            int unused = database.transaction(handle -> handle.execute(change));
            Usage usage = change.contains("KEY_AGREEMENT") ? Usage.KEY_AGREEMENT : Usage.SIGNING;
            List<Credential> good = issue(usage, 1, DAY);
            stored.put(good);
            List<Pseudonym> taken = new ArrayList<>(pseudonyms(stored.take(kgc, usage, 1, NOW)));
            taken.addAll(pseudonyms(stored.take(kgc, usage, 1, NOW)));
            assertThat(taken).as(change).isEqualTo(pseudonyms(good));
            assertThat(rows()).isZero();
        }
    }

    @Test
    void a_number_is_never_given_twice() {
        Set<Long> numbers = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            stored.put(issue(Usage.SIGNING, 2, DAY));
            assertThat(numbers.addAll(numbers())).isTrue();
            assertThat(stored.take(kgc, Usage.SIGNING, 2, NOW)).hasSize(2);
        }
        assertThat(numbers).hasSize(6);
    }

    @Test
    void what_expires_within_the_margin_or_half_of_its_life_is_neither_counted_nor_handed_out() {
        stored.put(issue(Usage.SIGNING, 1, MARGIN - 1));
        stored.put(issue(Usage.SIGNING, 1, DAY));
        assertThat(shelf().signing()).isEqualTo(2); // a short one until half of its life is over
        assertThat(stored.look(NOW + MARGIN / 2 + 1).get(kgc.fingerprint()))
                .extracting(Shelf::signing)
                .isEqualTo(1);
        assertThat(stored.take(kgc, Usage.SIGNING, 5, NOW + DAY - MARGIN)).hasSize(1);
        stored.put(issue(Usage.SIGNING, 1, DAY));
        assertThat(stored.take(kgc, Usage.SIGNING, 5, NOW + DAY - MARGIN + 1)).isEmpty();
        assertThat(rows()).isEqualTo(2);
        stored.dropExpired(NOW + DAY - MARGIN + 1);
        assertThat(rows()).isZero();
    }

    @Test
    void one_signs_for_more_until_its_last_third_and_is_not_handed_out() {
        List<Credential> put = issue(Usage.SIGNING, 2, DAY);
        stored.put(put);
        stored.keepSigner(kgc, NOW);
        stored.keepSigner(kgc, NOW);
        assertThat(shelf().signing()).isEqualTo(1);
        assertThat(shelf().hasSigner(NOW + DAY)).isTrue();
        assertThat(shelf().hasSigner(NOW + DAY + 1)).isFalse();
        assertThat(stored.signer(kgc).map(StoredCredentialsTest::pseudonym)).contains(pseudonym(put.get(0)));
        long late = NOW + DAY * 2 / 3 + 1;
        stored.keepSigner(kgc, late);
        assertThat(stored.signer(kgc).map(StoredCredentialsTest::pseudonym)).contains(pseudonym(put.get(0)));
        List<Credential> longer = issue(Usage.SIGNING, 1, 2 * DAY);
        stored.put(longer);
        stored.keepSigner(kgc, late);
        assertThat(stored.signer(kgc).map(StoredCredentialsTest::pseudonym)).contains(pseudonym(longer.get(0)));
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void a_signer_in_the_stock_or_the_stock_as_a_signer_does_not_open() {
        stored.put(issue(Usage.SIGNING, 2, DAY));
        stored.keepSigner(kgc, NOW);
        int unused = database.transaction(handle -> handle.execute("UPDATE credential SET role = 'STOCK'"));
        assertThat(stored.take(kgc, Usage.SIGNING, 2, NOW)).hasSize(1);
        stored.put(issue(Usage.SIGNING, 1, DAY));
        int unusedToo = database.transaction(handle -> handle.execute("UPDATE credential SET role = 'SIGNER'"));
        assertThat(stored.signer(kgc)).isEmpty();
    }

    @Test
    void many_who_replace_the_signer_at_once_spend_one() {
        stored.put(issue(Usage.SIGNING, 8, DAY));
        List<CompletableFuture<Void>> all = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> stored.keepSigner(kgc, NOW)))
                .toList();
        all.forEach(CompletableFuture::join);
        assertThat(shelf().signing()).isEqualTo(7);
        assertThat(shelf().hasSigner(NOW)).isTrue();
    }

    @Test
    void the_unwanted_are_removed_and_so_is_what_does_not_open() {
        List<Credential> put = issue(Usage.SIGNING, 4, DAY);
        stored.put(put);
        stored.keepSigner(kgc, NOW);
        Pseudonym signer = pseudonym(put.get(0));
        Pseudonym other = pseudonym(put.get(2));
        assertThat(stored.dropIf(pseudonym -> pseudonym.equals(signer) || pseudonym.equals(other)))
                .isEqualTo(2);
        assertThat(stored.signer(kgc)).isEmpty();
        int unused = database.transaction(handle -> handle.execute(
                "UPDATE credential SET not_after = 1 WHERE number = (SELECT MIN(number) FROM credential)"));
        assertThat(stored.dropIf(pseudonym -> false)).isEqualTo(1);
        assertThat(stored.dropIf(pseudonym -> false)).isZero();
        assertThat(pseudonyms(stored.take(kgc, Usage.SIGNING, 4, NOW))).containsExactly(pseudonym(put.get(3)));
    }

    @Test
    void all_of_one_key_goes_when_it_retires() {
        stored.put(issue(Usage.SIGNING, 2, DAY));
        stored.keepSigner(kgc, NOW);
        stored.dropKey(MasterKey.generate(random).publicKey());
        assertThat(rows()).isEqualTo(2);
        stored.dropKey(kgc);
        assertThat(rows()).isZero();
    }

    @Test
    void a_lease_is_one_holders_until_it_is_released_or_lapses() {
        assertThat(stored.lease("one", 1_000, 6_000)).isTrue();
        assertThat(stored.lease("other", 6_000, 12_000)).isFalse();
        assertThat(stored.lease("one", 6_000, 12_000)).isTrue();
        stored.release("other");
        assertThat(stored.lease("other", 12_000, 17_000)).isFalse();
        assertThat(stored.lease("other", 12_001, 17_000)).isTrue();
        stored.release("other");
        assertThat(stored.lease("one", 12_002, 17_000)).isTrue();
    }

    @Test
    void of_many_who_want_the_lease_at_once_one_gets_it() {
        List<CompletableFuture<Boolean>> all = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> stored.lease("process " + i, 1_000, 2_000)))
                .toList();
        assertThat(all.stream().filter(CompletableFuture::join)).hasSize(1);
    }

    @Test
    void a_lease_from_a_clock_that_is_far_ahead_holds_nobody_up() {
        assertThat(stored.lease("one", 1_000_000_000, 1_000_005_000)).isTrue();
        assertThat(stored.lease("other", 1_000, 6_000)).isTrue();
    }

    private List<Credential> takeAll() {
        List<Credential> taken = new ArrayList<>();
        List<Credential> some;
        do {
            some = stored.take(kgc, Usage.SIGNING, 3, NOW);
            taken.addAll(some);
        } while (!some.isEmpty());
        return taken;
    }

    private List<Credential> issue(Usage usage, int count, long life) {
        return IntStream.range(0, count)
                .mapToObj(i -> Certificates.issue(
                        master,
                        usage,
                        Pseudonym.of(ByteBuffer.allocate(Pseudonym.LENGTH)
                                .putLong(++issued)
                                .putLong(random.nextLong())
                                .array()),
                        new Validity(NOW, NOW + life),
                        random))
                .toList();
    }

    private Shelf shelf() {
        return stored.look(NOW).getOrDefault(kgc.fingerprint(), Shelf.EMPTY);
    }

    private int rows() {
        return numbers().size();
    }

    private List<Long> numbers() {
        return database.read(handle -> handle.createQuery("SELECT number FROM credential")
                .mapTo(Long.class)
                .list());
    }

    private byte[] sealed() {
        return database.read(handle -> handle.createQuery("SELECT sealed FROM credential")
                .map((row, context) -> row.getBytes(1))
                .one());
    }

    private static List<Pseudonym> pseudonyms(List<Credential> credentials) {
        return credentials.stream().map(StoredCredentialsTest::pseudonym).toList();
    }

    private static Pseudonym pseudonym(Credential credential) {
        return credential.certificate().pseudonym();
    }
}
