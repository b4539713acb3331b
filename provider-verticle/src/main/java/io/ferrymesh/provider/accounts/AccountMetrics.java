package io.ferrymesh.provider.accounts;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What accounts count. No label names anybody. */
final class AccountMetrics {

    /** How an attempt ended. */
    enum Outcome {
        OK,
        REFUSED
    }

    private final MeterRegistry meters;
    private final Counter reused;

    AccountMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.reused = meters.counter("ferrymesh.accounts.refresh.reused");
    }

    void login(Sessions.Method method, Outcome outcome) {
        meters.counter("ferrymesh.accounts.logins", "method", label(method), "outcome", label(outcome))
                .increment();
    }

    void registered(Sessions.Method method) {
        meters.counter("ferrymesh.accounts.registrations", "method", label(method))
                .increment();
    }

    void throttled() {
        meters.counter("ferrymesh.accounts.throttled").increment();
    }

    /** A refresh token came twice. */
    void reused() {
        reused.increment();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
