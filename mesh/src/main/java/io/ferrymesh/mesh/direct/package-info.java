/**
 * Direct connections: the listener, dialling, the proof of the token by both ends, and messages on the socket. Decides nothing
 * about streams, which are the same whichever way they take.
 */
@NullMarked
package io.ferrymesh.mesh.direct;

import org.jspecify.annotations.NullMarked;
