package io.ferrymesh.provider.engine;

import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectStore;
import java.util.OptionalLong;

/**
 * A migration a user wants to arrive here.
 *
 * @param psk closed by the caller as soon as {@link MigrationEngine#begin} returns
 * @param options how it goes
 * @param bytesPerSecond how fast it may be at first; empty for as fast as can be
 * @param journal keeps what became of each object, and brings it back in the next run
 * @param receipts keeps the receipt
 * @param owner whose it is: what runs at once gets on alike for all owners
 */
public record MigrationOrder(
        MigrationId id,
        Psk psk,
        ObjectStore store,
        MigrationOptions options,
        OptionalLong bytesPerSecond,
        Journal journal,
        ReceiptLog receipts,
        String owner) {}
