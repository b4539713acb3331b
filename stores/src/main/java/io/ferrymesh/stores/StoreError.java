package io.ferrymesh.stores;

/** Why a store could not do something. */
public enum StoreError {
    NOT_FOUND,
    EXISTS,
    NOT_READABLE,
    NOT_WRITABLE,
    UNSUPPORTED_PATH,
    FULL,
    IO_ERROR
}
