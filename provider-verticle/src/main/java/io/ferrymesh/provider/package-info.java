/**
 * One provider: its users and the HTTP API they use, the migrations they asked for, and its dealings with the key
 * generation centre. What moves the data stands behind {@link io.ferrymesh.provider.engine.MigrationEngine}; no frame, stream or
 * handshake may enter here.
 */
@NullMarked
package io.ferrymesh.provider;

import org.jspecify.annotations.NullMarked;
