package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.writing.Binding;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * Starts objects, and takes up those that are kept: multipart uploads, whose parts the server lists. An object of a single part
 * is not kept, as the server has nothing of it. Safe for concurrent use.
 */
final class S3Staging {

    private static final int MOST_PARTS = 10_000;

    /** Size of the largest object. */
    static final long MOST_BYTES = (long) S3StoreOptions.LARGE_PARTS * MOST_PARTS;

    /** Who has what in this process, by token. */
    private static final Map<String, S3Staged> LIVE = new ConcurrentHashMap<>();

    private final S3StoreOptions options;
    private final Bucket bucket;
    private final Keys keys;
    private final Buffers writing;
    private final SecureRandom random = new SecureRandom();
    private final Set<S3Staged> open = ConcurrentHashMap.newKeySet();

    S3Staging(S3StoreOptions options, Bucket bucket, Keys keys, Buffers writing) {
        this.options = options;
        this.bucket = bucket;
        this.keys = keys;
        this.writing = writing;
    }

    S3Staged stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return start(target(info, metadata, publication(), partSize(info)));
    }

    /** Begins the upload at once, as the token names it. */
    S3Staged stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        S3Staged staged = stage(info, metadata);
        Target target = staged.target();
        if (target.isSinglePart()) {
            return staged;
        }
        try {
            String upload = Futures.await(staged.upload());
            String token = new UploadToken(
                            target.publication(),
                            target.partSize(),
                            options.checksums(),
                            Binding.of(info, metadata),
                            upload)
                    .text();
            if (token.length() <= ObjectStore.MAX_TOKEN) {
                live(token, staged);
            }
            return staged;
        } catch (StoreException | RuntimeException e) {
            staged.close();
            throw e;
        }
    }

    S3Staged resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        UploadToken kept = UploadToken.parse(token)
                .filter(each -> each.checksums() == options.checksums()
                        && info.size() > each.partSize()
                        && info.size() <= (long) each.partSize() * MOST_PARTS
                        && MessageDigest.isEqual(each.binding(), Binding.of(info, metadata)))
                .orElseThrow(() -> notKept(info.path(), Optional.empty()));
        Target target = target(info, metadata, kept.publication(), kept.partSize());
        Optional.ofNullable(LIVE.get(token)).ifPresent(StagedObject::detach);
        Map<Integer, CompletedPart> parts;
        try {
            parts = parts(target, kept.upload());
        } catch (StoreException e) {
            throw isNone(e) ? notKept(info.path(), Optional.of(e)) : e;
        }
        if (parts.isEmpty()) { // what some servers say of an upload that is gone
            discard(info.path(), token);
            throw notKept(info.path(), Optional.empty());
        }
        S3Staged staged = start(target);
        staged.resume(kept.upload(), parts);
        live(token, staged);
        return staged;
    }

    void discard(ObjectPath path, String token) throws StoreException {
        Optional<UploadToken> kept = UploadToken.parse(token);
        if (kept.isEmpty()) {
            return;
        }
        S3Staged live = LIVE.get(token);
        if (live != null && live.info().path().equals(path)) {
            live.detach();
        }
        try {
            var unused =
                    Futures.await(bucket.abort(keys.of(path), path, kept.get().upload()));
        } catch (StoreException e) {
            if (!isNone(e)) {
                throw e;
            }
        }
    }

    /** Whether there is no such upload, or the server does not take it for the id of one. */
    private static boolean isNone(StoreException failure) {
        return failure.error() == StoreError.NOT_FOUND || S3Failures.isInvalid(failure);
    }

    /** Lets go of what is kept, and discards the rest. */
    void close() {
        List.copyOf(open).forEach(StagedObject::detach);
    }

    private Target target(ObjectInfo info, ObjectMetadata metadata, String publication, int partSize)
            throws StoreException {
        ObjectHeaders.check(info.path(), metadata);
        return new Target(
                info,
                keys.ofNew(info.path()),
                ObjectHeaders.typeToSend(info.path(), metadata),
                ObjectHeaders.toSend(info.modified(), metadata, publication),
                publication,
                partSize);
    }

    private S3Staged start(Target target) {
        var staged = new S3Staged(target, bucket, writing, this::gone);
        open.add(staged);
        return staged;
    }

    private static void live(String token, S3Staged staged) {
        staged.keep(token);
        S3Staged before = LIVE.put(token, staged);
        if (before != null) {
            before.detach(); // two took it up at once
        }
    }

    private void gone(S3Staged staged) {
        open.remove(staged);
        staged.token().ifPresent(token -> LIVE.remove(token, staged));
    }

    /** The parts that the server has, as long as they ought to be. */
    private Map<Integer, CompletedPart> parts(Target target, String upload) throws StoreException {
        var parts = new HashMap<Integer, CompletedPart>();
        int after = 0;
        while (true) {
            ListPartsResponse page =
                    Futures.await(bucket.parts(target.key(), target.info().path(), upload, after));
            for (Part part : page.parts()) {
                int number = part.partNumber() - 1;
                if (number >= 0 && number < MOST_PARTS && part.size() == target.lengthOf(number)) {
                    parts.put(
                            number,
                            CompletedPart.builder()
                                    .partNumber(part.partNumber())
                                    .eTag(part.eTag())
                                    .checksumCRC32C(part.checksumCRC32C())
                                    .build());
                }
            }
            Integer next = page.nextPartNumberMarker();
            if (!Boolean.TRUE.equals(page.isTruncated()) || next == null || next <= after) {
                return parts;
            }
            after = next;
        }
    }

    private int partSize(ObjectInfo info) throws StoreException {
        if (info.size() <= (long) options.partSize() * MOST_PARTS) {
            return options.partSize();
        }
        if (info.size() <= MOST_BYTES) {
            return S3StoreOptions.LARGE_PARTS;
        }
        throw new StoreException(
                StoreError.NOT_WRITABLE, info.path() + ": an object has at most " + MOST_BYTES + " bytes here");
    }

    private String publication() {
        byte[] name = new byte[8];
        random.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }

    private static StoreException notKept(ObjectPath path, Optional<StoreException> cause) {
        String message = path + ": nothing is kept of it";
        return cause.isEmpty()
                ? new StoreException(StoreError.NOT_FOUND, message)
                : new StoreException(StoreError.NOT_FOUND, message, cause.get());
    }
}
