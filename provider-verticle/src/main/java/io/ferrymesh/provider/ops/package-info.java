/**
 * What operators see of a provider and do to it: whether it works ({@link io.ferrymesh.provider.ops.Health}), what it counts
 * ({@link io.ferrymesh.provider.ops.Metrics}), both on a port of their own
 * ({@link io.ferrymesh.provider.ops.ManagementServer}), and how it ends ({@link io.ferrymesh.provider.ops.Shutdown}). Nothing
 * of accounts, objects or migrations enters; they hand in what they have to say.
 */
@NullMarked
package io.ferrymesh.provider.ops;

import org.jspecify.annotations.NullMarked;
