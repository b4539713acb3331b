package io.ferrymesh.cli;

import io.ferrymesh.migration.Trust;
import io.ferrymesh.provider.ProviderKeys;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import java.util.List;

/** Whom a provider trusts, as its engine wants to ask. */
record EngineTrust(ProviderKeys provider) implements Trust {

    @Override
    public List<KgcPublicKey> keys() {
        return provider.keys();
    }

    @Override
    public RevocationView revocation() {
        return provider.revocation();
    }

    @Override
    public void onRevoked(Runnable listener) {
        provider.onRevoked(listener);
    }
}
