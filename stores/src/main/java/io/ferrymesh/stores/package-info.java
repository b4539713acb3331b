/**
 * Where objects live. One blocking interface, {@link io.ferrymesh.stores.ObjectStore}, because the engine calls it from
 * its own bounded pool of lane workers, where one thread reads, hashes and seals without a hand-over in between. Nothing
 * here may enter an event loop, know of peers, keys or migrations, or hold more of a listing or an object than a buffer.
 */
@NullMarked
package io.ferrymesh.stores;

import org.jspecify.annotations.NullMarked;
