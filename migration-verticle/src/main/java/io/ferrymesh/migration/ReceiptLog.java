package io.ferrymesh.migration;

import io.ferrymesh.scheme.SignedReceipt;

/** Who keeps receipts. Called on a lane worker and may block. A failure ends the session with it. */
@FunctionalInterface
public interface ReceiptLog {

    /** Keeps nothing. */
    ReceiptLog NONE = receipt -> {};

    /**
     * Takes a receipt that both have signed. When it returns, the receipt will not be lost: only then a source sends it, and a
     * destination says that it has it. At the destination the migration has completed with that.
     */
    void keep(SignedReceipt receipt);
}
