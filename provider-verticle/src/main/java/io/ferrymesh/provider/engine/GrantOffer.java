package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectStore;
import java.time.Instant;
import java.util.Optional;

/**
 * What a user allows to leave this provider.
 *
 * @param psk closed by the caller as soon as {@link MigrationEngine#offer} returns
 * @param vouchers closed by the caller likewise. The same in every process of this provider, as long as the grant lives
 * @param prefix what the paths of the objects that may leave start with; empty for all
 * @param expiresAt when nobody may claim it any more
 * @param receipts keeps what is countersigned here
 * @param owner whose it is: what runs at once gets on alike for all owners
 * @param departures keeps what arrived, if that is to be erased here
 */
public record GrantOffer(
        MigrationId id,
        Psk psk,
        VoucherKey vouchers,
        ObjectStore store,
        String prefix,
        Instant expiresAt,
        ReceiptLog receipts,
        String owner,
        Optional<DepartureLog> departures) {}
