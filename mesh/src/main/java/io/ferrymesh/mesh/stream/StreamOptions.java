package io.ferrymesh.mesh.stream;

/**
 * What bounds streams.
 *
 * @param maxStreams most ends of streams in this process
 * @param openTimeoutMs how long a peer may take to accept
 * @param heartbeatIntervalMs how often each end says that it is there
 * @param peerTimeoutMs after how long without a word the peer is lost
 */
public record StreamOptions(int maxStreams, long openTimeoutMs, long heartbeatIntervalMs, long peerTimeoutMs) {}
