package io.ferrymesh.kgc;

import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;

/** What a key centre takes from its surroundings. */
public record KgcRuntime(Clock clock, SecureRandom random, MeterRegistry meters) {

    long nowSeconds() {
        return clock.instant().getEpochSecond();
    }
}
