package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.provider.service.Tokens;
import io.ferrymesh.scheme.Digest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions: begun by logging in, gone on with by refresh tokens, asked for by every request. */
final class Sessions {

    /** How a session began. */
    enum Method {
        PASSWORD("password"),
        PASSKEY("passkey");

        private final String text;

        Method(String text) {
            this.text = text;
        }
    }

    /** For how long the token before the current one is good once more, because an answer can get lost. */
    static final Duration GRACE = Duration.ofSeconds(10);
    /** What gives somebody another way to log in, or takes one, needs a session that began within this. */
    static final Duration RECENT = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private enum Refreshed {
        NEXT,
        REUSED,
        UNKNOWN
    }

    private record Outcome(Refreshed what, Optional<SessionTable.Row> session) {}

    private final Database database;
    private final AccessTokens access;
    private final RefreshTokens refresh;
    private final SessionCache cache = new SessionCache();
    private final AccountOptions options;
    private final Clock clock;
    private final AccountMetrics metrics;

    Sessions(
            Database database,
            AccessTokens access,
            RefreshTokens refresh,
            AccountOptions options,
            Clock clock,
            AccountMetrics metrics) {
        this.database = database;
        this.access = access;
        this.refresh = refresh;
        this.options = options;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** A new session, always under a new name. The caller holds the account's row and has found it active. */
    Tokens begin(Handle handle, AccountTable.Row account, Method method) {
        long now = clock.millis();
        SessionTable.Row session = new SessionTable.Row(
                refresh.newSessionId(),
                account.id(),
                account.name(),
                method.text,
                now,
                now,
                now + options.session().toMillis());
        String token = refresh.issue(session.id());
        SessionTable.insert(handle, session, RefreshTokens.sha256(token));
        return tokens(session, token, now);
    }

    private Tokens tokens(SessionTable.Row session, String refreshToken, long now) {
        long nowSeconds = now / 1_000;
        long expires = Math.min(nowSeconds + options.token().toSeconds(), session.expiresAt() / 1_000);
        String token = access.issue(new AccessTokens.Claims(session.account(), session.id(), nowSeconds, expires));
        return new Tokens(account(session), session.id(), token, expires - nowSeconds, refreshToken);
    }

    private static Account account(SessionTable.Row session) {
        return new Account(new AccountId(session.account()), session.name());
    }

    Tokens refresh(String token) {
        RefreshTokens.Genuine shown = refresh.parse(token).orElseThrow(Sessions::unauthenticated);
        String next = refresh.issue(shown.session());
        long now = clock.millis();
        Outcome outcome = database.transaction(handle -> refresh(handle, shown, RefreshTokens.sha256(next), now));
        if (outcome.what() == Refreshed.REUSED) {
            cache.ended(shown.session());
            metrics.reused();
            LOG.warn(
                    "a refresh token was used twice, so its session has ended: account {}",
                    outcome.session().map(SessionTable.Row::account).orElse(0L));
        }
        if (outcome.what() != Refreshed.NEXT) {
            throw unauthenticated();
        }
        return tokens(outcome.session().orElseThrow(), next, now);
    }

    private Outcome refresh(Handle handle, RefreshTokens.Genuine shown, Digest next, long now) {
        Optional<SessionTable.Row> live = SessionTable.find(handle, shown.session(), now, idleSince(now));
        if (live.isEmpty()) {
            return new Outcome(Refreshed.UNKNOWN, live);
        }
        boolean rotated = SessionTable.rotate(handle, shown.session(), shown.sha256(), next, now)
                || SessionTable.rotateAgain(handle, shown.session(), shown.sha256(), next, now, now - GRACE.toMillis());
        if (rotated) {
            return new Outcome(Refreshed.NEXT, live);
        }
        boolean ended = SessionTable.delete(handle, live.orElseThrow().account(), shown.session());
        return new Outcome(ended ? Refreshed.REUSED : Refreshed.UNKNOWN, live);
    }

    Authenticated authenticate(String token) {
        long now = clock.millis();
        AccessTokens.Claims claims = claims(token, now / 1_000);
        SessionTable.Row session = cache.session(claims.session(), now)
                .or(() -> look(claims.session(), now))
                .filter(live -> live.account() == claims.account() && live.expiresAt() > now)
                .orElseThrow(Sessions::unauthenticated);
        return new Authenticated(account(session), session.id());
    }

    private AccessTokens.Claims claims(String token, long nowSeconds) {
        if (token.length() > AccessTokens.MOST_CHARACTERS) {
            throw unauthenticated();
        }
        Digest sha256 = RefreshTokens.sha256(token);
        Optional<AccessTokens.Claims> before = cache.claims(sha256);
        if (before.isPresent()) {
            if (before.get().expiresAt() > nowSeconds) {
                return before.get();
            }
            cache.expired(sha256);
        }
        AccessTokens.Claims claims = access.verify(token, nowSeconds).orElseThrow(Sessions::unauthenticated);
        cache.verified(sha256, claims);
        return claims;
    }

    private Optional<SessionTable.Row> look(String id, long now) {
        long endings = cache.endings();
        Optional<SessionTable.Row> live = database.read(handle -> SessionTable.find(handle, id, now, idleSince(now)));
        live.ifPresent(session -> cache.live(session, now, endings));
        return live;
    }

    private long idleSince(long now) {
        return now - options.sessionIdle().toMillis();
    }

    List<SessionInfo> list(Account account) {
        long now = clock.millis();
        return database.read(handle -> SessionTable.list(handle, account.id().value(), now, idleSince(now)));
    }

    /** Says whether there was one. */
    boolean end(AccountId account, String id) {
        boolean there = database.transaction(handle -> SessionTable.delete(handle, account.value(), id));
        cache.ended(id);
        return there;
    }

    /** For when the database has deleted them all, or all but one. */
    void forget(AccountId account, Optional<String> but) {
        cache.ended(session -> session.account() == account.value()
                && !but.map(session.id()::equals).orElse(false));
    }

    /** FORBIDDEN for a session that is not new: a stolen token must not turn into a way in that stays. */
    void requireRecent(Handle handle, Authenticated who) {
        if (clock.millis() - requireLive(handle, who).createdAt() > RECENT.toMillis()) {
            throw new ServiceException(
                    ServiceError.FORBIDDEN,
                    "this needs a session that began within the last " + RECENT.toMinutes()
                            + " minutes: log in again, then ask again");
        }
    }

    /** UNAUTHENTICATED for a session that has ended, maybe at another process just now. */
    SessionTable.Row requireLive(Handle handle, Authenticated who) {
        long now = clock.millis();
        return SessionTable.find(handle, who.sessionId(), now, idleSince(now))
                .filter(live -> live.account() == who.account().id().value())
                .orElseThrow(Sessions::unauthenticated);
    }

    static ServiceException unauthenticated() {
        return new ServiceException(ServiceError.UNAUTHENTICATED, "not logged in");
    }
}
