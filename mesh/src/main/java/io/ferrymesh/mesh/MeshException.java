package io.ferrymesh.mesh;

/** A failure with its code. The message is for logs and people; only the code crosses the bus. */
public final class MeshException extends RuntimeException {

    private final ErrorCode code;

    public MeshException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public MeshException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
