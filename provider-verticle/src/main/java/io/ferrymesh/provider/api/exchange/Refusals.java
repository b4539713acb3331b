package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Seldom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one mapping of what services and stores refuse to HTTP. */
public final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long STORE_RETRY_SECONDS = 5;

    private static final Map<StoreError, Seldom> SAID = new ConcurrentHashMap<>();

    private Refusals() {}

    /** Any failure. What is not a refusal is logged, becomes INTERNAL and says nothing of itself. */
    public static Problem of(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof ServiceException refused) {
            return service(refused);
        }
        if (failure instanceof StoreException refused) {
            return store(refused);
        }
        LOG.error("a request failed", failure);
        return Problem.internal();
    }

    private static Problem service(ServiceException refused) {
        String detail = String.valueOf(refused.getMessage());
        int status =
                switch (refused.error()) {
                    case UNAUTHENTICATED -> 401;
                    case FORBIDDEN -> 403;
                    case NOT_FOUND -> 404;
                    case CONFLICT -> 409;
                    case PRECONDITION_FAILED -> 412;
                    case INVALID, UNSUPPORTED, DIGEST_MISMATCH -> 422;
                    case THROTTLED -> 429;
                    case OVERLOADED, UNAVAILABLE -> 503;
                    case QUOTA_EXCEEDED, STORE_FULL -> 507;
                };
        Problem problem = new Problem(status, refused.error().name(), detail);
        boolean again = status == 429 || status == 503;
        return again ? problem.retryAfter(refused.retryAfterSeconds().orElse(1)) : problem;
    }

    private static Problem store(StoreException refused) {
        String detail = String.valueOf(refused.getMessage());
        return switch (refused.error()) {
            case NOT_FOUND -> new Problem(404, "NOT_FOUND", detail);
            case EXISTS -> new Problem(409, "CONFLICT", detail);
            case CHANGED -> new Problem(412, "PRECONDITION_FAILED", detail);
            case NOT_READABLE, NOT_WRITABLE -> new Problem(403, "FORBIDDEN", detail);
            case UNSUPPORTED_PATH, UNSUPPORTED_METADATA -> new Problem(422, "UNSUPPORTED", detail);
            case FULL -> new Problem(507, "STORE_FULL", detail);
            case THROTTLED -> later("OVERLOADED", "the store asks for fewer requests", refused);
            case UNAVAILABLE, IO_ERROR ->
                later("UNAVAILABLE", "the store does not work; the log has the details", refused);
        };
    }

    /** Said now and then: while a store is away, every request comes by here. */
    private static Problem later(String code, String detail, StoreException cause) {
        SAID.computeIfAbsent(cause.error(), error -> new Seldom())
                .happened()
                .ifPresent(more -> LOG.warn("the store failed, and {} times before that", more, cause));
        return new Problem(503, code, detail).retryAfter(STORE_RETRY_SECONDS);
    }
}
