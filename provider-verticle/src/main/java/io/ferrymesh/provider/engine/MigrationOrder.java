package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;

/**
 * A migration a user wants to arrive here.
 *
 * @param psk closed by the caller as soon as {@link MigrationEngine#begin} returns
 * @param objects keeps what became of each object
 * @param receipts keeps the receipt
 */
public record MigrationOrder(MigrationId id, Psk psk, ObjectStore store, ObjectLog objects, ReceiptLog receipts) {}
