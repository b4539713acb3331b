package io.ferrymesh.migration;

/**
 * How fast one migration may be expected to be.
 *
 * @param bytesPerSecond what comes in a second
 * @param objectBytes what an object counts as besides its bytes
 */
public record Throughput(double bytesPerSecond, long objectBytes) {}
