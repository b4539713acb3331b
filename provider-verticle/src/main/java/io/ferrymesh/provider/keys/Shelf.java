package io.ferrymesh.provider.keys;

import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.util.Optional;

/**
 * What lies in the database under one of the key centre's keys.
 *
 * @param agreement credentials for key agreement that may be handed out
 * @param signing credentials for signing that may be handed out
 * @param signer how long the one that signs for more is valid, if there is one
 */
public record Shelf(int agreement, int signing, Optional<Validity> signer) {

    /** Nothing at all. */
    public static final Shelf EMPTY = new Shelf(0, 0, Optional.empty());

    /** Credentials of this usage that may be handed out. */
    public int stock(Usage usage) {
        return usage == Usage.SIGNING ? signing : agreement;
    }

    /** After so many of this usage more, or less, and never fewer than none. */
    public Shelf changed(Usage usage, int by) {
        return usage == Usage.SIGNING
                ? new Shelf(agreement, Math.max(0, signing + by), signer)
                : new Shelf(Math.max(0, agreement + by), signing, signer);
    }

    /** Whether something signs for more at that time. */
    public boolean hasSigner(long now) {
        return signer.filter(validity -> validity.notAfter() >= now).isPresent();
    }
}
