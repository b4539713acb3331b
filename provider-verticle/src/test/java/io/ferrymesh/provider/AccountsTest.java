package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {

    private final UserAccount alice = Users.account("alice", "alice-token");
    private final UserAccount bob = Users.account("bob", "bob-token");

    @Test
    void a_token_leads_to_its_user_and_no_other() {
        Accounts accounts = new Accounts(List.of(alice, bob));
        assertThat(accounts.byToken("bob-token")).contains(bob);
        assertThat(accounts.byToken("alice-token")).contains(alice);
        assertThat(accounts.byToken("alice-token ")).isEmpty();
        assertThat(accounts.byToken("")).isEmpty();
        assertThat(accounts.byToken("x".repeat(100_000))).isEmpty();
    }

    @Test
    void two_users_never_share_a_name_or_a_token() {
        assertThatThrownBy(() -> new Accounts(List.of(alice, Users.account("alice", "other"))))
                .hasMessage("two users have the name alice");
        assertThatThrownBy(() -> new Accounts(List.of(alice, Users.account("carol", "alice-token"))))
                .hasMessage("user carol has the token of another user");
    }
}
