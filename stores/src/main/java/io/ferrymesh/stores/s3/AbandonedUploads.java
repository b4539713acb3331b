package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * Multipart uploads that nobody completed. A server does not say who began one, so only the age of the upload and of its parts tells
 * one that a process left behind when it died from one that goes on, which a large object over a slow line may do for weeks.
 */
record AbandonedUploads(Bucket bucket, String prefix) {

    private static final int MOST_PAGES = 100;

    /** Aborts those below the prefix that are older and to which nothing was added since. One that cannot be aborted stays for the next time. */
    void abort(Duration age) throws StoreException {
        Instant before = Instant.now().minus(age);
        String afterKey = null;
        String afterUpload = null;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            ListMultipartUploadsResponse page = page(afterKey, afterUpload);
            if (page == null) {
                return;
            }
            for (MultipartUpload upload : page.uploads()) {
                if (upload.initiated() != null
                        && upload.initiated().isBefore(before)
                        && upload.key().startsWith(prefix)
                        && !goesOn(upload, before)) {
                    abort(upload);
                }
            }
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                return;
            }
            afterKey = page.nextKeyMarker();
            afterUpload = page.nextUploadIdMarker();
        }
    }

    /** Null where the credentials may not list uploads or the server cannot: then there are none to abort. */
    private @Nullable ListMultipartUploadsResponse page(@Nullable String afterKey, @Nullable String afterUpload)
            throws StoreException {
        try {
            return Futures.await(bucket.uploads(prefix, afterKey, afterUpload));
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_READABLE || S3Failures.isNotImplemented(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Whether a part has come since a time, or nobody can say so. */
    private boolean goesOn(MultipartUpload upload, Instant since) {
        int after = 0;
        try {
            for (int pages = 0; pages < MOST_PAGES; pages++) {
                ListPartsResponse page =
                        Futures.await(bucket.parts(upload.key(), "an unfinished upload", upload.uploadId(), after));
                if (anySince(page.parts(), since)) {
                    return true;
                }
                Integer next = page.nextPartNumberMarker();
                if (!Boolean.TRUE.equals(page.isTruncated()) || next == null) {
                    return false;
                }
                after = next;
            }
            return false;
        } catch (StoreException e) {
            return true;
        }
    }

    static boolean anySince(List<Part> parts, Instant since) {
        return parts.stream()
                .anyMatch(part ->
                        part.lastModified() != null && part.lastModified().isAfter(since));
    }

    private void abort(MultipartUpload upload) {
        try {
            var unused = Futures.await(bucket.abort(upload.key(), "an unfinished upload", upload.uploadId()));
        } catch (StoreException e) {
            // it stays for the next time
        }
    }
}
