package io.ferrymesh.stores.directory;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;

/** An empty directory to be made. There is nothing to stage: making one is atomic. */
record StagedDirectory(ObjectInfo info) implements StagedObject {

    static StagedDirectory of(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        if (!metadata.isEmpty()) {
            throw new StoreException(
                    StoreError.UNSUPPORTED_METADATA, info.path() + ": an empty directory has no metadata");
        }
        return new StagedDirectory(info);
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws StoreException {
        if (length > 0) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": a directory holds no bytes");
        }
    }

    @Override
    public void close() {}
}
