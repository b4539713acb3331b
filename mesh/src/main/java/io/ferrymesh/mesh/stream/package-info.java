/**
 * Credit-window streams: what decides (windows, sequence checks, states, liveness) and nothing that moves bytes. A
 * {@link io.ferrymesh.mesh.stream.Carrier} does that; no event bus may enter. One event loop owns all of it.
 */
@NullMarked
package io.ferrymesh.mesh.stream;

import org.jspecify.annotations.NullMarked;
