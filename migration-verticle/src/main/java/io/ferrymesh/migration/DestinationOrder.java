package io.ferrymesh.migration;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;

/**
 * A user's grant at the destination: fetch from whoever else holds the key.
 *
 * @param psk taken over: the engine closes it
 * @param store where the user's objects go
 * @param journal keeps what became of each object, and brings it back in the next run
 * @param receipts keeps the receipt
 * @param options how it is to be done
 * @param owner whose it is; the process works alike for all owners
 */
public record DestinationOrder(
        MigrationId id,
        Psk psk,
        ObjectStore store,
        Journal journal,
        ReceiptLog receipts,
        TransferOptions options,
        String owner) {

    /** One that shares with no other. */
    public DestinationOrder(
            MigrationId id, Psk psk, ObjectStore store, Journal journal, ReceiptLog receipts, TransferOptions options) {
        this(id, psk, store, journal, receipts, options, id.toString());
    }

    /** The same with {@link TransferOptions#DEFAULTS}. */
    public DestinationOrder(MigrationId id, Psk psk, ObjectStore store, Journal journal, ReceiptLog receipts) {
        this(id, psk, store, journal, receipts, TransferOptions.DEFAULTS);
    }
}
