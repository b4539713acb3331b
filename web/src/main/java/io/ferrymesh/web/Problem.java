package io.ferrymesh.web;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a request was refused, as RFC 9457 problem details with a code. The detail is for people: it names what was wrong and
 * what would be right, and holds nothing secret. Immutable.
 */
public final class Problem extends RuntimeException {

    /** What it is sent as. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private final int status;
    private final String code;
    private final transient Map<String, String> headers;

    /** Without headers of its own but those that its status needs: who to be for 401, when again for 429. */
    public Problem(int status, String code, String detail) {
        this(status, code, detail, defaults(status));
    }

    private Problem(int status, String code, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.headers = headers;
    }

    /** The request's form is wrong. */
    public static Problem badRequest(String detail) {
        return new Problem(400, "BAD_REQUEST", detail);
    }

    /** A defect; the log has it, the client does not. */
    public static Problem internal() {
        return new Problem(500, "INTERNAL", "something failed here; the server's log has the details");
    }

    /** What HTTP refuses by its status alone; 400 for a status that is not among those. */
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> new Problem(404, "NOT_FOUND", "there is no such path; the API's document has those there are");
            case 405 -> new Problem(405, "METHOD_NOT_ALLOWED", "this path has no such method");
            case 411 -> new Problem(411, "LENGTH_REQUIRED", "Content-Length must say how long the body is");
            case 413 -> new Problem(413, "BODY_TOO_LARGE", "the body is larger than this path takes");
            case 415 -> new Problem(415, "UNSUPPORTED_MEDIA_TYPE", "a body must be application/json in UTF-8");
            case 417 -> new Problem(417, "EXPECTATION_FAILED", "Expect must be 100-continue or left out");
            default -> badRequest("the request is malformed");
        };
    }

    /** The same with one more header, or with another value of it. */
    public Problem with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Problem(status, code, detail(), Map.copyOf(more));
    }

    /** The same, saying when it may be tried again. */
    public Problem retryAfter(long seconds) {
        return with("Retry-After", String.valueOf(seconds));
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The body. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("code", code)
                .put("detail", detail());
    }

    private static Map<String, String> defaults(int status) {
        return switch (status) {
            case 401 -> Map.of("WWW-Authenticate", "Bearer");
            case 429 -> Map.of("Retry-After", "1");
            default -> Map.of();
        };
    }
}
