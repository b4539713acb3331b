package io.ferrymesh.provider.api;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.PasskeyInfo;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.provider.service.Tokens;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Knows two accounts, whose access tokens are their names, and believes everything else. */
final class FakeAccounts implements AccountService {

    static final Account ALICE = new Account(new AccountId(1), "alice");
    static final Account BOB = new Account(new AccountId(2), "bob");

    private static final Map<String, Account> BY_TOKEN = Map.of("alice-token", ALICE, "bob-token", BOB);
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    /** Names of accounts whose session has ended, though their tokens are still good. */
    final Set<String> loggedOut = ConcurrentHashMap.newKeySet();

    /** Where the last login came from. */
    volatile String lastFrom = "";

    /** What the last login said of its device. */
    volatile Optional<String> lastDevice = Optional.empty();

    /** Runs while a passkey is looked at. */
    volatile Runnable verifying = () -> {};

    /** Runs while a password is looked at. */
    volatile Runnable hashing = () -> {};

    @Override
    public Tokens register(String name, byte[] password, String from) {
        return wiped(password);
    }

    @Override
    public Tokens login(String name, byte[] password, Optional<String> deviceToken, String from) {
        lastFrom = from;
        lastDevice = deviceToken;
        hashing.run();
        return wiped(password).withDevice("device-token");
    }

    @Override
    public Tokens refresh(String refreshToken, String from) {
        return tokens();
    }

    @Override
    public Authenticated authenticate(String accessToken) {
        Account account = BY_TOKEN.get(accessToken);
        if (account == null) {
            throw new ServiceException(ServiceError.UNAUTHENTICATED, "that is no session's access token");
        }
        return new Authenticated(account, "session-" + account.name());
    }

    @Override
    public void logout(Authenticated who) {}

    @Override
    public void changePassword(
            Authenticated who, byte[] oldPassword, byte[] newPassword, boolean removePasskeys, String from) {
        Arrays.fill(oldPassword, (byte) 0);
        Arrays.fill(newPassword, (byte) 0);
    }

    @Override
    public void delete(Authenticated who, byte[] password, String from) {
        Arrays.fill(password, (byte) 0);
    }

    @Override
    public List<SessionInfo> sessions(Account account) {
        return loggedOut.contains(account.name())
                ? List.of()
                : List.of(new SessionInfo("session-" + account.name(), AT, AT, AT.plusSeconds(60), "password"));
    }

    @Override
    public void endSession(Account account, String sessionId) {}

    @Override
    public PasskeyChallenge beginPasskey(Authenticated who, byte[] password, String from) {
        Arrays.fill(password, (byte) 0);
        return challenge();
    }

    @Override
    public PasskeyInfo addPasskey(Authenticated who, String challengeId, String label, String responseJson) {
        return new PasskeyInfo("cGFzc2tleQ", label, AT, Optional.empty());
    }

    @Override
    public PasskeyChallenge beginPasskeyRegistration(String name, String from) {
        return challenge();
    }

    @Override
    public Tokens registerWithPasskey(String challengeId, String label, String responseJson, String from) {
        return tokens();
    }

    @Override
    public PasskeyChallenge beginPasskeyLogin(Optional<String> name, String from) {
        return challenge();
    }

    @Override
    public Tokens loginWithPasskey(String challengeId, String responseJson, String from) {
        verifying.run();
        return tokens();
    }

    @Override
    public List<PasskeyInfo> passkeys(Account account) {
        return List.of(new PasskeyInfo("cGFzc2tleQ", "phone", AT, Optional.of(AT)));
    }

    @Override
    public void removePasskey(Authenticated who, String passkeyId) {}

    private static Tokens wiped(byte[] password) {
        Arrays.fill(password, (byte) 0);
        return tokens();
    }

    private static Tokens tokens() {
        return new Tokens(ALICE, "session-alice", "alice-token", 300, "refresh-token");
    }

    private static PasskeyChallenge challenge() {
        return new PasskeyChallenge("challenge-1", "{\"challenge\":\"AAAA\"}");
    }
}
