package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When one pool may be filled, and the request that has brought no credentials yet, which is sent again with the same bytes
 * as long as the key centre takes them. Guarded by {@link CredentialPools}.
 */
final class Refill {

    /** How long the same request is sent again: the key centre takes its timestamp for five minutes. */
    static final long SAME_BYTES_MS = 240_000;

    /** How long takers wait while another process of the provider asks. */
    static final long PATIENCE_MS = 10_000;

    /** The next request for a pool: this one again, or a new one for these lines. */
    record Turn(Refill refill, KeyEpoch epoch, Optional<Issuance> again, List<Line> lines) {

        KgcParameters parameters() {
            return epoch.parameters().orElseThrow();
        }
    }

    final CredentialPool pool;
    private final Backoff backoff;
    private final long notBeforeMs;
    private @Nullable Issuance unanswered;
    private long unansweredUntilMs;
    private Optional<MeshException> lastRefusal = Optional.empty();
    private boolean ended;
    private long waitingSinceMs = Long.MAX_VALUE;

    Refill(CredentialPool pool, RandomGenerator random, long notBeforeMs) {
        this.pool = pool;
        this.backoff = new Backoff(random);
        this.notBeforeMs = notBeforeMs;
    }

    /** What to ask now; somebody who waits does not wait for the random delay at the beginning too. */
    Optional<Turn> turn(KeyEpoch epoch, long nowMs) {
        if (!backoff.isDue(nowMs) || (nowMs < notBeforeMs && !pool.hasWaiting())) {
            return Optional.empty();
        }
        if (nowMs >= unansweredUntilMs) {
            forget();
        }
        List<Line> lines = pool.missing(nowMs / 1_000);
        return lines.isEmpty() && unanswered == null
                ? Optional.empty()
                : Optional.of(new Turn(this, epoch, Optional.ofNullable(unanswered), lines));
    }

    /** Whether the key centre may answer the same bytes still: nobody else should ask then. */
    boolean isUnanswered(long nowMs) {
        return unanswered != null && nowMs < unansweredUntilMs;
    }

    /** Gives up on those who have waited for another process for too long; run the result without the lock. */
    List<Runnable> impatient(long nowMs) {
        waitingSinceMs = pool.hasWaiting() ? Math.min(waitingSinceMs, nowMs) : Long.MAX_VALUE;
        if (!pool.hasWaiting() || nowMs - waitingSinceMs < PATIENCE_MS) {
            return List.of();
        }
        waitingSinceMs = Long.MAX_VALUE;
        return pool.fail(new MeshException(
                ErrorCode.UNAVAILABLE,
                "another process of this provider asks the key centre for credentials and has got none yet"));
    }

    /** Why nobody is asked right now, if so. */
    Optional<MeshException> refusal(long nowMs) {
        return backoff.isDue(nowMs)
                ? Optional.empty()
                : lastRefusal.map(last -> new MeshException(
                        last.code(),
                        last.getMessage() + "; asked again in " + (backoff.msLeft(nowMs) + 999) / 1_000 + " s"));
    }

    void keep(Issuance request, long nowMs) {
        if (ended) {
            request.close();
            return;
        }
        unanswered = request;
        unansweredUntilMs = nowMs + SAME_BYTES_MS;
    }

    void answered() {
        forget();
        backoff.succeeded();
        lastRefusal = Optional.empty();
    }

    /**
     * Gives up on those who wait; run the result without the lock. The request stays: anybody on the bus can hold its answer
     * back and say this instead, and another request would be paid for once more.
     */
    List<Runnable> refused(ErrorCode code, String message, long nowMs) {
        MeshException refusal = new MeshException(code, message);
        backoff.failed(code, nowMs);
        lastRefusal = Optional.of(refusal);
        return pool.fail(refusal);
    }

    /** Wipes everything; run the result without the lock. */
    List<Runnable> end(Throwable why) {
        ended = true;
        forget();
        return pool.fail(why);
    }

    private void forget() {
        if (unanswered != null) {
            unanswered.close();
            unanswered = null;
        }
    }
}
