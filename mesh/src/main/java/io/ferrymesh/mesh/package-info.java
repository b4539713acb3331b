/**
 * The clustered event bus as this project uses it: start-up, private addresses, requests, credit-window streams, the
 * rendezvous directory, and the one vocabulary of errors. Payloads are opaque here: no key, pseudonym, object or
 * migration may enter, and nobody outside sees the event bus.
 */
@NullMarked
package io.ferrymesh.mesh;

import org.jspecify.annotations.NullMarked;
