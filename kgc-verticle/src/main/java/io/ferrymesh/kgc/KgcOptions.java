package io.ferrymesh.kgc;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the key centre is set up. Refused when bad, with the key, the value and what would be right. All nodes of a key centre
 * should have the same.
 *
 * @param validityStepSeconds validities begin and end on whole steps, so that none gives its holder away
 * @param maxValiditySeconds longest validity of a certificate
 * @param certificatesPerEpoch how many certificates a provider gets in one quota epoch, unless it has a quota of its own
 * @param epochSeconds length of a quota epoch
 * @param tokenValiditySeconds how long an enrolment token can be used
 * @param maxProviders how many providers there can be
 * @param announcementValiditySeconds how long parameters and bulletins are good at the longest
 * @param resignMs how often parameters and bulletins are signed anew
 * @param maxConcurrentRequests requests that wait or are worked on at once; more are OVERLOADED
 * @param maxRequestsPerSender requests of one sender that wait at once; more are OVERLOADED
 * @param ratePerProvider requests a second that one provider may make in the long run; more are RATE_LIMITED
 * @param burstPerProvider requests that one provider may make at once
 * @param enrolmentsPerSecond enrolments a second that one node serves in the long run; more are RATE_LIMITED
 */
public record KgcOptions(
        long validityStepSeconds,
        long maxValiditySeconds,
        int certificatesPerEpoch,
        long epochSeconds,
        long tokenValiditySeconds,
        int maxProviders,
        long announcementValiditySeconds,
        long resignMs,
        int maxConcurrentRequests,
        int maxRequestsPerSender,
        int ratePerProvider,
        int burstPerProvider,
        int enrolmentsPerSecond) {

    /** Live revocations a single provider may need: half of what receivers hold. */
    static final int MAX_HELD = 500_000;

    /** Longest time anything can be set to: 366 days. */
    static final long MAX_SECONDS = 31_622_400;

    /** Those that change what providers get, and are noted in the audit log when they change. */
    private static final List<String> NOTED = List.of(
            "validityStepSeconds",
            "maxValiditySeconds",
            "certificatesPerEpoch",
            "epochSeconds",
            "tokenValiditySeconds",
            "maxProviders",
            "announcementValiditySeconds");

    /** Checks every value. */
    public KgcOptions {
        check("validityStepSeconds", validityStepSeconds, 1, 86_400);
        check("maxValiditySeconds", maxValiditySeconds, validityStepSeconds, MAX_SECONDS);
        check("certificatesPerEpoch", certificatesPerEpoch, 1, 1_000_000);
        check("epochSeconds", epochSeconds, 1, MAX_SECONDS);
        check("tokenValiditySeconds", tokenValiditySeconds, 1, MAX_SECONDS);
        check("maxProviders", maxProviders, 1, 1_000_000);
        check("announcementValiditySeconds", announcementValiditySeconds, 2, 86_400);
        check("resignMs", resignMs, 10, announcementValiditySeconds * 1_000 / 2);
        check("maxConcurrentRequests", maxConcurrentRequests, 1, 10_000);
        check("maxRequestsPerSender", maxRequestsPerSender, 1, maxConcurrentRequests);
        check("ratePerProvider", ratePerProvider, 1, 100_000);
        check("burstPerProvider", burstPerProvider, 1, 1_000_000);
        check("enrolmentsPerSecond", enrolmentsPerSecond, 1, 100_000);
        requireRevocable(certificatesPerEpoch, maxQuota(maxValiditySeconds, epochSeconds));
    }

    /** An hour's steps, two days at most, 10,000 certificates a day, announcements signed every second, good for a minute. */
    public static KgcOptions defaults() {
        return new KgcOptions(3_600, 172_800, 10_000, 86_400, 3_600, 1_000, 60, 1_000, 256, 32, 10, 50, 5);
    }

    /** The same but for one option, by its name. */
    public KgcOptions with(String name, long value) {
        Map<String, Long> changed = asMap();
        if (changed.put(name, value) == null) {
            throw new IllegalArgumentException("there is no option " + name + "; there are " + asMap().keySet());
        }
        return of(changed);
    }

    /** The defaults but for these, by their names. */
    static KgcOptions with(Map<String, Long> changed) {
        KgcOptions options = defaults();
        Map<String, Long> all = options.asMap();
        all.putAll(changed);
        return of(all);
    }

    /** All by name. */
    public Map<String, Long> asMap() {
        Map<String, Long> all = new TreeMap<>();
        all.put("validityStepSeconds", validityStepSeconds);
        all.put("maxValiditySeconds", maxValiditySeconds);
        all.put("certificatesPerEpoch", (long) certificatesPerEpoch);
        all.put("epochSeconds", epochSeconds);
        all.put("tokenValiditySeconds", tokenValiditySeconds);
        all.put("maxProviders", (long) maxProviders);
        all.put("announcementValiditySeconds", announcementValiditySeconds);
        all.put("resignMs", resignMs);
        all.put("maxConcurrentRequests", (long) maxConcurrentRequests);
        all.put("maxRequestsPerSender", (long) maxRequestsPerSender);
        all.put("ratePerProvider", (long) ratePerProvider);
        all.put("burstPerProvider", (long) burstPerProvider);
        all.put("enrolmentsPerSecond", (long) enrolmentsPerSecond);
        return all;
    }

    /** Those that are noted when they change. */
    Map<String, Long> noted() {
        Map<String, Long> noted = asMap();
        noted.keySet().retainAll(NOTED);
        return noted;
    }

    /** The highest quota with which a provider can still be revoked: that all it holds fits half the revocation log. */
    public int maxQuota() {
        return maxQuota(maxValiditySeconds, epochSeconds);
    }

    /** When the quota epoch began that it is now, in epoch seconds. */
    long quotaEpoch(long now) {
        return now - Math.floorMod(now, epochSeconds);
    }

    private static int maxQuota(long maxValiditySeconds, long epochSeconds) {
        return (int) (MAX_HELD / epochs(maxValiditySeconds, epochSeconds));
    }

    /** How many quota epochs' certificates can be valid at once. */
    private static long epochs(long maxValiditySeconds, long epochSeconds) {
        return (maxValiditySeconds + epochSeconds - 1) / epochSeconds + 1;
    }

    private static void requireRevocable(int certificatesPerEpoch, int maxQuota) {
        if (certificatesPerEpoch > maxQuota) {
            throw new IllegalArgumentException(
                    "certificatesPerEpoch must be at most %d with this epochSeconds and maxValiditySeconds, so that a provider can be revoked: %d"
                            .formatted(maxQuota, certificatesPerEpoch));
        }
    }

    private static KgcOptions of(Map<String, Long> all) {
        return new KgcOptions(
                value(all, "validityStepSeconds"),
                value(all, "maxValiditySeconds"),
                count(all, "certificatesPerEpoch"),
                value(all, "epochSeconds"),
                value(all, "tokenValiditySeconds"),
                count(all, "maxProviders"),
                value(all, "announcementValiditySeconds"),
                value(all, "resignMs"),
                count(all, "maxConcurrentRequests"),
                count(all, "maxRequestsPerSender"),
                count(all, "ratePerProvider"),
                count(all, "burstPerProvider"),
                count(all, "enrolmentsPerSecond"));
    }

    private static long value(Map<String, Long> all, String name) {
        return all.getOrDefault(name, 0L);
    }

    private static int count(Map<String, Long> all, String name) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value(all, name)));
    }

    private static void check(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " must be from " + min + " to " + max + ": " + value);
        }
    }
}
