package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;
import java.time.Instant;

/**
 * What a user allows to leave this provider.
 *
 * @param psk closed by the caller as soon as {@link MigrationEngine#offer} returns
 * @param prefix what the paths of the objects that may leave start with; empty for all
 * @param expiresAt when nobody may claim it any more
 * @param receipts keeps what is countersigned here
 */
public record GrantOffer(
        MigrationId id, Psk psk, ObjectStore store, String prefix, Instant expiresAt, ReceiptLog receipts) {}
