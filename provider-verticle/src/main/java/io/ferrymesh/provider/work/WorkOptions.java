package io.ferrymesh.provider.work;

import io.ferrymesh.stores.ObjectPath;

/**
 * What an operator may tune.
 *
 * @param leaseTimeoutMs how long a process may not show that it lives before others take over what it holds
 * @param pollMs how often a process looks for work, and for what users want of what it holds
 * @param progressMs how often counters of what runs are written
 * @param maxRunning migrations that a process drives at once
 * @param maxRunningPerAccount migrations of one account that run at once; the others wait
 * @param maxLivePerAccount grants, and migrations, of one account that have not ended
 * @param maxStartsPerAccountHour grants and migrations together that an account may begin, further attempts included
 * @param maxRetries how often in a row a migration is begun again by itself after a failure that may pass
 * @param maxReportObjects objects of a migration of which it is kept what became of them, and as many again that failed
 * @param maxJournalEntries objects, and segments of large ones, in the journals of an account's migrations together
 * @param keepEndedDays how long what has ended is kept, and what accounts were told
 * @param keepAuditDays how long it is kept who did what with grants and migrations
 * @param quotaBytes what an account may use that has no quota of its own
 * @param quotaBlockBytes how much space is set aside for an account at once
 * @param overheadBytes what an object costs besides its bytes, and again for each directory it is in
 * @param stalledMs how long a run may do nothing before it is ended and begun again
 */
public record WorkOptions(
        int leaseTimeoutMs,
        int pollMs,
        int progressMs,
        int maxRunning,
        int maxRunningPerAccount,
        int maxLivePerAccount,
        int maxStartsPerAccountHour,
        int maxRetries,
        long maxReportObjects,
        long maxJournalEntries,
        int keepEndedDays,
        int keepAuditDays,
        long quotaBytes,
        long quotaBlockBytes,
        int overheadBytes,
        long stalledMs) {

    public WorkOptions {
        between("leaseTimeoutMs", leaseTimeoutMs, 1_000, 600_000);
        between("pollMs", pollMs, 10, 500);
        between("progressMs", progressMs, 100, 60_000);
        between("maxRunning", maxRunning, 1, 10_000);
        between("maxRunningPerAccount", maxRunningPerAccount, 1, 10_000);
        between("maxLivePerAccount", maxLivePerAccount, 1, 100_000);
        between("maxStartsPerAccountHour", maxStartsPerAccountHour, 1, 3_600_000);
        between("maxRetries", maxRetries, 0, 100_000);
        between("maxReportObjects", maxReportObjects, 0, 1_000_000_000L);
        between("maxJournalEntries", maxJournalEntries, 1_000, 1_000_000_000_000L);
        between("keepEndedDays", keepEndedDays, 1, 36_500);
        between("keepAuditDays", keepAuditDays, 1, 36_500);
        between("quotaBytes", quotaBytes, 0, Long.MAX_VALUE);
        between("quotaBlockBytes", quotaBlockBytes, 1, 1L << 40);
        between("overheadBytes", overheadBytes, 0, 1 << 20);
        between("stalledMs", stalledMs, 1_000, 604_800_000);
        if (leaseTimeoutMs < 4 * pollMs) {
            throw new IllegalArgumentException(
                    "leaseTimeoutMs must be at least four times pollMs: " + leaseTimeoutMs + " and " + pollMs);
        }
    }

    /** Ten seconds to be taken for dead, a quarter of one between looks, a quarter of an hour without progress; 100 GiB. */
    public static WorkOptions defaults() {
        return new WorkOptions(
                10_000,
                250,
                1_000,
                64,
                4,
                1_000,
                120,
                2_100,
                1_000_000,
                10_000_000,
                90,
                365,
                100L << 30,
                16L << 20,
                4_096,
                900_000);
    }

    /** The same with another quota. */
    public WorkOptions withQuotaBytes(long bytes) {
        return new WorkOptions(
                leaseTimeoutMs,
                pollMs,
                progressMs,
                maxRunning,
                maxRunningPerAccount,
                maxLivePerAccount,
                maxStartsPerAccountHour,
                maxRetries,
                maxReportObjects,
                maxJournalEntries,
                keepEndedDays,
                keepAuditDays,
                bytes,
                quotaBlockBytes,
                overheadBytes,
                stalledMs);
    }

    /** What an object costs of the space: its bytes, and what the store needs to keep it at all. */
    long cost(ObjectPath path, long size) {
        byte[] utf8 = path.utf8();
        int parts = 1;
        for (int i = 0; i < utf8.length - 1; i++) { // a slash at the end begins no part
            parts += utf8[i] == '/' ? 1 : 0;
        }
        return size + (long) parts * overheadBytes;
    }

    private static void between(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ": " + value);
        }
    }
}
