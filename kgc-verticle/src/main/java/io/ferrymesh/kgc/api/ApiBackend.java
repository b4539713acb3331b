package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.OperatorDesk;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * What the API asks; it calls all but the metrics on worker threads.
 *
 * @param desk who a token belongs to, and what that operator can do
 * @param health throws if the database does not answer
 * @param meters shown at {@code /metrics}; the API's own are added to them
 */
public record ApiBackend(OperatorDesk desk, Runnable health, PrometheusMeterRegistry meters) {}
