package io.ferrymesh.migration;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;

/**
 * A user's grant at the destination: fetch from whoever else holds the key.
 *
 * @param psk taken over: the engine closes it
 * @param store where the user's objects go
 * @param objects keeps what became of each object
 * @param receipts keeps the receipt
 */
public record DestinationOrder(MigrationId id, Psk psk, ObjectStore store, ObjectLog objects, ReceiptLog receipts) {}
