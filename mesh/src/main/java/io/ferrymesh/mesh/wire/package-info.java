/**
 * The mesh's messages and their bytes: records, a strict bounded encoder and decoder (docs/wire.md, Messages). No event
 * bus, no state, no clock.
 */
@NullMarked
package io.ferrymesh.mesh.wire;

import org.jspecify.annotations.NullMarked;
