package io.ferrymesh.scheme;

/** A frame that is not the next one its sender sealed for this lane. Fatal for the lane's session. */
public final class SealBrokenException extends SchemeException {

    SealBrokenException() {
        super("the frame's seal is broken");
    }
}
