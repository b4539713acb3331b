package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.RevocationLogs.Learning;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RefusalReason;
import io.ferrymesh.scheme.RefusedException;
import io.ferrymesh.scheme.RevocationLog;
import io.ferrymesh.scheme.RevocationLog.Accepted;
import io.ferrymesh.scheme.RevocationView;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is revoked, as far as the key centre's last bulletin goes. Asks for bulletins, hears those that are published, and
 * fetches what they say is new. Only those under the newest key count, which the key centre signs under from its announcement
 * on: an older one may have been stolen, and that may be why there is a newer. Fails closed: without a fresh bulletin the
 * answer is UNKNOWN, which refuses. What comes unasked costs one verification at a time and so many a second, whatever is
 * sent. Any thread.
 */
public final class RevocationWatch implements RevocationView {

    /** Most published bulletins verified in a second; the others are dropped, because the next question comes soon. */
    static final int MAX_HEARD_A_SECOND = 10;

    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);

    private final KgcClient client;
    private final RevocationLogs logs;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicBoolean hearing = new AtomicBoolean();
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong forged = new AtomicLong();
    private volatile boolean closed;
    private volatile boolean contradicted;
    private volatile boolean distrusted;

    // under this
    private boolean fresh;
    private long second;
    private int heardInSecond;

    /** A watch that knows nothing yet. The newest key is the one known at the time of asking, announced or active. */
    RevocationWatch(KgcClient client, Supplier<Optional<KgcPublicKey>> newest, long maxAgeSeconds, Clock clock) {
        this.client = client;
        this.logs = new RevocationLogs(newest, maxAgeSeconds);
        this.clock = clock;
    }

    /** Runs this whenever somebody was revoked, on the thread that found out. It must not block. */
    public void onRevoked(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public Status status(Pseudonym pseudonym, long nowEpochSeconds) {
        return logs.status(pseudonym, nowEpochSeconds);
    }

    /** Asks for a bulletin, unless that is under way, and for what it says is new. Fails when it does not come. */
    Future<Void> refresh() {
        if (!asking.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        return ask().onFailure(failure -> LOG.debug("no bulletin", failure)).onComplete(done -> {
            asking.set(false);
            noteFreshness();
        });
    }

    /** Takes a bulletin that was published, by whomever. One under another key than the newest is none of ours. */
    void heard(Buffer signed) {
        logs.newest().filter(kgc -> KgcClient.isTagged(signed, kgc)).ifPresent(kgc -> verify(signed, kgc));
    }

    /** Hears nothing from now on. */
    void close() {
        closed = true;
    }

    private void verify(Buffer signed, KgcPublicKey kgc) {
        if (closed || !hearing.compareAndSet(false, true)) {
            return;
        }
        if (!mayVerify()) {
            hearing.set(false);
            return;
        }
        client.verify(signed, kgc)
                .onFailure(failure -> noteForged(failure))
                .compose(bulletin -> take(bulletin, kgc))
                .onComplete(
                        good -> {
                            hearing.set(false);
                            noteFreshness();
                        },
                        bad -> hearing.set(false));
    }

    /** When the newest bulletin was signed that answers follow from; epoch seconds. */
    OptionalLong bulletinAt() {
        return logs.bulletinAt();
    }

    /** What is wrong with what is known. */
    List<HealthReason> problems() {
        List<HealthReason> problems = new ArrayList<>();
        if (!logs.isFresh(now())) {
            problems.add(new HealthReason(
                    "REVOCATION_STALE", "nobody can say who is revoked, so every handshake is refused"));
        }
        if (contradicted) {
            problems.add(HealthReason.lasting(
                    "KGC_CONTRADICTION", "the key centre signed two histories; its operators should be asked why"));
        }
        return problems;
    }

    /** Says it once when the answers become UNKNOWN, and once when they are known again. */
    void noteFreshness() {
        boolean is = logs.isFresh(now());
        boolean was;
        synchronized (this) {
            was = fresh;
            fresh = is;
        }
        if (was && !is) {
            LOG.warn("no fresh bulletin of the key centre: every handshake is refused until there is one");
        } else if (is && !was) {
            LOG.info("revocations are known up to number {}", logs.number());
        }
    }

    /** Under the newest key or not at all: anybody on the bus can say that a key is retired. */
    private Future<Void> ask() {
        Optional<KgcPublicKey> newest = logs.newest();
        if (newest.isEmpty()) {
            return unavailable("nothing is known of the key centre yet");
        }
        return client.bulletin(newest.get())
                .recover(failure -> failure instanceof MeshException mesh && mesh.code() == ErrorCode.KEY_RETIRED
                        ? unavailable("who answers as the key centre does not know its newest key, or not yet")
                        : Future.failedFuture(failure))
                .compose(bulletin -> take(bulletin, newest.get()));
    }

    private Future<Void> take(Bulletin bulletin, KgcPublicKey kgc) {
        return logs.under(kgc)
                .map(learning -> take(bulletin, learning))
                .orElseGet(() -> unavailable("a newer key was announced meanwhile"));
    }

    private Future<Void> take(Bulletin bulletin, Learning learning) {
        return client.verified(() -> learning.log.accept(bulletin))
                .onFailure(failure -> noteRefused(failure, bulletin, learning))
                .compose(accepted -> accepted == Accepted.BEHIND ? catchUp(learning) : Future.succeededFuture())
                .onSuccess(done -> tell(logs.reached(learning)));
    }

    /** One fetch at a time; who comes while it runs waits for it, and it goes on to what is wanted by then. */
    private Future<Void> catchUp(Learning learning) {
        synchronized (this) {
            if (learning.catchingUp.isComplete()) {
                learning.catchingUp = pages(learning.log)
                        .onSuccess(done -> distrusted = false)
                        .onFailure(this::notePages);
            }
            return learning.catchingUp;
        }
    }

    private Future<Void> pages(RevocationLog log) {
        return log.wanted()
                .map(wanted -> client.page(wanted)
                        .compose(page -> client.verified(() -> log.append(page.first(), page.entries())))
                        .compose(accepted -> pages(log)))
                .orElseGet(Future::succeededFuture);
    }

    /** What was learnt under another key may know of others with the same number. */
    private void tell(boolean anew) {
        long number = logs.number();
        boolean more = told.getAndSet(number) != number;
        if (anew) {
            LOG.info("revocations are known under the newest key, up to number {}", number);
        }
        if (anew || more) {
            listeners.forEach(Runnable::run);
        }
    }

    private static <T> Future<T> unavailable(String why) {
        return Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, why));
    }

    private void noteRefused(Throwable failure, Bulletin bulletin, Learning learning) {
        boolean contradiction = failure.getCause() instanceof RefusedException refused
                && refused.reason() == RefusalReason.CONTRADICTION;
        if (contradiction && !contradicted) {
            contradicted = true;
            LOG.error(
                    "the key centre signed two histories: {} was not taken, because of {}",
                    bulletin,
                    learning.log.newest().orElse(null));
        }
    }

    private void notePages(Throwable failure) {
        boolean wrong = failure instanceof MeshException mesh && mesh.code() == ErrorCode.INVALID_MESSAGE;
        if (wrong && !distrusted) {
            distrusted = true;
            LOG.warn("a page of the revocation log was not taken: {}", failure.getMessage());
        } else {
            LOG.debug("no page of the revocation log", failure);
        }
    }

    /** Said for the first and then for every power of ten. */
    private void noteForged(Throwable failure) {
        long count = forged.incrementAndGet();
        if (Long.toString(count).matches("10*")) {
            LOG.warn("{} published bulletins could not be taken: {}", count, failure.getMessage());
        }
    }

    private synchronized boolean mayVerify() {
        if (now() != second) {
            second = now();
            heardInSecond = 0;
        }
        return ++heardInSecond <= MAX_HEARD_A_SECOND;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
