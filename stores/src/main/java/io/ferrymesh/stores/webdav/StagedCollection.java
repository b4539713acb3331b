package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;

/** An empty collection to be made. There is nothing to stage: making one is atomic. */
record StagedCollection(ObjectInfo info) implements StagedObject {

    @Override
    public void write(long position, byte[] from, int offset, int length) throws StoreException {
        if (length > 0) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": a directory holds no bytes");
        }
    }

    @Override
    public void close() {}
}
