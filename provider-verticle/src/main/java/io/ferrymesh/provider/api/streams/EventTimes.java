package io.ferrymesh.provider.api.streams;

import java.time.Duration;

/**
 * How often an event stream does what. Refused when bad, with the key, the value and what would be right.
 *
 * @param poll looks for what is new, and so the most often that progress is told
 * @param heartbeat says something when there is nothing to say, and sees whether its session has ended
 */
public record EventTimes(Duration poll, Duration heartbeat) {

    /** Twice a second, and every 15 seconds. */
    public static final EventTimes DEFAULT = new EventTimes(Duration.ofMillis(500), Duration.ofSeconds(15));

    /** Checks both. */
    public EventTimes {
        if (poll.toMillis() < 1) {
            throw new IllegalArgumentException("poll must be at least 1 ms: " + poll);
        }
        if (heartbeat.compareTo(poll) < 0) {
            throw new IllegalArgumentException("heartbeat must be at least poll, " + poll + ": " + heartbeat);
        }
    }
}
