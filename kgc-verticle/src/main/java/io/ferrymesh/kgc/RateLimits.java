package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one provider may ask, and how often anybody may enrol, on this node: a burst at once, and so many a second in the
 * long run. Only requests that proved who they are from count, so nobody can use up another's. Any thread.
 */
final class RateLimits {

    /** Providers whose use is remembered; whoever asked least recently is forgotten, and may burst again. */
    private static final int REMEMBERED = 10_000;

    /** What is left, in thousandths of a request, at a time in milliseconds. */
    private record Bucket(long left, long atMs) {

        Bucket at(long nowMs, long perSecond, long burst) {
            long passed = Math.min(Math.max(0, nowMs - atMs), 1_000_000_000L);
            return new Bucket(Math.min(burst * 1_000, left + passed * perSecond), Math.max(atMs, nowMs));
        }
    }

    private final KgcOptions options;
    private final Map<Long, Bucket> providers = new LinkedHashMap<>(16, 0.75f, true);
    private Bucket enrolments;

    RateLimits(KgcOptions options) {
        this.options = options;
        this.enrolments = new Bucket(2_000L * options.enrolmentsPerSecond(), 0);
    }

    /** Counts a request of an enrolled provider, or refuses it. */
    synchronized void request(long provider, long nowMs) {
        long burst = options.burstPerProvider();
        Bucket bucket = providers
                .getOrDefault(provider, new Bucket(burst * 1_000, nowMs))
                .at(nowMs, options.ratePerProvider(), burst);
        providers.put(provider, charged(bucket, "provider " + provider));
        if (providers.size() > REMEMBERED) {
            Iterator<Long> oldest = providers.keySet().iterator();
            long unused = oldest.next();
            oldest.remove();
        }
    }

    /** Counts an enrolment with a token that is good, or refuses it. */
    synchronized void enrolment(long nowMs) {
        long perSecond = options.enrolmentsPerSecond();
        enrolments = charged(enrolments.at(nowMs, perSecond, 2 * perSecond), "enrolment");
    }

    private static Bucket charged(Bucket bucket, String who) {
        if (bucket.left < 1_000) {
            throw new MeshException(ErrorCode.RATE_LIMITED, who + ": too many requests");
        }
        return new Bucket(bucket.left - 1_000, bucket.atMs);
    }
}
