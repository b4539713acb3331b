package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
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

    /** The request's form or content is wrong. */
    static Problem badRequest(String detail) {
        return new Problem(400, "BAD_REQUEST", detail);
    }

    /** Nothing there, or nothing of this user's: the two look the same. */
    static Problem notFound() {
        return new Problem(404, "NOT_FOUND", "there is nothing of yours here");
    }

    /** What is asked for contradicts what is there. */
    static Problem conflict(String detail) {
        return new Problem(409, ErrorCode.CONFLICT.name(), detail);
    }

    /** Any failure. What is not a refusal becomes INTERNAL and says nothing of itself. */
    static Problem of(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof MeshException mesh && mesh.code() != ErrorCode.INTERNAL) {
            return new Problem(status(mesh.code()), mesh.code().name(), detail(mesh.code()));
        }
        return new Problem(500, ErrorCode.INTERNAL.name(), "something failed here; the provider's log has the details");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title(status))
                .put("status", status)
                .put("code", code)
                .put("detail", getMessage());
    }

    /** The one mapping of the project's error codes to HTTP. */
    static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_MESSAGE -> 400;
            case GRANT_UNKNOWN -> 404;
            case CONFLICT, CANCELLED, SOURCE_CHANGED, DIGEST_MISMATCH, UNSUPPORTED_PATH -> 409;
            case OVERLOADED, QUOTA_EXCEEDED, RATE_LIMITED -> 429;
            case NOT_ENROLLED, REVOKED, KEY_RETIRED, UNAVAILABLE -> 503;
            case HANDSHAKE_REFUSED, PEER_LOST, SOURCE_UNREADABLE -> 502;
            case DESTINATION_FULL -> 507;
            case DESTINATION_FAILED, INTERNAL -> 500;
        };
    }

    /** What a code means to a user; exceptions' own messages stay in the log. */
    static String detail(ErrorCode code) {
        return switch (code) {
            case INVALID_MESSAGE -> "the request could not be understood";
            case UNAVAILABLE -> "a process this needs does not answer";
            case PEER_LOST -> "the other provider went away";
            case CANCELLED -> "it was cancelled";
            case OVERLOADED -> "too much at once; try again later";
            case NOT_ENROLLED -> "this provider is not enrolled";
            case QUOTA_EXCEEDED -> "this provider has used up its pseudonyms for now";
            case RATE_LIMITED -> "this provider asks for pseudonyms too often; try again later";
            case REVOKED -> "a certificate was revoked";
            case KEY_RETIRED -> "this provider must be given the key centre's new fingerprint";
            case HANDSHAKE_REFUSED -> "the two providers could not agree; check that both were given the same grant";
            case GRANT_UNKNOWN -> "the other provider does not wait for this migration";
            case SOURCE_CHANGED -> "the source changed while it was read";
            case SOURCE_UNREADABLE -> "the source cannot be read";
            case DIGEST_MISMATCH -> "what was read and what was written differ";
            case CONFLICT -> "the destination has another object of that name";
            case UNSUPPORTED_PATH -> "the destination cannot hold an object of that name";
            case DESTINATION_FULL -> "the destination has no room";
            case DESTINATION_FAILED -> "the destination's store failed";
            case INTERNAL -> "something failed; the log of the process that says so has the details";
        };
    }

    private static String title(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }
}
