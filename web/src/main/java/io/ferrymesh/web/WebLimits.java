package io.ferrymesh.web;

import java.time.Duration;

/**
 * What a server puts up with. Bodies have no limit here: that is for each path to say. Refused when bad, with the key, the value
 * and what would be right.
 *
 * @param maxConnections at once; one more is closed
 * @param maxConnectionsPerAddress of one IPv4 address or IPv6 /64, unless a trusted proxy is there
 * @param maxRequestLineBytes the method, the path and the query
 * @param maxHeaderBytes all headers together
 * @param headerTimeout from the connection on until a whole request line and its headers are there
 * @param idleTimeout the same for the next request of a connection, once the answer before has been handed to the connection
 * @param stallTimeout how far a client may fall behind {@code minBytesPerSecond} with a body, or with taking an answer
 * @param minBytesPerSecond what every client keeps up with; time in which this process is what it waits for does not count
 */
public record WebLimits(
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxRequestLineBytes,
        int maxHeaderBytes,
        Duration headerTimeout,
        Duration idleTimeout,
        Duration stallTimeout,
        int minBytesPerSecond) {

    private static final int MOST_CONNECTIONS = 65_536;
    private static final int LARGEST = 64 << 10;
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int FASTEST = 1 << 20;

    /** For a server with many clients and paths of up to 4,000 bytes. */
    public static final WebLimits DEFAULT = new WebLimits(
            1_024,
            256,
            16 << 10,
            16 << 10,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            1_024);

    /** Checks every value. */
    public WebLimits {
        within("maxConnections", maxConnections, 1, MOST_CONNECTIONS);
        within("maxConnectionsPerAddress", maxConnectionsPerAddress, 1, MOST_CONNECTIONS);
        within("maxRequestLineBytes", maxRequestLineBytes, 256, LARGEST);
        within("maxHeaderBytes", maxHeaderBytes, 1_024, LARGEST);
        within("headerTimeout", headerTimeout);
        within("idleTimeout", idleTimeout);
        within("stallTimeout", stallTimeout);
        within("minBytesPerSecond", minBytesPerSecond, 1, FASTEST);
    }

    /** The same with other bounds of connections. */
    public WebLimits withConnections(int most, int mostPerAddress) {
        return new WebLimits(
                most,
                mostPerAddress,
                maxRequestLineBytes,
                maxHeaderBytes,
                headerTimeout,
                idleTimeout,
                stallTimeout,
                minBytesPerSecond);
    }

    /** The same with other times. */
    public WebLimits withTimeouts(Duration header, Duration idle, Duration stall) {
        return new WebLimits(
                maxConnections,
                maxConnectionsPerAddress,
                maxRequestLineBytes,
                maxHeaderBytes,
                header,
                idle,
                stall,
                minBytesPerSecond);
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be from " + least + " to " + most + ": " + value);
        }
    }

    private static void within(String key, Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(key + " must be from 1 s to 1 h: " + value);
        }
    }
}
