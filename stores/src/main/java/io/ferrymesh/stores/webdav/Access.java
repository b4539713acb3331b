package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.StoreError;

/** What is asked of the server, for telling what a refusal means. */
enum Access {
    READ(StoreError.NOT_READABLE),
    WRITE(StoreError.NOT_WRITABLE);

    private final StoreError refused;

    Access(StoreError refused) {
        this.refused = refused;
    }

    StoreError refused() {
        return refused;
    }
}
