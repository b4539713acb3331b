/**
 * The migration engine, both ends: handshake over the mesh, listing and decisions, transfer over sealed lanes,
 * verification, receipts. What it needs from a provider (credentials, revocation, stores) it takes as small interfaces.
 * Nothing of HTTP, accounts or the event bus may enter.
 */
@NullMarked
package io.ferrymesh.migration;

import org.jspecify.annotations.NullMarked;
