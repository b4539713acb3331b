package io.ferrymesh.provider.keys;

/** What lies in the database does not open: somebody changed it, or it is not this key file's. */
public final class NotSealedHereException extends RuntimeException {

    NotSealedHereException(String label) {
        super("a stored value (" + label
                + ") does not open: it was changed or moved, or was sealed under another provider's key file");
    }
}
