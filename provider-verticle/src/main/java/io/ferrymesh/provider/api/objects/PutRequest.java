package io.ferrymesh.provider.api.objects;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.web.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a PUT asks for, all of it but the bytes.
 *
 * @param digest what the bytes must have
 */
record PutRequest(ObjectInfo info, ObjectMetadata metadata, Preconditions conditions, Optional<Digest> digest) {

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** From the headers; refuses what can be refused by looking at them. */
    static PutRequest of(HttpServerRequest request, ObjectPath path, long maxBytes, Clock clock) {
        MultiMap headers = request.headers();
        long length = length(headers, maxBytes);
        if (path.isDirectory() && length > 0) {
            throw Problem.badRequest("a path that ends in / names an empty directory, which has no bytes");
        }
        if (headers.contains("Content-Range")) {
            throw Problem.badRequest("an object is put whole: Content-Range must be left out");
        }
        if (headers.contains("Content-Encoding")) {
            throw new Problem(
                    415, "UNSUPPORTED_MEDIA_TYPE", "an object is kept as it is: Content-Encoding must be left out");
        }
        Preconditions conditions = Preconditions.of(headers);
        boolean unused = conditions.wantNothingThere(); // refuses what contradicts itself
        Instant modified =
                ObjectHeaders.modified(headers).orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MILLIS));
        ObjectMetadata metadata = ObjectHeaders.metadata(headers);
        return new PutRequest(
                new ObjectInfo(path, length, modified),
                path.isDirectory() ? new ObjectMetadata(Optional.empty(), metadata.user()) : metadata,
                conditions,
                ContentDigest.parse(headers.getAll("Content-Digest")));
    }

    private static long length(MultiMap headers, long maxBytes) {
        List<String> lengths = headers.getAll("Content-Length");
        if (lengths.size() != 1 || headers.contains("Transfer-Encoding")) {
            throw Problem.ofStatus(411);
        }
        if (!LENGTH.matcher(lengths.get(0)).matches()) {
            throw Problem.badRequest("Content-Length must be a number of bytes");
        }
        long length = Long.parseLong(lengths.get(0));
        if (length > maxBytes) {
            throw new Problem(413, "BODY_TOO_LARGE", "an object has at most " + maxBytes + " bytes here");
        }
        return length;
    }
}
