package io.ferrymesh.provider.engine;

import io.ferrymesh.stores.ObjectInfo;
import java.util.Optional;

/**
 * An object that is at the destination, as the source knows it.
 *
 * @param listed as it was when its digest was made
 * @param etag what the source's store called the content that was read in this run; empty when nothing was read, because the
 *     object had arrived before
 */
public record Departed(ObjectInfo listed, Optional<String> etag) {}
