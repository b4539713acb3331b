package io.ferrymesh.stores;

import org.jspecify.annotations.Nullable;

/**
 * What became of one staged object.
 *
 * @param error null when it is durable and visible
 */
public record PublishOutcome(ObjectInfo info, @Nullable StoreException error) {}
