package io.ferrymesh.kgc.operator;

import java.util.Optional;

/**
 * Who goes by a pseudonym.
 *
 * @param pseudonym 32 hex digits
 * @param provider empty if it was never issued here
 * @param auditEntry the entry that says who asked, and why; written before the answer was looked up
 */
public record TraceInfo(String pseudonym, Optional<TracedProvider> provider, long auditEntry) {

    /** The provider, and what the certificate of that pseudonym was for. */
    public record TracedProvider(long number, String name, String usage) {}
}
