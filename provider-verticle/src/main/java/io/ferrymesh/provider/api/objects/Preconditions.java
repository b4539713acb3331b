package io.ferrymesh.provider.api.objects;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.web.Problem;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The conditions of a request, and whether they hold, in the order of RFC 9110, 13.2.2. */
record Preconditions(
        Optional<EntityTags> ifMatch,
        Optional<EntityTags> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {

    /** From the headers; refuses malformed entity tags and passes over malformed dates. */
    static Preconditions of(MultiMap headers) {
        return new Preconditions(
                tags(headers, "If-Match"),
                tags(headers, "If-None-Match"),
                HttpDates.parse(headers.get("If-Modified-Since")),
                HttpDates.parse(headers.get("If-Unmodified-Since")));
    }

    /** Whether the client has what is there already: 304. Fails with 412. */
    boolean alreadyThere(ObjectDetails details, Instant now) {
        requireUnchanged(Optional.of(details), now);
        if (ifNoneMatch.isPresent()) {
            return ifNoneMatch.get().matchesWeakly(details.etag());
        }
        return ifModifiedSince
                .filter(since ->
                        !HttpDates.lastModified(details.info().modified(), now).isAfter(since))
                .isPresent();
    }

    /** Fails with 412 unless what is there is what the client wants to replace or delete. */
    void requireUnchanged(Optional<ObjectDetails> there, Instant now) {
        if (ifMatch.isPresent()) {
            if (there.isEmpty() || !ifMatch.get().matchesStrongly(there.get().etag())) {
                throw failed(
                        there.isEmpty() ? "If-Match: there is no object" : "If-Match: the object has another ETag");
            }
        } else if (ifUnmodifiedSince.isPresent()) {
            boolean unchanged = there.map(
                            details -> HttpDates.lastModified(details.info().modified(), now))
                    .filter(modified -> !modified.isAfter(ifUnmodifiedSince.get()))
                    .isPresent();
            if (!unchanged) {
                throw failed("If-Unmodified-Since: the object was modified since, or there is none");
            }
        }
    }

    /** Whether only an object that is there, and as the client knows it, may be replaced or deleted. */
    boolean wantUnchanged() {
        return ifMatch.isPresent() || ifUnmodifiedSince.isPresent();
    }

    /** Whether nothing may be there. Refuses If-None-Match with anything but *, which no store can decide in one step. */
    boolean wantNothingThere() {
        if (ifNoneMatch.isPresent() && !ifNoneMatch.get().any()) {
            throw Problem.badRequest("If-None-Match must be * here");
        }
        if (ifNoneMatch.isPresent() && wantUnchanged()) {
            throw Problem.badRequest("If-None-Match: * contradicts If-Match and If-Unmodified-Since");
        }
        return ifNoneMatch.isPresent();
    }

    static Problem failed(String detail) {
        return new Problem(412, "PRECONDITION_FAILED", detail);
    }

    private static Optional<EntityTags> tags(MultiMap headers, String name) {
        List<String> values = headers.getAll(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(EntityTags.parse(name, String.join(", ", values)));
    }
}
