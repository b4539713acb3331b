package io.ferrymesh.migration;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import java.security.SecureRandom;
import java.time.Clock;

/** What the engine works with and does not own. */
public record EngineContext(
        Mesh mesh,
        KgcPublicKey kgc,
        CredentialSupply credentials,
        RevocationView revocation,
        Clock clock,
        SecureRandom random,
        EngineOptions options) {}
