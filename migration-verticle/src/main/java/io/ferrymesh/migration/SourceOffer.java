package io.ferrymesh.migration;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;
import java.time.Instant;

/**
 * A user's grant at the source: what may leave, to whoever else holds the key.
 *
 * @param psk taken over: the engine closes it
 * @param store the user's objects
 * @param prefix of the paths that may leave; empty for all
 * @param expiresAt when the grant ends unused
 * @param receipts keeps what is countersigned
 */
public record SourceOffer(
        MigrationId id, Psk psk, ObjectStore store, String prefix, Instant expiresAt, ReceiptLog receipts) {}
