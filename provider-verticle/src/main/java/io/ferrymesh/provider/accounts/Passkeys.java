package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.accounts.AccountMetrics.Outcome;
import io.ferrymesh.provider.accounts.Challenges.Challenge;
import io.ferrymesh.provider.accounts.Challenges.Purpose;
import io.ferrymesh.provider.accounts.Throttle.Counted;
import io.ferrymesh.provider.accounts.Throttle.Rule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.PasskeyInfo;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.Tokens;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Passkeys: made, used to register and to log in, and removed. Wrong passwords make nobody who has one wait. */
final class Passkeys {

    static final int MOST = 20;

    private static final int MOST_LABEL = 64;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final Database database;
    private final Clock clock;
    private final Throttle throttle;
    private final KnownNetworks networks;
    private final Sessions sessions;
    private final AccountMetrics metrics;
    private final Challenges challenges;
    private final WebAuthn webAuthn;
    private final Registrations registrations;
    private final Ownership ownership;

    Passkeys(Parts parts, Challenges challenges, WebAuthn webAuthn, Registrations registrations, Ownership ownership) {
        this.database = parts.database();
        this.clock = parts.clock();
        this.throttle = parts.throttle();
        this.networks = parts.networks();
        this.sessions = parts.sessions();
        this.metrics = parts.metrics();
        this.challenges = challenges;
        this.webAuthn = webAuthn;
        this.registrations = registrations;
        this.ownership = ownership;
    }

    /**
     * For one more: it stays when the session has ended, so the owner proves once more who they are. The challenge says that they
     * did. UNAUTHENTICATED, FORBIDDEN, THROTTLED; CONFLICT past the most.
     */
    PasskeyChallenge beginAdding(Authenticated who, byte[] password) {
        AccountTable.Row account = ownership.proven(who, password);
        Challenge challenge = challenges.issue(Purpose.ADD, subject(who), clock.millis());
        String options = database.read(handle -> {
            List<byte[]> known = PasskeyTable.of(handle, account.id()).stream()
                    .map(PasskeyTable.Row::id)
                    .toList();
            requireRoom(known.size());
            return webAuthn.creationOptions(account.name(), account.userHandle(), challenges.bytes(challenge), known);
        });
        return new PasskeyChallenge(challenge.id(), options);
    }

    PasskeyInfo add(Authenticated who, String challengeId, String givenLabel, String responseJson) {
        String label = label(givenLabel);
        Challenge challenge = challenges
                .named(Purpose.ADD, challengeId, clock.millis())
                .filter(named -> named.subject().equals(subject(who)))
                .orElseThrow(Passkeys::invalid);
        WebAuthn.Made made =
                webAuthn.made(responseJson, challenges.bytes(challenge)).orElseThrow(Passkeys::invalid);
        return database.transaction(handle -> {
            long account = AccountTable.lock(handle, who.account().id().value())
                    .orElseThrow(Sessions::unauthenticated)
                    .id();
            SessionTable.Row unusedLive = sessions.requireLive(handle, who);
            requireRoom(PasskeyTable.of(handle, account).size());
            return info(keep(handle, account, label, made, challenge));
        });
    }

    PasskeyChallenge beginRegistration(String givenName) {
        registrations.requireOpen();
        String name = AccountNames.chosen(givenName);
        Challenge challenge = challenges.issue(Purpose.REGISTER, name, clock.millis());
        return new PasskeyChallenge(
                challenge.id(),
                webAuthn.creationOptions(
                        name, challenges.userHandle(challenge), challenges.bytes(challenge), List.of()));
    }

    Tokens register(String challengeId, String givenLabel, String responseJson, String from) {
        registrations.requireOpen();
        String label = label(givenLabel);
        Challenge challenge =
                challenges.named(Purpose.REGISTER, challengeId, clock.millis()).orElseThrow(Passkeys::invalid);
        WebAuthn.Made made =
                webAuthn.made(responseJson, challenges.bytes(challenge)).orElseThrow(Passkeys::invalid);
        return registrations.withPasskey(
                challenge.subject(), challenges.userHandle(challenge), from, (handle, account) -> {
                    var unused = keep(handle, account.id(), label, made, challenge);
                });
    }

    private PasskeyTable.Row keep(Handle handle, long account, String label, WebAuthn.Made made, Challenge challenge) {
        if (!challenges.spend(handle, challenge)) {
            throw invalid();
        }
        PasskeyTable.Row passkey = new PasskeyTable.Row(
                made.id(),
                account,
                label,
                made.publicKey(),
                made.signCount(),
                made.backupEligible(),
                clock.millis(),
                OptionalLong.empty());
        if (!PasskeyTable.insert(handle, passkey)) {
            throw new ServiceException(ServiceError.CONFLICT, "this passkey is registered already");
        }
        return passkey;
    }

    /** The same whether the name is known or not: the authenticator finds the passkey. */
    PasskeyChallenge beginLogin(Optional<String> name) {
        String subject = name.map(AccountNames::chosen).orElse("");
        Challenge challenge = challenges.issue(Purpose.LOGIN, subject, clock.millis());
        return new PasskeyChallenge(challenge.id(), webAuthn.requestOptions(challenges.bytes(challenge)));
    }

    Tokens login(String challengeId, String responseJson, String from) {
        Challenge challenge =
                challenges.named(Purpose.LOGIN, challengeId, clock.millis()).orElseThrow(this::refused);
        WebAuthn.Answer answer = webAuthn.answer(responseJson).orElseThrow(this::refused);
        PasskeyTable.Row passkey = database.read(handle -> PasskeyTable.find(handle, answer.credentialId()))
                .orElseThrow(this::refused);
        long signCount = verified(challenge, answer, passkey, from);
        Optional<Tokens> tokens = database.transaction(handle -> {
            Optional<AccountTable.Row> account =
                    AccountTable.lock(handle, passkey.account()).filter(owner -> isMeant(owner, challenge, answer));
            boolean good = account.isPresent()
                    && challenges.spend(handle, challenge)
                    && PasskeyTable.used(handle, passkey.id(), signCount, clock.millis());
            return good ? account.map(owner -> loggedIn(handle, owner, from)) : Optional.empty();
        });
        Tokens given = tokens.orElseThrow(this::refused);
        metrics.login(Sessions.Method.PASSKEY, Outcome.OK);
        return given;
    }

    /** How often it has signed. What it has not signed counts, because it costs as much to look at. */
    private long verified(Challenge challenge, WebAuthn.Answer answer, PasskeyTable.Row passkey, String from) {
        List<Counted> counted = List.of(throttle.counted(Rule.PASSKEY, passkey.id(), Networks.of(from)));
        boolean unusedFree = database.read(handle -> {
            throttle.check(handle, counted, clock.millis());
            return true;
        });
        return webAuthn.verify(answer, passkey, challenges.bytes(challenge)).orElseThrow(() -> {
            boolean unusedCharged = database.transaction(handle -> {
                throttle.charge(handle, counted, clock.millis());
                return true;
            });
            return refused();
        });
    }

    /** WebAuthn level 3, section 7.2, step 6; and whom the challenge was asked for. */
    private static boolean isMeant(AccountTable.Row owner, Challenge challenge, WebAuthn.Answer answer) {
        boolean named = challenge.subject().isEmpty() || challenge.subject().equals(owner.name());
        return named && MessageDigest.isEqual(owner.userHandle(), answer.userHandle());
    }

    private Tokens loggedIn(Handle handle, AccountTable.Row account, String from) {
        if (account.locked()) {
            throw PasswordLogins.locked();
        }
        networks.remember(handle, account, Networks.of(from), clock.millis());
        return sessions.begin(handle, account, Sessions.Method.PASSKEY);
    }

    List<PasskeyInfo> list(Account account) {
        return database.read(handle -> PasskeyTable.of(handle, account.id().value())).stream()
                .map(Passkeys::info)
                .toList();
    }

    /** Ends every other session too. NOT_FOUND, FORBIDDEN, CONFLICT. */
    void remove(Authenticated who, String passkeyId) {
        byte[] id = credentialId(passkeyId);
        boolean unused = database.transaction(handle -> {
            AccountTable.Row account =
                    AccountTable.lock(handle, who.account().id().value()).orElseThrow(Sessions::unauthenticated);
            sessions.requireRecent(handle, who);
            List<PasskeyTable.Row> all = PasskeyTable.of(handle, account.id());
            if (all.stream().noneMatch(each -> Arrays.equals(each.id(), id))) {
                throw notFound();
            }
            if (all.size() == 1 && account.password().isEmpty()) {
                throw new ServiceException(
                        ServiceError.CONFLICT, "it is the last way to log in: set a password or add a passkey first");
            }
            SessionTable.deleteOthers(handle, account.id(), who.sessionId());
            return PasskeyTable.delete(handle, account.id(), id);
        });
        sessions.forget(who.account().id(), Optional.of(who.sessionId()));
    }

    private static byte[] credentialId(String passkeyId) {
        try {
            return Base64.getUrlDecoder().decode(passkeyId);
        } catch (IllegalArgumentException e) {
            throw notFound();
        }
    }

    private static PasskeyInfo info(PasskeyTable.Row row) {
        return new PasskeyInfo(
                ENCODER.encodeToString(row.id()),
                row.label(),
                Instant.ofEpochMilli(row.createdAt()),
                row.lastUsedAt().stream().mapToObj(Instant::ofEpochMilli).findFirst());
    }

    private static String subject(Authenticated who) {
        return who.account().id() + ":" + who.sessionId();
    }

    private static String label(String given) {
        String label = given.strip();
        boolean good = !label.isEmpty()
                && label.codePointCount(0, label.length()) <= MOST_LABEL
                && label.chars().noneMatch(Character::isISOControl);
        if (!good) {
            throw new ServiceException(ServiceError.INVALID, "label: 1 to 64 characters without control characters");
        }
        return label;
    }

    private static void requireRoom(int passkeys) {
        if (passkeys >= MOST) {
            throw new ServiceException(
                    ServiceError.CONFLICT, "an account has at most " + MOST + " passkeys: remove one first");
        }
    }

    private static ServiceException invalid() {
        return new ServiceException(
                ServiceError.INVALID,
                "response: it does not answer this challenge, or the challenge is used or too old");
    }

    private static ServiceException notFound() {
        return new ServiceException(ServiceError.NOT_FOUND, "the account has no such passkey");
    }

    private ServiceException refused() {
        metrics.login(Sessions.Method.PASSKEY, Outcome.REFUSED);
        return new ServiceException(ServiceError.UNAUTHENTICATED, "this passkey does not log in here");
    }
}
