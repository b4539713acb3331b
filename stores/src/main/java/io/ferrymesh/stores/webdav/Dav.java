package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.Retries;
import io.ferrymesh.stores.retry.TransientFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The methods of WebDAV as the store uses them, tried again where that can help. Safe for concurrent use. */
final class Dav implements AutoCloseable {

    /** Slower uploads are given up. */
    private static final long SLOWEST_UPLOAD_BYTES_PER_S = 64 << 10;

    /** RFC 9110 section 5.6.7; the JDK's own format writes one digit where two are wanted. */
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private static final Set<Integer> MOVED_PERMANENTLY = Set.of(301, 308);

    private final HttpExchanges http;
    private final Retries retries;
    private final InstantSource clock;

    Dav(HttpExchanges http, Retries retries, InstantSource clock) {
        this.http = http;
        this.retries = retries;
        this.clock = clock;
    }

    /** The methods the server allows at a place, and whether it says that it speaks WebDAV. */
    Allowed options(URI place) throws StoreException {
        HttpRequest request =
                http.to(place).method("OPTIONS", BodyPublishers.noBody()).build();
        return call(
                "options",
                "the store's root",
                Access.READ,
                request,
                (status, headers, body) -> status == 200 || status == 204
                        ? Optional.of(new Allowed(
                                String.join(",", headers.allValues("Allow")),
                                !headers.allValues("DAV").isEmpty()))
                        : Optional.empty());
    }

    /** What is at a place; null for nothing. */
    @Nullable
    DavEntry look(Object object, URI place) throws StoreException {
        Optional<DavEntry> found =
                call("look", object, Access.READ, find(place, 0), (status, headers, body) -> switch (status) {
                    case 207 -> Optional.of(Optional.of(only(MultiStatus.of(body))));
                    case 404, 410 -> Optional.of(Optional.empty());
                    default -> redirectedCollection(place, status, headers);
                });
        return found.orElse(null);
    }

    /** How many bytes a collection still takes; empty when the server does not say. */
    OptionalLong quota(Object object, URI collection) throws StoreException {
        HttpRequest request = find(collection, 0, MultiStatus.QUOTA_REQUEST);
        return call(
                "look",
                object,
                Access.READ,
                request,
                (status, headers, body) ->
                        status == 207 ? Optional.of(MultiStatus.of(body).nextQuota()) : Optional.empty());
    }

    /**
     * Asks for the members of a collection until {@code seen} has enough. What is no collection has no members.
     *
     * @param seen told each member, says whether to go on; told the same again from the start when the answer breaks off
     * @param start called before each first one
     * @return whether the collection is there
     */
    boolean members(Object object, URI collection, Runnable start, Predicate<DavEntry> seen) throws StoreException {
        return call("list", object, Access.READ, find(collection, 1), (status, headers, body) -> {
            if (status == 404 || status == 410) {
                return Optional.of(false);
            }
            if (status != 207) {
                return Optional.empty();
            }
            start.run();
            return Optional.of(readMembers(collection, MultiStatus.of(body), seen));
        });
    }

    /** Reads a range that is within the object; empty when it is no longer the one that {@code is} looks for. */
    Optional<byte[]> read(Object object, URI place, long position, int length, Predicate<HttpHeaders> is)
            throws StoreException {
        HttpRequest request = http.to(place)
                .setHeader("Range", "bytes=" + position + "-" + (position + length - 1))
                .setHeader("Accept-Encoding", "identity")
                .GET()
                .build();
        return call("read", object, Access.READ, request, (status, headers, body) -> switch (status) {
            case 200, 206 ->
                Optional.of(is.test(headers) ? range(status, headers, body, position, length) : Optional.empty());
            case 404, 410, 412, 416 -> Optional.of(Optional.empty());
            default -> Optional.empty();
        });
    }

    /** Uploads a file, asking in both known ways for its modification time to be kept. */
    void put(Object object, URI place, Body body, long size, Instant modified, Prepare prepare) throws StoreException {
        String date = HTTP_DATE.format(modified.atOffset(ZoneOffset.UTC));
        var attempts = new AtomicInteger();
        boolean done = retries.call("write", () -> {
            if (attempts.incrementAndGet() > 1) {
                prepare.run();
            }
            HttpRequest request = http.to(place)
                    .setHeader("Date", date)
                    .setHeader("X-OC-Mtime", Long.toString(modified.getEpochSecond()))
                    .PUT(body.open())
                    .build();
            Duration upload = Duration.ofSeconds(size / SLOWEST_UPLOAD_BYTES_PER_S);
            return http.send(object, request, upload, (status, headers, answer) -> {
                if (status == 200 || status == 201 || status == 204) {
                    return true;
                }
                throw Failures.ofStatus(status, headers, Access.WRITE, object, clock);
            });
        });
        assert done;
    }

    /** Makes a collection. Gives 201 for made, 405 for something there, 409 for nothing to make it in. */
    int makeCollection(Object object, URI collection) throws StoreException {
        HttpRequest request =
                http.to(collection).method("MKCOL", BodyPublishers.noBody()).build();
        return call("write", object, Access.WRITE, request, (status, headers, body) -> switch (status) {
            case 201, 405, 409 -> Optional.of(status);
            case 301, 308 -> Optional.of(405);
            default -> Optional.empty();
        });
    }

    /** Moves a resource. Gives 201 or 204 for moved, 412 for something there, 404 and 409 for a reason to look closer. */
    int move(Object object, URI from, URI to, boolean overwrite) throws StoreException {
        HttpRequest request = http.to(from)
                .method("MOVE", BodyPublishers.noBody())
                .setHeader("Destination", to.toString())
                .setHeader("Overwrite", overwrite ? "T" : "F")
                .build();
        return call("publish", object, Access.WRITE, request, (status, headers, body) -> switch (status) {
            case 201, 204, 404, 409, 412 -> Optional.of(status);
            default -> Optional.empty();
        });
    }

    /** Deletes what is at a place, a collection with all in it; false when nothing was there. */
    boolean delete(Object object, URI place) throws StoreException {
        var attempts = new AtomicInteger();
        HttpRequest request = http.to(place).DELETE().build();
        return retries.call("delete", () -> {
            boolean first = attempts.incrementAndGet() == 1;
            return http.send(object, request, Duration.ZERO, (status, headers, body) -> switch (status) {
                case 200, 204 -> true;
                case 404, 410 -> !first; // an attempt whose answer was lost did it
                default -> throw Failures.ofStatus(status, headers, Access.WRITE, object, clock);
            });
        });
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest find(URI place, int depth) {
        return find(place, depth, MultiStatus.REQUEST);
    }

    private HttpRequest find(URI place, int depth, String properties) {
        return http.to(place)
                .method("PROPFIND", BodyPublishers.ofString(properties))
                .setHeader("Depth", Integer.toString(depth))
                .setHeader("Content-Type", "application/xml; charset=utf-8")
                .build();
    }

    /** Some servers send those who ask for a collection without its slash there. */
    private static Optional<Optional<DavEntry>> redirectedCollection(URI place, int status, HttpHeaders headers)
            throws IOException {
        String location = headers.firstValue("Location").orElse("");
        boolean isCollection = MOVED_PERMANENTLY.contains(status)
                && location.endsWith("/")
                && Arrays.equals(Places.pathOf(location), Places.pathOf(place));
        return isCollection
                ? Optional.of(Optional.of(new DavEntry(Places.pathOf(place), true, 0, Instant.EPOCH, Optional.empty())))
                : Optional.empty();
    }

    private static DavEntry only(MultiStatus answer) throws IOException {
        DavEntry entry = answer.next();
        if (entry == null) {
            throw new IOException("an answer about nothing");
        }
        return entry;
    }

    private static boolean readMembers(URI collection, MultiStatus answer, Predicate<DavEntry> seen)
            throws IOException, StoreException {
        byte[] self = Places.pathOf(collection);
        boolean found = false;
        for (DavEntry entry = answer.next(); entry != null; entry = answer.next()) {
            if (Arrays.equals(entry.path(), self)) {
                found = entry.collection();
            } else if (!entry.isIn(self)) {
                throw new StoreException(
                        StoreError.IO_ERROR, "the server lists other paths than those below the store's base");
            } else if (!seen.test(entry)) {
                return true;
            }
        }
        return found;
    }

    private static Optional<byte[]> range(int status, HttpHeaders headers, BodyStream body, long position, int length)
            throws IOException {
        boolean expected = status == 206
                ? headers.firstValue("Content-Range").orElse("").startsWith("bytes " + position + "-")
                : position == 0;
        if (!expected) {
            throw new IOException("another range than the one asked for");
        }
        byte[] bytes = body.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("only " + bytes.length + " of " + length + " bytes came");
        }
        return Optional.of(bytes);
    }

    private <T> T call(String operation, Object object, Access access, HttpRequest request, Use<T> use)
            throws StoreException {
        return retries.call(
                operation,
                () -> http.send(object, request, Duration.ZERO, (status, headers, body) -> {
                    Optional<T> result = use.of(status, headers, body);
                    if (result.isPresent()) {
                        return result.get();
                    }
                    throw Failures.ofStatus(status, headers, access, object, clock);
                }));
    }

    /** What to make of an answer, empty for a failure. */
    private interface Use<T> {
        Optional<T> of(int status, HttpHeaders headers, BodyStream body)
                throws IOException, StoreException, TransientFailure;
    }

    /** An upload's body, opened anew for each attempt. */
    interface Body {
        BodyPublisher open() throws StoreException;
    }

    /** Something to do before another attempt. */
    interface Prepare {
        void run() throws StoreException;
    }

    /** What a server allows. */
    record Allowed(String methods, boolean dav) {}
}
