package io.ferrymesh.provider.service;

import java.time.Instant;
import java.util.Optional;

/**
 * A change of state that is kept.
 *
 * @param number counts within the migration from 1
 */
public record MigrationEvent(long number, Instant at, MigrationView.State state, Optional<FailureView> failure) {}
