package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.HOME;
import static io.ferrymesh.provider.accounts.Provider.PASSWORD;
import static io.ferrymesh.provider.accounts.Provider.refusal;
import static io.ferrymesh.provider.accounts.Provider.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.Tokens;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class PasswordLoginTest {

    private static final String OTHER = "another good passphrase";

    private final DatabaseOptions options;
    private final Provider provider;

    PasswordLoginTest(TestDatabase databases) {
        this.options = databases.fresh(ProviderDatabase.MIGRATIONS);
        this.provider = new Provider(options);
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void who_registers_is_logged_in_and_can_log_in_again() {
        Tokens registered = provider.register("Ada.L");
        Tokens later = provider.login("ADA.l", PASSWORD);
        assertThat(registered.account().name()).isEqualTo("ada.l");
        assertThat(provider.who(registered).account()).isEqualTo(registered.account());
        assertThat(provider.who(later)).isEqualTo(new Authenticated(registered.account(), later.sessionId()));
        assertThat(registered.toString()).doesNotContain(registered.access()).doesNotContain(registered.refresh());
    }

    @Test
    void passwords_are_wiped_and_nowhere_in_the_database() {
        byte[] password = utf8(PASSWORD);
        Tokens unused = provider.accounts.register("ada", password, HOME);
        assertThat(password).containsOnly(0);
        String stored = provider.database.read(handle -> handle.createQuery("SELECT password FROM account")
                .mapTo(String.class)
                .one());
        assertThat(stored).startsWith("$argon2id$v=19$m=16,t=1,p=1$").doesNotContain("battery");
    }

    @Test
    void an_unknown_name_and_a_wrong_password_are_refused_alike() {
        Tokens unused = provider.register("ada");
        assertThatThrownBy(() -> provider.login("ada", "something else entirely"))
                .isInstanceOf(ServiceException.class)
                .hasMessage("wrong name or password");
        assertThatThrownBy(() -> provider.login("bob", "something else entirely"))
                .isInstanceOf(ServiceException.class)
                .hasMessage("wrong name or password");
        assertThat(refusal(() -> provider.login("no such name!", PASSWORD))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> provider.login("ada", "short"))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> provider.login("ada' OR '1'='1", PASSWORD))).isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    @Test
    void a_name_is_taken_once() {
        Tokens unused = provider.register("ada");
        assertThat(refusal(() -> provider.register("ADA"))).isEqualTo(ServiceError.CONFLICT);
        assertThat(provider.count("account")).isEqualTo(1);
    }

    @Test
    void of_many_who_want_a_name_at_once_one_gets_it() throws Exception {
        try (Provider other = provider.another()) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Provider process = i % 2 == 0 ? provider : other;
                all.add(() -> {
                    try {
                        return process.register("ada").account().id().value() > 0;
                    } catch (ServiceException e) {
                        assertThat(e.error()).isEqualTo(ServiceError.CONFLICT);
                        return false;
                    }
                });
            }
            assertThat(atOnce(all).stream().filter(each -> each)).hasSize(1);
            assertThat(provider.count("account")).isEqualTo(1);
        }
    }

    @Test
    void there_are_never_more_accounts_than_there_may_be() throws Exception {
        AccountOptions one = Provider.options(true, 1, new Argon2Cost(16, 1));
        try (Provider small = new Provider(options, one, provider.keys, provider.clock)) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "user" + i;
                all.add(() -> {
                    try {
                        return small.register(name).account().id().value() > 0;
                    } catch (ServiceException e) {
                        assertThat(e.error()).isEqualTo(ServiceError.FORBIDDEN);
                        return false;
                    }
                });
            }
            assertThat(atOnce(all).stream().filter(each -> each)).hasSize(1);
        }
    }

    private static <T> List<T> atOnce(List<Callable<T>> all) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(all)) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void registration_can_be_closed_and_the_operator_makes_accounts_all_the_same() {
        AccountOptions closed = Provider.options(false, 10, new Argon2Cost(16, 1));
        try (Provider shut = new Provider(options, closed, provider.keys, provider.clock)) {
            assertThat(refusal(() -> shut.register("ada"))).isEqualTo(ServiceError.FORBIDDEN);
            assertThat(refusal(() -> shut.accounts.beginPasskeyRegistration("ada", HOME)))
                    .isEqualTo(ServiceError.FORBIDDEN);
            var unused = new AccountAdministration(shut.database, shut.clock)
                    .create(shut.keys, closed, number -> true, new SecureRandom(), "ada", utf8(PASSWORD));
            assertThat(shut.login("ada", PASSWORD).account().name()).isEqualTo("ada");
        }
    }

    @Test
    void bad_names_and_passwords_are_refused_with_what_would_be_right() {
        assertThatThrownBy(() -> provider.register("a b"))
                .hasMessageStartingWith("name: 3 to 64")
                .isInstanceOf(ServiceException.class);
        assertThatThrownBy(() -> provider.accounts.register("ada", utf8("Password2026!"), HOME))
                .hasMessageStartingWith("password: one of the first")
                .isInstanceOf(ServiceException.class);
        assertThatThrownBy(() -> provider.accounts.register("ada", utf8("123456789"), HOME))
                .hasMessageStartingWith("password: 10 to 256 bytes")
                .isInstanceOf(ServiceException.class);
    }

    @Test
    void the_same_characters_are_the_same_password_however_they_are_composed() {
        Tokens unused = provider.accounts.register("ada", utf8("Caf\u00e9 au lait, s'il vous pla\u00eet"), HOME);
        assertThat(provider.login("ada", "Cafe\u0301 au lait, s'il vous plai\u0302t")
                        .account()
                        .name())
                .isEqualTo("ada");
    }

    @Test
    void no_password_matches_under_another_pepper() {
        Tokens unused = provider.register("ada");
        TestKeys strangers = new TestKeys((byte) 8, TestKeys.of("1").all());
        try (Provider other = new Provider(options, Provider.OPTIONS, strangers, provider.clock)) {
            assertThat(refusal(() -> other.login("ada", PASSWORD))).isEqualTo(ServiceError.UNAUTHENTICATED);
        }
    }

    @Test
    void a_hash_that_is_copied_to_another_account_fits_nothing() {
        Tokens ada = provider.register("ada");
        Tokens eve = provider.accounts.register("eve", utf8(OTHER), HOME);
        int copied = provider.database.transaction(handle -> handle.execute(
                "UPDATE account SET password = (SELECT password FROM account WHERE id = ?) WHERE id = ?",
                eve.account().id().value(),
                ada.account().id().value()));
        assertThat(copied).isEqualTo(1);
        assertThat(refusal(() -> provider.login("ada", OTHER))).isEqualTo(ServiceError.UNAUTHENTICATED);
    }

    @Test
    void a_hash_that_has_become_cheap_is_raised_when_its_owner_logs_in() {
        Tokens unused = provider.register("ada");
        AccountOptions dearer = Provider.options(true, 10, new Argon2Cost(64, 2));
        try (Provider later = new Provider(options, dearer, provider.keys, provider.clock)) {
            assertThat(refusal(() -> later.login("ada", OTHER))).isEqualTo(ServiceError.UNAUTHENTICATED);
            assertThat(stored()).contains("$m=16,t=1,");
            Tokens raised = later.login("ada", PASSWORD);
            assertThat(stored()).contains("$m=64,t=2,");
            assertThat(later.login("ada", PASSWORD).account()).isEqualTo(raised.account());
        }
        // And stays so where the option is lower again.
        assertThat(provider.login("ada", PASSWORD).account().name()).isEqualTo("ada");
        assertThat(stored()).contains("$m=64,t=2,");
    }

    private String stored() {
        return provider.database.read(handle -> handle.createQuery("SELECT password FROM account")
                .mapTo(String.class)
                .one());
    }

    @Test
    void a_changed_password_ends_every_other_session() {
        Tokens first = provider.register("ada");
        Tokens second = provider.login("ada", PASSWORD);
        provider.accounts.changePassword(provider.who(second), utf8(PASSWORD), utf8(OTHER), false, HOME);
        assertThat(refusal(() -> provider.who(first))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> provider.accounts.refresh(first.refresh(), HOME)))
                .isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(provider.who(second).sessionId()).isEqualTo(second.sessionId());
        assertThat(refusal(() -> provider.login("ada", PASSWORD))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(provider.login("ada", OTHER).account()).isEqualTo(first.account());
    }

    @Test
    void changing_and_deleting_ask_for_the_password_and_let_a_session_guess_slowly() {
        Authenticated who = provider.who(provider.register("ada"));
        for (int i = 0; i < 6; i++) {
            assertThat(refusal(() ->
                            provider.accounts.changePassword(who, utf8("a wrong guess"), utf8(OTHER), false, HOME)))
                    .isEqualTo(ServiceError.FORBIDDEN);
        }
        assertThat(refusal(() -> provider.accounts.delete(who, utf8(PASSWORD), HOME)))
                .isEqualTo(ServiceError.THROTTLED);
        // Which is the session's own affair.
        Authenticated elsewhere = provider.who(provider.login("ada", PASSWORD));
        provider.accounts.changePassword(elsewhere, utf8(PASSWORD), utf8(OTHER), false, HOME);
    }

    @Test
    void a_deleted_account_is_nobodys_and_its_name_is_free_once_it_is_erased() {
        Tokens ada = provider.register("ada");
        assertThat(refusal(() -> provider.accounts.delete(provider.who(ada), utf8(OTHER), HOME)))
                .isEqualTo(ServiceError.FORBIDDEN);
        provider.accounts.delete(provider.who(ada), utf8(PASSWORD), HOME);
        assertThat(refusal(() -> provider.who(ada))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> provider.accounts.refresh(ada.refresh(), HOME)))
                .isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> provider.login("ada", PASSWORD))).isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(refusal(() -> provider.register("ada"))).isEqualTo(ServiceError.CONFLICT);
        int erased =
                provider.database.transaction(handle -> handle.execute("DELETE FROM account WHERE state = 'ERASING'"));
        assertThat(erased).isEqualTo(1);
        assertThat(provider.register("ada").account().id())
                .isNotEqualTo(ada.account().id());
    }

    @Test
    void what_has_expired_is_removed_by_and_by() {
        Tokens unused = provider.register("ada");
        assertThat(refusal(() -> provider.login("bob", PASSWORD, "198.51.100.1")))
                .isEqualTo(ServiceError.UNAUTHENTICATED);
        assertThat(provider.count("throttle")).isEqualTo(4);
        provider.clock.advance(Duration.ofDays(8));
        Tokens later = provider.login("ada", PASSWORD);
        // what is left is the network that this login came from
        assertThat(provider.count("throttle")).isEqualTo(1);
        assertThat(provider.accounts.sessions(later.account())).hasSize(1);
        assertThat(provider.count("session")).isEqualTo(1);
    }
}
