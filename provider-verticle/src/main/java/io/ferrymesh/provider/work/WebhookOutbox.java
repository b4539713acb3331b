package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks what they have not been told. Every process looks; whoever takes a delivery has it for a minute, which is longer than
 * any try takes, so that nothing is sent twice unless a process ends in between. Of each account one try is under way at a time here, and
 * webhooks that fail have few places, so those that do not answer keep no others waiting. The outbox's thread only, but for outcomes.
 */
final class WebhookOutbox {

    static final long EVERY_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(WebhookOutbox.class);

    /** Tries under way at once. */
    private static final int AT_ONCE = 64;

    /** Of which so many at most are of webhooks whose last try failed, so that the others have places left. */
    private static final int FAILING_AT_ONCE = 16;

    private static final long CLAIMED_MS = 60_000;
    private static final long FIRST_WAIT_MS = 10_000;
    private static final long LONGEST_WAIT_MS = 3_600_000;
    private static final long GIVE_UP_MS = TimeUnit.HOURS.toMillis(24);

    private final Database database;
    private final PskSeal seal;
    private final Clock clock;
    private final RandomGenerator random;
    private final Set<AccountId> underWay = ConcurrentHashMap.newKeySet();
    private final Set<AccountId> failing = ConcurrentHashMap.newKeySet();
    private final Executor outcomes;
    private volatile @Nullable WebhookSender sender;

    /**
     * Of a database.
     *
     * @param outcomes writes down how tries end, which may block
     */
    WebhookOutbox(Database database, PskSeal seal, Clock clock, RandomGenerator random, Executor outcomes) {
        this.database = database;
        this.seal = seal;
        this.clock = clock;
        this.random = random;
        this.outcomes = outcomes;
    }

    /** Sends from now on. */
    void begin(WebhookSender with) {
        sender = with;
    }

    @Nullable
    WebhookSender sender() {
        return sender;
    }

    /** Looks at everything once. */
    void look() {
        giveUp();
        WebhookSender with = sender;
        if (with == null) {
            return;
        }
        tell(with, false, AT_ONCE - underWay.size());
        tell(with, true, Math.min(FAILING_AT_ONCE - failing.size(), AT_ONCE - underWay.size()));
    }

    /** So many of those that fail, or of those that do not, as there are places for. */
    private void tell(WebhookSender with, boolean ofFailing, int room) {
        if (room <= 0) {
            return;
        }
        long now = clock.millis();
        int most = Webhooks.MOST * (AT_ONCE + underWay.size()); // as if each account had all that it may
        Set<AccountId> chosen = new HashSet<>();
        database.read(handle -> WebhookTable.due(handle, ofFailing, now, most)).stream()
                .filter(each -> !underWay.contains(each.webhook().account())
                        && chosen.add(each.webhook().account()))
                .limit(room)
                .forEach(each -> tell(with, each));
    }

    private void tell(WebhookSender with, WebhookTable.Delivery delivery) {
        long now = clock.millis();
        if (!database.transaction(handle -> WebhookTable.claim(handle, delivery, now, now + CLAIMED_MS))) {
            return;
        }
        AccountId account = delivery.webhook().account();
        boolean unused = underWay.add(account);
        if (delivery.failures() > 0) {
            boolean unusedToo = failing.add(account);
        }
        post(with, delivery, now)
                .onComplete(outcome -> outcomes.execute(() -> {
                    try {
                        if (outcome.succeeded() && outcome.result() / 100 == 2) {
                            told(delivery);
                        } else {
                            failed(
                                    delivery,
                                    outcome.succeeded() ? "it answered " + outcome.result() : why(outcome.cause()));
                        }
                    } finally {
                        boolean wasFailing = failing.remove(account);
                        boolean over = underWay.remove(account);
                        LOG.trace("a try is over: {}, of one that failed: {}", over, wasFailing);
                    }
                }));
    }

    private Future<Integer> post(WebhookSender with, WebhookTable.Delivery delivery, long now) {
        try {
            byte[] secret = seal.open(
                    delivery.secret(),
                    Webhooks.row(
                            delivery.webhook().account(), delivery.webhook().name()));
            return with.post(
                    delivery.url(),
                    WebhookSignature.headers(WebhookSignature.id(delivery), now, delivery.body(), secret),
                    delivery.body());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void told(WebhookTable.Delivery delivery) {
        boolean unused = database.transaction(handle -> {
            WebhookTable.delivered(handle, delivery, clock.millis());
            return true;
        });
    }

    private void failed(WebhookTable.Delivery delivery, String why) {
        long wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(delivery.failures(), 20));
        long again = clock.millis() + wait - random.nextLong(wait / 4);
        LOG.debug("a webhook of account {} was not told: {}", delivery.webhook().account(), why);
        boolean unused = database.transaction(handle -> {
            WebhookTable.failed(handle, delivery, again, why);
            return true;
        });
    }

    /** What is older than a day is not told any more, and the account is told that. */
    private void giveUp() {
        long now = clock.millis();
        for (WebhookTable.Key late : database.read(handle -> WebhookTable.late(handle, now - GIVE_UP_MS))) {
            boolean unused = database.transaction(handle -> {
                int dropped = WebhookTable.drop(handle, late, now - GIVE_UP_MS);
                if (dropped > 0) {
                    AccountEvents.add(
                            handle,
                            late.account(),
                            new AccountEvents.Told(
                                    EventType.WEBHOOK_DROPPED,
                                    AccountEvents.PROVIDER,
                                    Optional.empty(),
                                    new JsonObject()
                                            .put("webhookId", late.name())
                                            .put("count", dropped)),
                            now);
                }
                return true;
            });
        }
    }

    /** What the owner may know: not which of this provider's own addresses something is at. */
    private static String why(Throwable cause) {
        return cause instanceof IllegalArgumentException ? String.valueOf(cause.getMessage()) : "it did not answer";
    }
}
