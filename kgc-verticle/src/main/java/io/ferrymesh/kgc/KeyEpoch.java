package io.ferrymesh.kgc;

import io.ferrymesh.kgc.keys.EpochKeys;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcPublicKey;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One master key and its time, in epoch seconds.
 *
 * @param activeFrom from when handshakes use it
 * @param successor which key follows, and when this one retires then
 */
record KeyEpoch(
        EpochKeys keys,
        IssuanceServer server,
        long announcedAt,
        long activeFrom,
        Optional<KgcParameters.Successor> successor) {

    int number() {
        return keys.number();
    }

    KgcPublicKey key() {
        return keys.publicKey();
    }

    OptionalLong retiresAt() {
        return successor.isPresent() ? OptionalLong.of(successor.get().retires()) : OptionalLong.empty();
    }

    /** Whether what was issued under it is still trusted. */
    boolean live(long now) {
        return retiresAt().isEmpty() || now <= retiresAt().getAsLong();
    }

    /** Whether certificates are issued under it: from its announcement until its successor is active. */
    boolean issues(long now) {
        return successor.isEmpty() || now < successor.get().activeFrom();
    }
}
