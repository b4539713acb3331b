package io.ferrymesh.provider;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** What an engine needs to shake hands: whom to trust, who to be, and whom not to trust any more. Any thread. */
public final class ProviderKeys {

    private final KgcTrust trust;
    private final CredentialPools credentials;
    private final RevocationWatch revocation;

    ProviderKeys(KgcTrust trust, CredentialPools credentials, RevocationWatch revocation) {
        this.trust = trust;
        this.credentials = credentials;
        this.revocation = revocation;
    }

    /**
     * The key centre's keys that are trusted now, the one to use first: the newest that is active, then older ones, then
     * those that are only announced; but a key without credentials comes after all that have some. Keys come when they are
     * announced and go when they are retired, so ask each time.
     */
    public List<KgcPublicKey> keys() {
        List<KgcPublicKey> sorted = new ArrayList<>();
        List<KgcPublicKey> trusted = trust.keys();
        trusted.stream().filter(credentials::isStocked).forEach(sorted::add);
        trusted.stream().filter(key -> !sorted.contains(key)).forEach(sorted::add);
        return sorted;
    }

    /** A fresh credential under this key, the caller's to close; see {@link CredentialPools#take}. */
    public Future<Credential> take(KgcPublicKey kgc, Usage usage) {
        return credentials.take(kgc, usage);
    }

    /** Credentials in stock under a key. */
    public int available(KgcPublicKey kgc, Usage usage) {
        return credentials.available(kgc, usage);
    }

    /** Who is revoked. */
    public RevocationView revocation() {
        return revocation;
    }

    /** Runs this whenever somebody was revoked, on the thread that found out. It must not block. */
    public void onRevoked(Runnable listener) {
        revocation.onRevoked(listener);
    }
}
