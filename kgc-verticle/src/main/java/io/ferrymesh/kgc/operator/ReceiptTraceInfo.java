package io.ferrymesh.kgc.operator;

import java.util.Optional;

/**
 * Who signed a receipt, each side by its pseudonym of the handshake and by its signing certificate. Only what is as the registry
 * has it is opened: a receipt that verifies under the key centre's keys can still be the work of whoever stole one of them.
 *
 * @param migration the migration's id in hex
 * @param consistent whether, on either side, both are there and the same provider's; whoever relies on a receipt relies on this
 * @param auditEntry the entry that says who asked, and why
 */
public record ReceiptTraceInfo(String migration, Side source, Side destination, boolean consistent, long auditEntry) {

    /**
     * One side of a migration.
     *
     * @param handshake empty unless a certificate for key agreement was issued under this pseudonym
     * @param signature empty unless this very certificate was issued, for signing; one that is forged names nobody
     */
    public record Side(Optional<TraceInfo.TracedProvider> handshake, Optional<TraceInfo.TracedProvider> signature) {}
}
