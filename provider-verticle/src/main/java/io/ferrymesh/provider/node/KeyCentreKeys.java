package io.ferrymesh.provider.node;

import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.scheme.KgcPublicKey;
import java.util.List;
import java.util.OptionalLong;

/** The key centre's public keys, for users who verify receipts. */
final class KeyCentreKeys {

    private static final long RETRY_SECONDS = 15;

    private KeyCentreKeys() {}

    /** Those that are trusted now; UNAVAILABLE while the key centre has not been reached since the start. */
    static List<KgcPublicKey> of(ProviderVerticle link) {
        try {
            return link.keys().keys();
        } catch (IllegalStateException e) {
            ServiceException away = new ServiceException(
                    ServiceError.UNAVAILABLE,
                    "the key centre has not been reached yet",
                    OptionalLong.of(RETRY_SECONDS));
            away.addSuppressed(e);
            throw away;
        }
    }
}
