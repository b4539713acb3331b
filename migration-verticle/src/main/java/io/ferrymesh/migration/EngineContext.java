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
        EngineOptions options,
        EngineRuntime runtime) {

    /** One that waits and works with the Vert.x of its mesh. */
    public EngineContext(
            Mesh mesh,
            Trust trust,
            CredentialSupply credentials,
            Clock clock,
            SecureRandom random,
            EngineOptions options) {
        this(mesh, trust, credentials, clock, random, options, new VertxRuntime(mesh.vertx()));
    }
}
