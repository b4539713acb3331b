package io.ferrymesh.provider.api.exchange;

import io.micrometer.core.instrument.MeterRegistry;

/** How many requests were answered how. Says nothing of who asked for what. */
public record Counts(MeterRegistry meters) {

    /** One more: "none" for what is no operation of the document. */
    public void answered(String operation, int status) {
        meters.counter("ferrymesh_provider_api_requests", "operation", operation, "status", String.valueOf(status))
                .increment();
    }
}
