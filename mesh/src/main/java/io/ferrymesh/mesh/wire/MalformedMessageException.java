package io.ferrymesh.mesh.wire;

/** These bytes are no message of this version. Says what is wrong, never repeats the bytes. */
public final class MalformedMessageException extends Exception {

    public MalformedMessageException(String message) {
        super(message);
    }
}
