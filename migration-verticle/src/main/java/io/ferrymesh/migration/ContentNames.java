package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;

/** What a source's vouchers say of an object's content, besides what the listing does. Workers only. */
interface ContentNames {

    /** They say nothing: a change that keeps size and time costs an old version. */
    ContentNames NONE = new ContentNames() {
        @Override
        public String read(ObjectDetails read) {
            return "";
        }

        @Override
        public Optional<String> now(ObjectInfo listed) {
            return Optional.of("");
        }
    };

    /** Of what is read now. */
    String read(ObjectDetails read);

    /** Of what is there now; empty when it is not what was listed. Fails with UNAVAILABLE when that cannot be said. */
    Optional<String> now(ObjectInfo listed);

    /** They have the store's etag: what they are for will be erased. */
    static ContentNames of(ObjectStore store) {
        return new ContentNames() {
            @Override
            public String read(ObjectDetails read) {
                return read.etag();
            }

            @Override
            public Optional<String> now(ObjectInfo listed) {
                if (listed.path().isDirectory()) {
                    return Optional.of("");
                }
                try {
                    ObjectDetails there = store.details(listed.path());
                    return Optional.of(there)
                            .filter(now -> now.info().equals(listed))
                            .map(ObjectDetails::etag);
                } catch (StoreException e) {
                    if (Outage.isOne(e)) {
                        throw new MeshException(ErrorCode.UNAVAILABLE, "the store is away", e);
                    }
                    return Optional.empty();
                }
            }
        };
    }
}
