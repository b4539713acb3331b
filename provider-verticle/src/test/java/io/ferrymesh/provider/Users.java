package io.ferrymesh.provider;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Users whose stores hold nothing. */
final class Users {

    private Users() {}

    static UserAccount account(String name, String token) {
        return new UserAccount(name, Digest.sha256(token.getBytes(StandardCharsets.UTF_8)), new EmptyStore());
    }

    private static final class EmptyStore implements ObjectStore {
        @Override
        public ObjectListing list(String prefix, Optional<ObjectPath> after) {
            return new ObjectListing() {
                @Override
                public List<ListingEntry> next(int max) {
                    return List.of();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public ObjectInfo head(ObjectPath path) throws StoreException {
            throw new StoreException(StoreError.NOT_FOUND, path.toString());
        }

        @Override
        public ObjectReader open(ObjectPath path) throws StoreException {
            throw new StoreException(StoreError.NOT_FOUND, path.toString());
        }

        @Override
        public ObjectDetails details(ObjectPath path) throws StoreException {
            throw new StoreException(StoreError.NOT_FOUND, path.toString());
        }

        @Override
        public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
            throw new StoreException(StoreError.NOT_WRITABLE, info.path().toString());
        }

        @Override
        public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
            return List.of();
        }

        @Override
        public PublishOutcome replace(StagedObject staged, String etag) {
            return new PublishOutcome(staged.info(), new StoreException(StoreError.NOT_FOUND, "nothing is there"));
        }

        @Override
        public void delete(ObjectPath path) throws StoreException {
            throw new StoreException(StoreError.NOT_FOUND, path.toString());
        }

        @Override
        public void delete(ObjectPath path, String etag) throws StoreException {
            delete(path);
        }

        @Override
        public void close() {}
    }
}
