package io.ferrymesh.scheme;

/** Bytes that are not a well-formed value of the expected type and version. Decoders throw nothing else. */
public final class MalformedException extends SchemeException {

    public MalformedException(String message) {
        super(message);
    }
}
