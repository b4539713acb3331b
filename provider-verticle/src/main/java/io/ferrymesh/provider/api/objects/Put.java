package io.ferrymesh.provider.api.objects;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.scheme.CryptoProvider;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An object being put: staged, written and hashed, and published if it is what was announced. Worker threads, in order. */
final class Put implements AutoCloseable {

    /**
     * What became of it.
     *
     * @param fresh whether there was nothing before
     * @param etag empty when somebody has put something else since
     */
    record Done(boolean fresh, Digest digest, Optional<String> etag) {}

    private final PutRequest request;
    private final UserStores stores;
    private final Account account;
    private final ObjectStore store;
    private final Optional<ObjectDetails> before;
    private final StagedObject staged;
    private final MessageDigest sha256 = CryptoProvider.active().newSha256();
    private long written;

    private Put(PutRequest request, UserStores stores, Account account, Instant now) throws StoreException {
        this.request = request;
        this.stores = stores;
        this.account = account;
        this.store = stores.of(account);
        this.before = find(store, request.info().path());
        request.conditions().requireUnchanged(before, now);
        if (request.conditions().wantNothingThere() && before.isPresent()) {
            throw Preconditions.failed("If-None-Match: there is an object");
        }
        this.staged = stage();
    }

    /** Checks everything that can be checked without the bytes, and stages the object. */
    static Put begin(PutRequest request, UserStores stores, Account account, Instant now) throws StoreException {
        return new Put(request, stores, account, now);
    }

    void write(byte[] bytes) throws StoreException {
        try {
            staged.write(written, bytes, 0, bytes.length);
        } catch (StoreException e) {
            throw explained(e);
        }
        sha256.update(bytes);
        written += bytes.length;
    }

    /** Makes it visible, if it is what was announced and what is there is what the client thought. */
    Done publish() throws StoreException {
        Digest digest = Digest.of(sha256.digest());
        if (request.digest().filter(announced -> !announced.equals(digest)).isPresent()) {
            throw new ServiceException(
                    ServiceError.DIGEST_MISMATCH, "the bytes that arrived do not have the digest of Content-Digest");
        }
        boolean create = request.conditions().wantNothingThere();
        PublishOutcome outcome = request.conditions().wantUnchanged() && before.isPresent()
                ? store.replace(staged, before.get().etag())
                : store.publish(List.of(staged), create ? PublishMode.CREATE_ONLY : PublishMode.REPLACE)
                        .get(0);
        StoreException error = outcome.error();
        if (error != null) {
            throw explained(error);
        }
        return new Done(before.isEmpty(), digest, etag());
    }

    /** Discards it unless it was published. */
    @Override
    public void close() {
        staged.close();
    }

    /** The object, if it is there. */
    static Optional<ObjectDetails> find(ObjectStore store, ObjectPath path) throws StoreException {
        try {
            return Optional.of(store.details(path));
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private StagedObject stage() throws StoreException {
        ObjectMetadata metadata = request.metadata();
        try {
            return store.stage(request.info(), metadata);
        } catch (StoreException e) {
            // a content type is what clients send without being asked: not worth a refusal
            boolean dispensable = metadata.user().isEmpty() && !metadata.isEmpty();
            if (e.error() == StoreError.UNSUPPORTED_METADATA && dispensable) {
                return store.stage(request.info());
            }
            throw explained(e);
        }
    }

    /** Whether the store is full or the account's part of it, and whether it is the client who was wrong of what is there. */
    private StoreException explained(StoreException e) {
        boolean asked =
                request.conditions().wantNothingThere() || request.conditions().wantUnchanged();
        if (asked && (e.error() == StoreError.EXISTS || e.error() == StoreError.NOT_FOUND)) {
            throw Preconditions.failed("somebody else was faster: " + e.getMessage());
        }
        if (e.error() == StoreError.FULL) {
            UserStores.Usage usage = stores.usage(account);
            // there must be room for both for a moment
            if (usage.used() + stores.cost(request.info().path(), request.info().size()) > usage.quota()) {
                throw new ServiceException(
                        ServiceError.QUOTA_EXCEEDED,
                        "the account may use " + usage.quota() + " bytes, and uses " + usage.used() + " already");
            }
        }
        return e;
    }

    private Optional<String> etag() throws StoreException {
        ObjectInfo info = request.info();
        return find(store, info.path())
                .filter(there -> there.info().size() == info.size()
                        && there.info().modified().equals(info.modified()))
                .map(ObjectDetails::etag);
    }
}
