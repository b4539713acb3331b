package io.ferrymesh.provider.service;

/**
 * What became, at the source, of objects that a grant lets leave for good.
 *
 * @param objects that are erased
 * @param bytes of them
 * @param kept that have changed since they were sent, and stay
 * @param failed that could not be erased, however often it was tried
 */
public record MovedView(State state, long objects, long bytes, long kept, long failed) {

    /** How far that is. */
    public enum State {
        /** Nothing is erased before both ends have signed and the destination has the receipt. */
        PENDING,
        ERASING,
        DONE
    }
}
