package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.Tokens;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.web.Reply;
import java.util.Map;
import java.util.function.Function;

/** Accounts and sessions. Worker threads. */
final class AccountHandlers {

    private final AccountService accounts;
    private final UserStores stores;

    AccountHandlers(AccountService accounts, UserStores stores) {
        this.accounts = accounts;
        this.stores = stores;
    }

    /** By operationId. */
    Map<String, Function<Call, Reply>> byOperation() {
        return Map.ofEntries(
                Map.entry("register", this::register),
                Map.entry("login", this::login),
                Map.entry("refresh", this::refresh),
                Map.entry("listSessions", this::listSessions),
                Map.entry("logout", this::logout),
                Map.entry("endSession", this::endSession),
                Map.entry("showAccount", this::showAccount),
                Map.entry("changePassword", this::changePassword),
                Map.entry("deleteAccount", this::deleteAccount));
    }

    private Reply register(Call call) {
        return begun(accounts.register(call.text("name"), call.secret("password"), call.from()));
    }

    private Reply login(Call call) {
        return begun(accounts.login(
                call.text("name"), call.secret("password"), call.optionalText("deviceToken"), call.from()));
    }

    private Reply refresh(Call call) {
        return Reply.json(200, Views.of(accounts.refresh(call.text("refreshToken"), call.from())));
    }

    private Reply listSessions(Call call) {
        return Lists.reply("sessions", accounts.sessions(call.account()), session -> Views.of(session, call.who()));
    }

    private Reply logout(Call call) {
        accounts.logout(call.who());
        return Reply.empty(204);
    }

    private Reply endSession(Call call) {
        accounts.endSession(call.account(), call.named("sessionId"));
        return Reply.empty(204);
    }

    private Reply showAccount(Call call) {
        return Reply.json(200, Views.account(call.account().name(), stores.usage(call.account())));
    }

    private Reply changePassword(Call call) {
        accounts.changePassword(
                call.who(),
                call.secret("oldPassword"),
                call.secret("newPassword"),
                call.flag("removePasskeys"),
                call.from());
        return Reply.empty(204);
    }

    private Reply deleteAccount(Call call) {
        accounts.delete(call.who(), call.secret("password"), call.from());
        return Reply.empty(202);
    }

    /** A session that has just begun. */
    static Reply begun(Tokens tokens) {
        return Reply.json(201, Views.of(tokens));
    }
}
