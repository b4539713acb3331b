package io.ferrymesh.provider.node;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.retry.RetryListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Counts what a store tries again, from when there is something to count in. Any thread. */
final class StoreRetries implements RetryListener {

    private volatile @Nullable MeterRegistry meters;

    /** The store is opened before there is anybody to count. */
    void countIn(MeterRegistry registry) {
        meters = registry;
    }

    @Override
    public void retrying(String operation, StoreError error) {
        MeterRegistry known = meters;
        if (known != null) {
            known.counter(
                            "ferrymesh.store.retries",
                            "operation",
                            operation,
                            "error",
                            error.name().toLowerCase(Locale.ROOT))
                    .increment();
        }
    }
}
