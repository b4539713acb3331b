package io.ferrymesh.migration;

import io.ferrymesh.mesh.Mesh;
import java.security.SecureRandom;
import java.time.Clock;

/** What the engine works with and does not own. */
public record EngineContext(
        Mesh mesh,
        Trust trust,
        CredentialSupply credentials,
        Clock clock,
        SecureRandom random,
        EngineOptions options) {}
