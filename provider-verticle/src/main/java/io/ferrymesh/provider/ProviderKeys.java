package io.ferrymesh.provider;

import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;

/** What an engine needs to shake hands: whom to trust, who to be, and whom not to trust any more. */
public record ProviderKeys(KgcPublicKey kgc, CredentialPool credentials, RevocationView revocation) {}
