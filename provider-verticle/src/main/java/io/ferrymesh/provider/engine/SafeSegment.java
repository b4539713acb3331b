package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Voucher;

/**
 * A segment that is at the destination, and verified.
 *
 * @param segment from 0
 * @param digest the segment's
 * @param voucher with which the source knows its own digest again
 */
public record SafeSegment(int segment, Digest digest, Voucher voucher) {}
