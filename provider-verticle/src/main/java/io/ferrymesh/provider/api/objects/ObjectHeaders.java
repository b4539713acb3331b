package io.ferrymesh.provider.api.objects;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.web.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is said of an object besides its bytes, in headers both ways. */
final class ObjectHeaders {

    static final String MODIFIED = "X-Ferrymesh-Modified";
    static final String DEFAULT_TYPE = "application/octet-stream";

    private static final String META = "x-ferrymesh-meta-";
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private ObjectHeaders() {}

    /** Says what the object is; the status is the caller's. */
    static void describe(HttpServerResponse response, ObjectDetails details, Instant now) {
        validators(response, details, now);
        response.putHeader("Content-Type", details.metadata().contentType().orElse(DEFAULT_TYPE))
                .putHeader("Accept-Ranges", "bytes")
                .putHeader(MODIFIED, details.info().modified().toString())
                // what users keep here is data, whatever it claims to be, and no page of ours
                .putHeader("Content-Disposition", "attachment")
                .putHeader("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
        details.metadata().user().forEach((key, value) -> response.putHeader(META + key, value));
    }

    /** Only what a 304 says. */
    static void validators(HttpServerResponse response, ObjectDetails details, Instant now) {
        response.putHeader("ETag", quoted(details.etag()))
                .putHeader(
                        "Last-Modified",
                        HttpDates.format(HttpDates.lastModified(details.info().modified(), now)))
                .putHeader("Cache-Control", "private, no-cache");
    }

    static String quoted(String etag) {
        return '"' + etag + '"';
    }

    /** The metadata to keep with an object; the default content type counts as none. */
    static ObjectMetadata metadata(MultiMap headers) {
        TreeMap<String, String> user = new TreeMap<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean again = name.startsWith(META) && user.put(name.substring(META.length()), header.getValue()) != null;
            if (again) {
                throw Problem.badRequest(name + " must be given once");
            }
        }
        Optional<String> type = once(headers, "Content-Type").filter(given -> !given.equalsIgnoreCase(DEFAULT_TYPE));
        try {
            return new ObjectMetadata(type, user);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** When the object was modified, if the client says so. */
    static Optional<Instant> modified(MultiMap headers) {
        return once(headers, MODIFIED).map(text -> {
            try {
                Instant time = OffsetDateTime.parse(text).toInstant();
                if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                    return time;
                }
            } catch (DateTimeException e) {
                // said below
            }
            throw Problem.badRequest(MODIFIED + " must be an ISO 8601 time such as 2026-01-02T03:04:05.678Z");
        });
    }

    private static Optional<String> once(MultiMap headers, String name) {
        List<String> values = headers.getAll(name);
        if (values.size() > 1) {
            throw Problem.badRequest(name + " must be given once");
        }
        return values.stream().findFirst();
    }
}
