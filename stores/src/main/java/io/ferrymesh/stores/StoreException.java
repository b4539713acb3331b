package io.ferrymesh.stores;

/** A failure of a store. The message names the object and what was wrong, and never a path outside the store's root. */
public final class StoreException extends Exception {

    private final StoreError error;

    public StoreException(StoreError error, String message) {
        super(message);
        this.error = error;
    }

    public StoreException(StoreError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public StoreError error() {
        return error;
    }
}
