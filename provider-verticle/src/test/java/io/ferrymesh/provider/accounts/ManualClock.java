package io.ferrymesh.provider.accounts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is told to go on. */
final class ManualClock extends Clock {

    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    long seconds() {
        return now.getEpochSecond();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
