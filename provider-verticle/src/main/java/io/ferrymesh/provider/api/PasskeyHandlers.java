package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.PasskeyInfo;
import io.ferrymesh.web.Reply;
import java.util.Map;
import java.util.function.Function;

/** Passkeys. Worker threads. */
final class PasskeyHandlers {

    private final AccountService accounts;

    PasskeyHandlers(AccountService accounts) {
        this.accounts = accounts;
    }

    /** By operationId. */
    Map<String, Function<Call, Reply>> byOperation() {
        return Map.ofEntries(
                Map.entry("beginPasskeyRegistration", this::beginRegistration),
                Map.entry("registerWithPasskey", this::register),
                Map.entry("beginPasskeyLogin", this::beginLogin),
                Map.entry("loginWithPasskey", this::login),
                Map.entry("beginPasskey", this::begin),
                Map.entry("addPasskey", this::add),
                Map.entry("listPasskeys", this::list),
                Map.entry("removePasskey", this::remove));
    }

    private Reply beginRegistration(Call call) {
        return challenge(accounts.beginPasskeyRegistration(call.text("name"), call.from()));
    }

    private Reply register(Call call) {
        return AccountHandlers.begun(accounts.registerWithPasskey(
                call.text("challengeId"), call.text("label"), call.json("response"), call.from()));
    }

    private Reply beginLogin(Call call) {
        return challenge(accounts.beginPasskeyLogin(call.optionalText("name"), call.from()));
    }

    private Reply login(Call call) {
        return AccountHandlers.begun(
                accounts.loginWithPasskey(call.text("challengeId"), call.json("response"), call.from()));
    }

    private Reply begin(Call call) {
        return challenge(accounts.beginPasskey(call.who(), call.secret("password"), call.from()));
    }

    private Reply add(Call call) {
        PasskeyInfo added =
                accounts.addPasskey(call.who(), call.text("challengeId"), call.text("label"), call.json("response"));
        return Reply.json(201, Views.of(added)).with("Location", "/v1/account/passkeys/" + added.id());
    }

    private Reply list(Call call) {
        return Lists.reply("passkeys", accounts.passkeys(call.account()), Views::of);
    }

    private Reply remove(Call call) {
        accounts.removePasskey(call.who(), call.named("passkeyId"));
        return Reply.empty(204);
    }

    private static Reply challenge(PasskeyChallenge challenge) {
        return Reply.json(200, Views.of(challenge));
    }
}
