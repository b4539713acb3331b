package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.Optional;

/**
 * An object that is at the destination, and verified.
 *
 * @param listed as the source listed it then
 * @param at where it is in the destination's store
 * @param modifiedHere when it was modified according to that store, or would be if the store kept all of what it was given
 * @param etag what that store calls this content; empty for an object of one segment, for which nobody asked
 * @param stored whether it was sent under this migration, and not merely there before
 * @param digest the object's
 * @param voucher of its only segment; empty for an object of several
 */
public record Arrived(
        ObjectInfo listed,
        ObjectPath at,
        Instant modifiedHere,
        Optional<String> etag,
        boolean stored,
        Digest digest,
        Optional<Voucher> voucher) {}
