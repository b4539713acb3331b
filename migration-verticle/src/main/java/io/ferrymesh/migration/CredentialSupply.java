package io.ferrymesh.migration;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;

/** Where a provider's pseudonyms come from. */
@FunctionalInterface
public interface CredentialSupply {

    /** Hands out a credential of this key that nobody else gets; whoever takes it closes it. Fails when the pool is dry. */
    Future<Credential> take(KgcPublicKey kgc, Usage usage);
}
