package io.ferrymesh.kgc.operator;

/** Why an operation was refused. Nothing was changed, except that a refusal for lack of a role is in the audit log, one a second of each operator. */
public final class OperationException extends RuntimeException {

    /** The kinds of refusal. */
    public enum Code {
        /** Nobody known asks. */
        UNAUTHENTICATED,
        /** The operator's role does not allow it. */
        FORBIDDEN,
        /** What was asked makes no sense; the message says what would. */
        INVALID,
        /** There is no such thing. */
        NOT_FOUND,
        /** It contradicts what is there. */
        CONFLICT,
        /** Too much, or too many. */
        OVERLOADED,
        /** The database does not answer; whether the operation was done must be looked up. */
        UNAVAILABLE
    }

    private final Code code;

    public OperationException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** The kind of refusal. */
    public Code code() {
        return code;
    }
}
