package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.OperationException;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One validated request and what its operator can do. */
record Call(KgcOperations operations, ValidatedRequest request) {

    private static final long DEFAULT_LIMIT = 100;

    /** The provider in the path. */
    long number() {
        return integer(request.getPathParameters(), "number", 0);
    }

    long after() {
        return integer(request.getQuery(), "after", 0);
    }

    int limit() {
        return Math.toIntExact(integer(request.getQuery(), "limit", DEFAULT_LIMIT));
    }

    /** A string that the document requires. */
    String text(String field) {
        return body().getString(field);
    }

    /** An integer that the document requires. */
    long integer(String field) {
        return body().getLong(field);
    }

    OptionalInt optionalInt(String field) {
        Integer value = body().getInteger(field);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    OptionalLong optionalLong(String field) {
        Long value = body().getLong(field);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** Bytes in Base64, exactly so many. */
    byte[] bytes(String field, int length) {
        String text = text(field);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == length) {
                return bytes;
            }
            throw invalid(field + " must be " + length + " bytes in Base64, not " + bytes.length);
        } catch (IllegalArgumentException e) {
            throw invalid(field + " must be " + length + " bytes in Base64: " + e.getMessage());
        }
    }

    private JsonObject body() {
        return request.getBody().getJsonObject();
    }

    private static long integer(Map<String, RequestParameter> parameters, String name, long otherwise) {
        @Nullable RequestParameter value = parameters.get(name);
        return value == null || value.isNull() ? otherwise : value.getLong();
    }

    private static OperationException invalid(String what) {
        return new OperationException(OperationException.Code.INVALID, what);
    }
}
