package io.ferrymesh.scheme;

/** Anything a peer, a key centre or a file can provoke by sending wrong bytes. Never a programming error. */
public abstract class SchemeException extends RuntimeException {

    protected SchemeException(String message) {
        super(message);
    }
}
