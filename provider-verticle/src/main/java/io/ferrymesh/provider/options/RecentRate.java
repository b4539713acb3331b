package io.ferrymesh.provider.options;

/**
 * How fast one migration to this process has been of late, without a limit.
 *
 * @param bytesPerSecond what comes in a second
 * @param objectBytes what an object counts as besides its bytes
 */
public record RecentRate(double bytesPerSecond, long objectBytes) {}
