package io.ferrymesh.kgc.operator;

import java.time.Instant;
import java.util.Optional;

/**
 * A master key and its time.
 *
 * @param fingerprint SHA-256 of the public key in hex: what providers pin
 * @param publicKey the 33 bytes in hex
 * @param activeFrom from when certificates are issued under it alone and handshakes use it
 * @param retires when it is not trusted any more; empty as long as it has no successor
 */
public record KeyEpochInfo(
        int number,
        String fingerprint,
        String publicKey,
        Instant announcedAt,
        Instant activeFrom,
        Optional<Instant> retires) {}
