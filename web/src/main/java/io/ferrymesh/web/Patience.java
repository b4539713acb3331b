package io.ferrymesh.web;

/**
 * How long a client is waited for: it runs out with the time it lets pass, and bytes buy time at the least rate, up to what it
 * began with. Slow and steady never runs out of it; a byte now and then does.
 */
final class Patience {

    private final long mostMs;
    private final long bytesPerSecond;
    private long leftMs;
    private long seenBytes;

    Patience(long mostMs, long bytesPerSecond) {
        this.mostMs = mostMs;
        this.bytesPerSecond = bytesPerSecond;
        this.leftMs = mostMs;
    }

    /**
     * Takes note of what happened since it was last asked.
     *
     * @param bytes that went by since the beginning
     * @return whether it has run out
     */
    boolean isOverAfter(long elapsedMs, long bytes) {
        long boughtMs = (bytes - seenBytes) * 1_000 / bytesPerSecond;
        seenBytes += boughtMs * bytesPerSecond / 1_000;
        leftMs = Math.min(mostMs, leftMs + boughtMs - elapsedMs);
        return leftMs < 0;
    }
}
