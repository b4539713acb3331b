package io.ferrymesh.kgc;

import io.ferrymesh.kgc.registry.Heads.Head;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** What a node counts. No label names a provider. */
final class KgcMetrics {

    private final MeterRegistry meters;
    private final Counter certificates;
    private final Counter traces;
    private final Counter contradictions;
    private final Counter signingFailures;
    private final Timer issuing;
    private final AtomicLong auditEntries = new AtomicLong();
    private final AtomicLong revocations = new AtomicLong();
    private final AtomicLong signedAt = new AtomicLong();

    KgcMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.certificates = meters.counter("ferrymesh.kgc.certificates");
        this.traces = meters.counter("ferrymesh.kgc.traces");
        this.contradictions = meters.counter("ferrymesh.kgc.contradictions");
        this.issuing = meters.timer("ferrymesh.kgc.issuing");
        gauge("ferrymesh.kgc.audit.entries", auditEntries);
        gauge("ferrymesh.kgc.revocations", revocations);
        gauge("ferrymesh.kgc.signed.at", signedAt);
        this.signingFailures = meters.counter("ferrymesh.kgc.signing.failures");
    }

    private void gauge(String name, AtomicLong value) {
        Gauge unused = Gauge.builder(name, value, AtomicLong::doubleValue).register(meters);
    }

    /** A request for certificates, by its outcome: issued, replayed or the code of a refusal. */
    void request(String outcome) {
        meters.counter("ferrymesh.kgc.requests", "outcome", outcome).increment();
    }

    void issued(int count) {
        certificates.increment(count);
    }

    /** This node refused to sign, because the database contradicts what it signed before. */
    void contradicted() {
        contradictions.increment();
    }

    void traced() {
        traces.increment();
    }

    /** Signing failed, for whatever reason; what was signed before expires soon. */
    void signingFailed() {
        signingFailures.increment();
    }

    /** Where the logs stand, as this node saw them last, and when that was, in epoch seconds. */
    void standing(Head audit, Head revocation, long now) {
        signedAt.set(now);
        auditEntries.set(audit.number());
        revocations.set(revocation.number());
    }

    <T> T timed(Callable<T> work) throws Exception {
        return issuing.recordCallable(work);
    }
}
