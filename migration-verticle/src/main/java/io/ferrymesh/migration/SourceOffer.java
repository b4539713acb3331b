package io.ferrymesh.migration;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectStore;
import java.time.Instant;
import java.util.Optional;

/**
 * A user's grant at the source: what may leave, to whoever else holds the key.
 *
 * @param psk taken over: the engine closes it
 * @param vouchers taken over: the engine closes it. The same whoever offers the grant, as long as it lives; with another one
 *     everything is read again
 * @param store the user's objects
 * @param prefix of the paths that may leave; empty for all
 * @param expiresAt when the grant ends unused
 * @param receipts keeps what is countersigned
 * @param owner whose it is; the process works alike for all owners
 * @param departures keeps what arrived, if that is to be erased here
 */
public record SourceOffer(
        MigrationId id,
        Psk psk,
        VoucherKey vouchers,
        ObjectStore store,
        String prefix,
        Instant expiresAt,
        ReceiptLog receipts,
        String owner,
        Optional<DepartureLog> departures) {

    /** One that erases nothing. */
    public SourceOffer(
            MigrationId id,
            Psk psk,
            VoucherKey vouchers,
            ObjectStore store,
            String prefix,
            Instant expiresAt,
            ReceiptLog receipts,
            String owner) {
        this(id, psk, vouchers, store, prefix, expiresAt, receipts, owner, Optional.empty());
    }

    /** One that shares with no other. */
    public SourceOffer(
            MigrationId id,
            Psk psk,
            VoucherKey vouchers,
            ObjectStore store,
            String prefix,
            Instant expiresAt,
            ReceiptLog receipts) {
        this(id, psk, vouchers, store, prefix, expiresAt, receipts, id.toString());
    }
}
