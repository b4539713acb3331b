package io.ferrymesh.provider.node;

import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;

/** What a provider has no say in: the time, chance, and who counts what it does. */
public record ProviderRuntime(Clock clock, SecureRandom random, MeterRegistry meters) {}
