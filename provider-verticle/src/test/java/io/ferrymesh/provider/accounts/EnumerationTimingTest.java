package io.ferrymesh.provider.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whether the time of a refused login tells which names there are. Both kinds are timed in random order, and the probability
 * that one of the first kind takes longer than one of the second is estimated (Mann and Whitney's U): a half if they take the
 * same time, nearly one if one of them does not hash. With 120 of each its standard deviation is 0.037.
 */
class EnumerationTimingTest {

    private static final int SAMPLES = 120;
    private static final double FIVE_DEVIATIONS = 0.19;
    private static final Argon2Cost COST = new Argon2Cost(4_096, 1);

    private final TestDatabase databases = TestDatabase.sqlite();
    private final Provider provider =
            new Provider(databases.fresh(ProviderDatabase.MIGRATIONS), Provider.options(true, 1_000, COST));
    private final Random random = new Random(20260301);
    private int attempts;
    private Provider asked = provider;

    @AfterEach
    void close() {
        provider.close();
        databases.close();
    }

    private double probability(Supplier<String> first, Supplier<String> second) {
        List<Long> firsts = new ArrayList<>();
        List<Long> seconds = new ArrayList<>();
        while (firsts.size() < SAMPLES || seconds.size() < SAMPLES) {
            boolean isFirst = seconds.size() == SAMPLES || (firsts.size() < SAMPLES && random.nextBoolean());
            (isFirst ? firsts : seconds).add(nanos(isFirst ? first.get() : second.get()));
        }
        double longer = 0;
        for (long one : firsts) {
            for (long other : seconds) {
                longer += one > other ? 1 : one == other ? 0.5 : 0;
            }
        }
        return longer / ((double) SAMPLES * SAMPLES);
    }

    private long nanos(String name) {
        // Nobody is throttled: each attempt comes from elsewhere, and hours later.
        provider.clock.advance(Duration.ofHours(2));
        attempts++;
        String from = "10." + attempts / 250 + "." + attempts % 250 + ".1";
        long start = System.nanoTime();
        ServiceError refused = Provider.refusal(() -> asked.login(name, "not the password of anybody", from));
        long took = System.nanoTime() - start;
        assertThat(refused).isEqualTo(ServiceError.UNAUTHENTICATED);
        return took;
    }

    private String unknown() {
        return "nobody" + attempts;
    }

    private void warmUp() {
        for (int i = 0; i < 40; i++) {
            assertThat(nanos(i % 2 == 0 ? "ada" : unknown())).isPositive();
        }
    }

    @Test
    void a_known_name_takes_as_long_as_an_unknown_one() {
        Tokens unused = provider.register("ada");
        warmUp();
        assertThat(Math.abs(probability(() -> "ada", this::unknown) - 0.5)).isLessThan(FIVE_DEVIATIONS);
    }

    @Test
    void so_does_one_with_a_hash_that_cost_less_and_one_with_passkeys_only() {
        AccountOptions cheaper = Provider.options(true, 1_000, new Argon2Cost(1_024, 1));
        var made = new AccountAdministration(provider.database, provider.clock)
                .create(
                        provider.keys,
                        cheaper,
                        number -> true,
                        new java.security.SecureRandom(),
                        "ada",
                        Provider.utf8(Provider.PASSWORD));
        assertThat(made.name()).isEqualTo("ada");
        Tokens bob = provider.register("bob");
        int passkeysOnly = provider.database.transaction(handle -> handle.execute(
                "UPDATE account SET password = NULL WHERE id = ?",
                bob.account().id().value()));
        assertThat(passkeysOnly).isEqualTo(1);
        warmUp();
        assertThat(Math.abs(probability(() -> "ada", () -> "bob") - 0.5)).isLessThan(FIVE_DEVIATIONS);
    }

    @Test
    void so_does_one_with_a_hash_that_cost_more_before_the_option_was_lowered() {
        Tokens unused = provider.register("ada");
        AccountOptions cheaper = Provider.options(true, 1_000, new Argon2Cost(1_024, 1));
        try (Provider later = new Provider(provider.database.options(), cheaper, provider.keys, provider.clock)) {
            asked = later;
            warmUp();
            assertThat(Math.abs(probability(() -> "ada", this::unknown) - 0.5)).isLessThan(FIVE_DEVIATIONS);
        }
    }

    @Test
    void a_difference_would_be_seen() {
        Tokens unused = provider.register("ada");
        warmUp();
        // What cannot be a name is refused without hashing.
        assertThat(probability(() -> "ada", () -> "no name!")).isGreaterThan(0.5 + FIVE_DEVIATIONS);
    }
}
