package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.PASSWORD;
import static io.ferrymesh.provider.accounts.Provider.refusal;
import static io.ferrymesh.provider.accounts.Provider.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.accounts.AccountAdministration.Listed;
import io.ferrymesh.provider.accounts.AccountAdministration.State;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.Tokens;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class AccountAdministrationTest {

    private final Provider provider;
    private final AccountAdministration operator;

    AccountAdministrationTest(TestDatabase databases) {
        this.provider = new Provider(databases.fresh(ProviderDatabase.MIGRATIONS));
        this.operator = new AccountAdministration(provider.database, provider.clock);
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private Listed create(String name) {
        return operator.create(
                provider.keys,
                Provider.OPTIONS,
                number -> !provider.taken.contains(number),
                new SecureRandom(),
                name,
                utf8(PASSWORD));
    }

    @Test
    void accounts_are_listed_by_name_in_parts() {
        for (String name : List.of("carol", "ada", "bob")) {
            assertThat(create(name).state()).isEqualTo(State.ACTIVE);
        }
        List<String> names = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page<Listed> page = operator.list(after, 2);
            page.items().forEach(each -> names.add(each.name()));
            after = page.next();
        } while (after.isPresent());
        assertThat(names).containsExactly("ada", "bob", "carol");
        assertThat(refusal(() -> operator.list(Optional.empty(), 0))).isEqualTo(ServiceError.INVALID);
    }

    @Test
    void a_number_under_which_there_are_objects_is_nobodys() {
        provider.taken.addAll(List.of(1L, 2L, 4L));
        assertThat(create("ada").id()).isEqualTo(8);
        provider.taken.add(9L);
        assertThat(provider.register("bob").account().id().value()).isEqualTo(10);
    }

    @Test
    void an_account_of_the_operators_logs_in() {
        Listed made = create("Ada");
        Tokens tokens = provider.login("ada", PASSWORD);
        assertThat(tokens.account().id().value()).isEqualTo(made.id());
        assertThat(refusal(() -> create("ada"))).isEqualTo(ServiceError.CONFLICT);
        assertThat(refusal(() -> create("a b"))).isEqualTo(ServiceError.INVALID);
    }

    @Test
    void space_is_set_and_given_back_to_the_default() {
        assertThat(create("ada").quotaBytes()).isEmpty();
        operator.setQuota("ADA", OptionalLong.of(5_000_000_000L));
        assertThat(operator.show("ada").quotaBytes()).hasValue(5_000_000_000L);
        operator.setQuota("ada", OptionalLong.empty());
        assertThat(operator.show("ada").quotaBytes()).isEmpty();
        assertThat(refusal(() -> operator.setQuota("ada", OptionalLong.of(-1)))).isEqualTo(ServiceError.INVALID);
    }

    @Test
    void locking_twice_is_locking_once() {
        assertThat(create("ada").usedBytes()).isEmpty();
        operator.lock("ada");
        operator.lock("ada");
        assertThat(operator.show("ada").state()).isEqualTo(State.LOCKED);
        operator.unlock("ada");
        operator.unlock("ada");
        assertThat(operator.show("ada").state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void a_deleted_account_is_being_erased() {
        Tokens tokens = provider.register("ada");
        operator.delete("ada");
        assertThat(operator.show("ada").state()).isEqualTo(State.ERASING);
        assertThat(refusal(() -> provider.accounts.refresh(tokens.refresh(), Provider.HOME)))
                .isEqualTo(ServiceError.UNAUTHENTICATED);
        for (Runnable each : List.<Runnable>of(
                () -> operator.delete("ada"), () -> operator.lock("ada"), () -> operator.unlock("ada"))) {
            assertThat(refusal(each::run)).isEqualTo(ServiceError.NOT_FOUND);
        }
    }

    @Test
    void whom_nobody_knows_is_not_found() {
        for (String name : List.of("nobody", "no body", "", "'; DROP TABLE account; --")) {
            assertThat(refusal(() -> operator.show(name))).isEqualTo(ServiceError.NOT_FOUND);
            assertThat(refusal(() -> operator.lock(name))).isEqualTo(ServiceError.NOT_FOUND);
        }
    }
}
