package io.ferrymesh.keyfile;

/** A key file, or its passphrase, that cannot be used. The message names the file and says what would help. */
public final class KeyFileException extends Exception {

    /** What is wrong. */
    public enum Reason {
        /** The passphrase is too short, too long or holds characters a key file cannot take. */
        BAD_PASSPHRASE,
        /** The passphrase is well formed and not this file's. */
        WRONG_PASSPHRASE,
        /** The passphrase is right and the file is not as it was written. */
        ALTERED,
        /** It is something else, or damaged beyond recognition. */
        NOT_A_KEY_FILE,
        /** There is a file already; it is never overwritten. */
        EXISTS,
        /** It cannot be read or written. */
        IO
    }

    private final Reason reason;

    /** With what would help. */
    public KeyFileException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** With what would help, and what was thrown. */
    public KeyFileException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
