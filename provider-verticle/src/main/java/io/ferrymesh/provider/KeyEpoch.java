package io.ferrymesh.provider;

import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcParameters.Successor;
import io.ferrymesh.scheme.KgcPublicKey;
import java.util.Optional;

/**
 * One of the key centre's keys, as far as it is known. Times are in epoch seconds. Scheme, What the KGC publishes.
 *
 * @param number the first key has 1, its successor 2
 * @param activeFrom from then on handshakes use this key; 0 for the one the provider was configured with
 * @param parameters the last heard; none before the successor itself has been asked
 */
record KeyEpoch(
        KgcPublicKey kgc,
        long number,
        long activeFrom,
        Optional<KgcParameters> parameters,
        Optional<Successor> successor) {

    boolean isActive(long now) {
        return now >= activeFrom;
    }

    /** Whether the key centre issues under this key: as long as the next one is not active. */
    boolean issues(long now) {
        return successor.map(next -> now < next.activeFrom()).orElse(true);
    }

    /** Whether this key is not trusted any more. */
    boolean isRetired(long now) {
        return successor.map(next -> now > next.retires()).orElse(false);
    }

    @Override
    public String toString() {
        return "key epoch " + number + " (" + kgc.fingerprint() + ")";
    }
}
