package io.ferrymesh.provider;

/** The key centre signed something that contradicts what it signed before. The message is for the log. */
final class ContradictionException extends RuntimeException {

    ContradictionException(String message) {
        super(message);
    }
}
