package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A listing, a page of keys at a time. A server gives keys in the order of their bytes; one that means another order is put
 * right within a page, and across pages refused. An empty directory's key with others below it is no object.
 */
final class S3Listing implements ObjectListing {

    private static final int MOST_EMPTY_PAGES = 10_000;

    private final Bucket bucket;
    private final Keys keys;
    private final String prefix;
    private final S3Tuning tuning;
    private final Semaphore permits;
    private final Queue<ListingEntry> ready = new ArrayDeque<>();
    private @Nullable String after;
    private @Nullable String token;
    private @Nullable Found pending; // a directory, until the next key tells whether it is empty
    private byte[] last = new byte[0];
    private boolean ended;

    /** A key, less the store's prefix. */
    private static final class Found {

        private final String name;
        private final byte[] utf8;
        private final S3Object object;

        private Found(String name, S3Object object) {
            this.name = name;
            this.utf8 = name.getBytes(StandardCharsets.UTF_8);
            this.object = object;
        }

        boolean isDirectory() {
            return name.endsWith("/");
        }
    }

    S3Listing(Bucket bucket, Keys keys, String prefix, @Nullable ObjectPath after, S3Tuning tuning, Semaphore permits) {
        this.bucket = bucket;
        this.keys = keys;
        this.prefix = prefix;
        this.after = after == null ? null : keys.of(after);
        this.tuning = tuning;
        this.permits = permits;
        this.ended = !Keys.canStartPath(prefix);
    }

    @Override
    public List<ListingEntry> next(int max) throws StoreException {
        for (int pages = 0; ready.isEmpty() && !ended; pages++) {
            if (pages == MOST_EMPTY_PAGES) {
                throw new StoreException(StoreError.IO_ERROR, "listing: the server gives page after page with nothing");
            }
            readPage();
        }
        var page = new ArrayList<ListingEntry>(Math.min(max, ready.size()));
        while (page.size() < max && !ready.isEmpty()) {
            page.add(ready.remove());
        }
        return page;
    }

    @Override
    public void close() {
        ended = true;
        ready.clear();
    }

    private void readPage() throws StoreException {
        ListObjectsV2Response answer =
                Futures.await(bucket.list(keys.prefix() + prefix, after, token, tuning.listingPage()));
        List<Found> found = new ArrayList<>();
        String start = keys.prefix() + prefix;
        for (S3Object object : answer.contents()) {
            if (!object.key().startsWith(start)) {
                continue; // a server over a file system may have followed a ".." in the prefix
            }
            found.add(new Found(keys.relative(object.key()), object));
        }
        found.sort((one, other) -> Arrays.compareUnsigned(one.utf8, other.utf8));
        token = answer.nextContinuationToken();
        ended = !requireSaid(answer);
        after = null;
        give(withoutFilledDirectories(found));
    }

    /** Whether there is more. An answer that does not say so, or not where, could be taken for the end. */
    private static boolean requireSaid(ListObjectsV2Response answer) throws StoreException {
        Boolean more = answer.isTruncated();
        if (more == null || (more && answer.nextContinuationToken() == null)) {
            throw new StoreException(
                    StoreError.IO_ERROR, "listing: the server does not say whether, or where, there is more");
        }
        return more;
    }

    private List<Found> withoutFilledDirectories(List<Found> found) throws StoreException {
        var kept = new ArrayList<Found>(found.size());
        for (Found each : found) {
            if (last.length > 0 && Arrays.compareUnsigned(each.utf8, last) <= 0) {
                throw new StoreException(
                        StoreError.IO_ERROR, "listing: the server does not list in the order of bytes");
            }
            if (pending != null && !each.name.startsWith(pending.name)) {
                kept.add(pending);
            }
            pending = each.isDirectory() ? each : null;
            if (pending == null) {
                kept.add(each);
            }
        }
        if (!found.isEmpty()) {
            last = found.get(found.size() - 1).utf8;
        }
        if (ended && pending != null) {
            kept.add(pending);
            pending = null;
        }
        return kept;
    }

    private void give(List<Found> found) throws StoreException {
        if (tuning.serverTimes()) {
            found.forEach(each -> ready.add(entry(each, headersOf(each.object))));
            return;
        }
        var outcomes = Futures.all(found, permits, each -> bucket.head(each.object.key(), each.name));
        for (int i = 0; i < outcomes.size(); i++) {
            ObjectHeaders headers = outcomes.get(i).value();
            StoreException failure = outcomes.get(i).failure();
            if (headers != null) {
                ready.add(entry(found.get(i), headers));
            } else if (failure != null && failure.error() != StoreError.NOT_FOUND) {
                throw failure;
            } else {
                ready.add(new Skipped(found.get(i).name, Skipped.Reason.VANISHED));
            }
        }
    }

    private ListingEntry entry(Found found, ObjectHeaders headers) {
        try {
            ObjectPath path = ObjectPath.of(found.name);
            if (path.isDirectory() && headers.size() > 0) {
                return new Skipped(found.name, Skipped.Reason.UNSUPPORTED_NAME);
            }
            return headers.info(path, tuning.serverTimes());
        } catch (IllegalArgumentException e) {
            return new Skipped(found.name, Skipped.Reason.UNSUPPORTED_NAME);
        }
    }

    private static ObjectHeaders headersOf(S3Object object) {
        return new ObjectHeaders(object.size(), object.lastModified(), "", null, Map.of());
    }
}
