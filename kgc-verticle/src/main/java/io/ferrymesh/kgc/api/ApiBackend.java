package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.Operator;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Function;

/**
 * What the API asks; it calls all but the metrics on worker threads.
 *
 * @param operators who a token belongs to
 * @param operations what one operator can do
 * @param health throws if the database does not answer
 * @param meters shown at {@code /metrics}; the API's own are added to them
 */
public record ApiBackend(
        Authenticator operators,
        Function<Operator, KgcOperations> operations,
        Runnable health,
        PrometheusMeterRegistry meters) {}
