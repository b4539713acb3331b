package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.OperationException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;

/** Why a request was refused, as RFC 9457 problem details. The detail is for people and holds nothing secret. */
final class Problem extends RuntimeException {

    static final String MEDIA_TYPE = "application/problem+json";

    private final int status;
    private final String code;

    Problem(int status, String code, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** The request's form is wrong. */
    static Problem badRequest(String detail) {
        return new Problem(400, "BAD_REQUEST", detail);
    }

    /** Any failure. What is not a refusal becomes INTERNAL and says nothing of itself. */
    static Problem of(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof OperationException refused) {
            return new Problem(status(refused.code()), refused.code().name(), String.valueOf(refused.getMessage()));
        }
        return new Problem(500, "INTERNAL", "something failed here; the key centre's log has the details");
    }

    /** What HTTP refuses by its status alone. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> new Problem(404, "NOT_FOUND", "there is no such path; /openapi.json has those there are");
            case 405 -> new Problem(405, "METHOD_NOT_ALLOWED", "this path has no such method");
            case 413 -> new Problem(413, "BODY_TOO_LARGE", "a body has at most " + ApiRouter.MAX_BODY_BYTES + " bytes");
            case 415 -> new Problem(415, "UNSUPPORTED_MEDIA_TYPE", "a body must be application/json in UTF-8");
            case 417 -> new Problem(417, "EXPECTATION_FAILED", "Expect must be 100-continue or left out");
            default -> badRequest("the request is malformed");
        };
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("code", code)
                .put("detail", detail());
    }

    /** The one mapping of refused operations to HTTP. */
    private static int status(OperationException.Code code) {
        return switch (code) {
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case INVALID -> 422;
            case OVERLOADED -> 429;
            case UNAVAILABLE -> 503;
        };
    }
}
