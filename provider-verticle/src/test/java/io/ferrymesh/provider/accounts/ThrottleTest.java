package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.HOME;
import static io.ferrymesh.provider.accounts.Provider.PASSWORD;
import static io.ferrymesh.provider.accounts.Provider.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.accounts.Throttle.Rule;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnEachDatabase
class ThrottleTest {

    private static final String WRONG = "a wrong guess again";
    private static final String ATTACKER = "203.0.113.66";

    private final Provider provider;

    ThrottleTest(TestDatabase databases) {
        this.provider = new Provider(databases.fresh(ProviderDatabase.MIGRATIONS));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private ServiceError guess(String name, String from) {
        return refusal(() -> provider.login(name, WRONG, from));
    }

    /** How many guesses are looked at, one a second, within a time. */
    private int lookedAt(String name, String from, Duration within) {
        int looked = 0;
        for (long second = 0; second < within.toSeconds(); second++) {
            looked += guess(name, from) == ServiceError.UNAUTHENTICATED ? 1 : 0;
            provider.clock.advance(Duration.ofSeconds(1));
        }
        return looked;
    }

    @Test
    void waits_double_from_a_second_to_a_quarter_of_an_hour() {
        assertThat(Rule.HERE.waitMs(5)).isZero();
        assertThat(Rule.HERE.waitMs(6)).isEqualTo(1_000);
        assertThat(Rule.HERE.waitMs(7)).isEqualTo(2_000);
        assertThat(Rule.HERE.waitMs(16)).isEqualTo(900_000);
        assertThat(Rule.HERE.waitMs(Long.MAX_VALUE)).isEqualTo(900_000);
    }

    @Test
    void guesses_are_looked_at_less_and_less_often_and_the_refusal_says_when_again() {
        Tokens unused = provider.register("ada");
        for (int i = 0; i < 6; i++) {
            assertThat(guess("ada", ATTACKER)).isEqualTo(ServiceError.UNAUTHENTICATED);
        }
        ServiceException refused =
                catchThrowableOfType(ServiceException.class, () -> provider.login("ada", PASSWORD, ATTACKER));
        assertThat(refused.error()).isEqualTo(ServiceError.THROTTLED);
        assertThat(refused.retryAfterSeconds()).hasValue(1);
        provider.clock.advance(Duration.ofSeconds(1));
        assertThat(guess("ada", ATTACKER)).isEqualTo(ServiceError.UNAUTHENTICATED);
        provider.clock.advance(Duration.ofSeconds(1));
        assertThat(guess("ada", ATTACKER)).isEqualTo(ServiceError.THROTTLED);
        assertThat(lookedAt("ada", ATTACKER, Duration.ofMinutes(10))).isLessThan(12);
    }

    @Test
    void asking_while_one_must_wait_makes_no_wait_longer() {
        Tokens unused = provider.register("ada");
        for (int i = 0; i < 6; i++) {
            assertThat(guess("ada", ATTACKER)).isEqualTo(ServiceError.UNAUTHENTICATED);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(guess("ada", ATTACKER)).isEqualTo(ServiceError.THROTTLED);
        }
        provider.clock.advance(Duration.ofSeconds(1));
        assertThat(provider.login("ada", PASSWORD, ATTACKER).account().name()).isEqualTo("ada");
    }

    @Test
    void a_name_that_no_account_has_is_throttled_like_one_that_there_is() {
        Tokens unused = provider.register("ada");
        List<ServiceError> known = new ArrayList<>();
        List<ServiceError> unknown = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            known.add(guess("ada", "198.51.100.1"));
            unknown.add(guess("bob", "198.51.101.1"));
            provider.clock.advance(Duration.ofMillis(1_500));
        }
        assertThat(unknown).isEqualTo(known).contains(ServiceError.THROTTLED);
    }

    @Test
    void the_owner_logs_in_at_home_while_the_whole_world_guesses() {
        Tokens unused = provider.register("ada");
        for (int i = 0; i < 200; i++) {
            ServiceError refused = guess("ada", "10." + i + ".0.1");
            assertThat(refused).isIn(ServiceError.UNAUTHENTICATED, ServiceError.THROTTLED);
        }
        assertThat(provider.login("ada", PASSWORD, HOME).account().name()).isEqualTo("ada");
    }

    @Test
    void the_owner_logs_in_where_they_have_never_been_while_the_whole_world_guesses() {
        Tokens unused = provider.register("ada");
        for (int i = 0; i < 60; i++) {
            String from = "10." + i + ".0.1";
            for (int again = 0; again < 3; again++) {
                assertThat(guess("ada", from)).isIn(ServiceError.UNAUTHENTICATED, ServiceError.THROTTLED);
            }
        }
        // Mistyped once, and right.
        assertThat(guess("ada", "172.16.5.5")).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(provider.login("ada", PASSWORD, "172.16.5.5").account().name())
                .isEqualTo("ada");
    }

    @Test
    void a_network_that_failed_twice_waits_for_those_that_guess_elsewhere() {
        Tokens unused = provider.register("ada");
        for (int i = 0; i < 40; i++) {
            assertThat(guess("ada", "10." + i + ".0.1")).isEqualTo(ServiceError.UNAUTHENTICATED);
        }
        assertThat(guess("ada", "10.0.0.1")).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(guess("ada", "10.0.0.1")).isEqualTo(ServiceError.THROTTLED);
        assertThat(lookedAt("ada", "10.0.0.1", Duration.ofMinutes(2))).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0:0:0:0:0:0:0:1", "::1", "::ffff:127.0.0.1", "a client of a proxy"})
    void where_everybody_may_be_nobody_is_known(String from) {
        Tokens unused = provider.accounts.register("ada", Provider.utf8(PASSWORD), from);
        assertThat(provider.login("ada", PASSWORD, from).account().name()).isEqualTo("ada");
        assertThat(provider.count("known_network")).isZero();
        assertThat(lookedAt("ada", from, Duration.ofHours(1))).isLessThan(20);
    }

    @Test
    void a_neighbour_in_the_owners_network_does_not_keep_out_a_device_that_has_logged_in() {
        Tokens before = provider.register("ada");
        assertThat(lookedAt("ada", "192.0.2.99", Duration.ofHours(1))).isLessThan(20);
        assertThat(guess("ada", "192.0.2.99")).isEqualTo(ServiceError.THROTTLED);
        assertThat(guess("ada", HOME)).isEqualTo(ServiceError.THROTTLED);
        Tokens again = provider.login("ada", PASSWORD, before, HOME);
        assertThat(again.device()).isPresent();
        assertThat(provider.login("ada", PASSWORD, again, "203.0.113.1").account())
                .isEqualTo(before.account());
        provider.clock.advance(Duration.ofMinutes(15));
        assertThat(provider.login("ada", PASSWORD, HOME).account().name()).isEqualTo("ada");
    }

    @Test
    void where_all_clients_seem_to_have_one_address_it_is_known_to_nobody() {
        try (Provider mapped =
                new Provider(provider.database.options(), Provider.behindOneAddress(), provider.keys, provider.clock)) {
            Tokens registered = mapped.register("ada");
            assertThat(mapped.login("ada", PASSWORD).account()).isEqualTo(registered.account());
            assertThat(mapped.count("known_network")).isZero();
        }
        assertThat(provider.login("ada", PASSWORD).account().name()).isEqualTo("ada");
        assertThat(provider.count("known_network")).isEqualTo(1);
    }

    @Test
    void a_device_waits_for_what_it_has_guessed_itself_wherever_it_goes() {
        Tokens stolen = provider.register("ada");
        int looked = 0;
        for (int i = 0; i < 100; i++) {
            String from = "10." + i + ".0.1";
            looked += refusal(() -> provider.login("ada", WRONG, stolen, from)) == ServiceError.UNAUTHENTICATED ? 1 : 0;
        }
        assertThat(looked).isEqualTo(6);
        // It counted for nobody else.
        assertThat(provider.login("ada", PASSWORD, "10.0.0.1").account().name()).isEqualTo("ada");
    }

    @Test
    void what_is_no_token_of_a_device_at_this_account_is_passed_over() {
        Tokens ada = provider.register("ada");
        Tokens eve = provider.register("eve");
        String good = ada.device().orElseThrow();
        String other = good.substring(0, 30) + (good.charAt(30) == 'A' ? 'B' : 'A') + good.substring(31);
        for (String token : List.of(eve.device().orElseThrow(), other, "", "!", good + "A", "x".repeat(256))) {
            int looked = 0;
            for (int i = 0; i < 8; i++) {
                looked += refusal(() -> provider.accounts.login(
                                        "ada", Provider.utf8(WRONG), Optional.of(token), ATTACKER))
                                == ServiceError.UNAUTHENTICATED
                        ? 1
                        : 0;
            }
            assertThat(looked).as(token).isEqualTo(6);
            provider.clock.advance(Duration.ofHours(3));
        }
        provider.clock.advance(Devices.GOOD_FOR);
        assertThat(lookedAt("ada", HOME, Duration.ofMinutes(30))).isPositive();
        assertThat(refusal(() -> provider.login("ada", PASSWORD, ada, HOME))).isEqualTo(ServiceError.THROTTLED);
    }

    @Test
    void a_network_that_is_known_to_an_account_is_slowed_at_it_like_at_any_other_name() {
        Tokens unused = provider.register("ada");
        List<ServiceError> known = new ArrayList<>();
        List<ServiceError> unknown = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            known.add(guess("ada", HOME));
            unknown.add(guess("bob", "198.51.100.1"));
            provider.clock.advance(Duration.ofSeconds(1));
        }
        assertThat(unknown).isEqualTo(known);
    }

    @Test
    void a_network_that_tries_one_password_on_many_names_is_slowed_too() {
        int looked = 0;
        for (int i = 0; i < 300; i++) {
            looked += guess("user" + i, "203.0.113." + (i % 250)) == ServiceError.UNAUTHENTICATED ? 1 : 0;
        }
        assertThat(looked).isEqualTo(21);
    }

    @Test
    void logging_in_to_an_own_account_in_between_buys_no_guesses() {
        Tokens unused = provider.accounts.register("eve", Provider.utf8(PASSWORD), "198.51.100.200");
        int looked = 0;
        for (int i = 0; i < 60; i++) {
            looked += guess("user" + i, ATTACKER) == ServiceError.UNAUTHENTICATED ? 1 : 0;
            try {
                var tokens = provider.login("eve", PASSWORD, ATTACKER);
                assertThat(tokens.account().name()).isEqualTo("eve");
            } catch (ServiceException e) {
                assertThat(e.error()).isEqualTo(ServiceError.THROTTLED);
            }
        }
        assertThat(looked).isEqualTo(21);
    }

    @Test
    void many_guesses_at_once_are_as_few_as_one_after_the_other() throws Exception {
        Tokens unused = provider.register("ada");
        try (Provider other = provider.another()) {
            List<Callable<ServiceError>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Provider process = i % 2 == 0 ? provider : other;
                all.add(() -> refusal(() -> process.login("ada", WRONG, ATTACKER)));
            }
            ExecutorService threads = Executors.newFixedThreadPool(all.size());
            int looked = 0;
            for (Future<ServiceError> each : threads.invokeAll(all)) {
                looked += each.get() == ServiceError.UNAUTHENTICATED ? 1 : 0;
            }
            threads.shutdownNow();
            assertThat(looked).isEqualTo(6);
        }
    }

    @Test
    void registering_counts_against_a_network_also_at_names_that_are_taken() {
        Tokens unused = provider.register("ada");
        int told = 0;
        for (int i = 0; i < 60; i++) {
            told += refusal(() -> provider.accounts.register("ada", Provider.utf8(PASSWORD), ATTACKER))
                            == ServiceError.CONFLICT
                    ? 1
                    : 0;
        }
        assertThat(told).isEqualTo(11);
        assertThat(refusal(() -> provider.accounts.register("new", Provider.utf8(PASSWORD), ATTACKER)))
                .isEqualTo(ServiceError.THROTTLED);
    }

    @Test
    void what_was_counted_is_forgotten_after_an_hour_of_peace() {
        Tokens unused = provider.register("ada");
        int first = lookedAt("ada", ATTACKER, Duration.ofMinutes(2));
        provider.clock.advance(Duration.ofHours(2));
        assertThat(lookedAt("ada", ATTACKER, Duration.ofMinutes(2))).isEqualTo(first);
    }

    @Test
    void a_clock_that_goes_back_shuts_nobody_out() {
        Tokens unused = provider.register("ada");
        int looked = lookedAt("ada", ATTACKER, Duration.ofMinutes(20));
        assertThat(looked).isPositive();
        provider.clock.advance(Duration.ofDays(-1));
        assertThat(provider.login("ada", PASSWORD, ATTACKER).account().name()).isEqualTo("ada");
    }

    @Test
    void no_address_and_no_name_of_a_guess_is_in_the_database() {
        assertThat(guess("nobody-at-all", ATTACKER)).isEqualTo(ServiceError.UNAUTHENTICATED);
        List<byte[]> macs = provider.database.read(handle -> handle.createQuery("SELECT mac FROM throttle")
                .mapTo(byte[].class)
                .list());
        assertThat(macs).hasSize(3).allSatisfy(mac -> assertThat(mac).hasSize(32));
    }
}
