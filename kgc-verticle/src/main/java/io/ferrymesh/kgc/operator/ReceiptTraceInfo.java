package io.ferrymesh.kgc.operator;

import java.util.Optional;

/**
 * Who signed a receipt, each side by its pseudonym of the handshake and by that of its signing certificate.
 *
 * @param migration the migration's id in hex
 * @param consistent whether, on either side, both pseudonyms are the same provider's
 * @param auditEntry the entry that says who asked, and why
 */
public record ReceiptTraceInfo(String migration, Side source, Side destination, boolean consistent, long auditEntry) {

    /** One side of a migration. */
    public record Side(Optional<TraceInfo.TracedProvider> handshake, Optional<TraceInfo.TracedProvider> signature) {}
}
