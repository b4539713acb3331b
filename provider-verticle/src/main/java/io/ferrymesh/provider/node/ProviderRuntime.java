package io.ferrymesh.provider.node;

import io.ferrymesh.provider.ops.Metrics;
import java.security.SecureRandom;
import java.time.Clock;

/** What a provider has no say in: the time, chance, and who counts what it does. */
public record ProviderRuntime(Clock clock, SecureRandom random, Metrics metrics) {}
