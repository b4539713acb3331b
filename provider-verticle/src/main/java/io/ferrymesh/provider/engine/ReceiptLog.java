package io.ferrymesh.provider.engine;

import io.ferrymesh.scheme.Digest;

/** Keeps receipts. Called on one of the engine's workers; may block. A failure ends the run with it. */
@FunctionalInterface
public interface ReceiptLog {

    /** Keeps nothing. */
    ReceiptLog NONE = (receipt, root) -> {};

    /**
     * Takes a receipt that both have signed. Until this returns the other end does not learn of it, so once kept it is not lost,
     * whatever happens to this process. At the destination the migration has completed with that.
     */
    void keep(byte[] receipt, Digest root);
}
