package io.ferrymesh.scheme;

/** What a certificate's key may be used for. Scheme, Certificates. */
public enum Usage {
    /** The handshake. */
    KEY_AGREEMENT(1),
    /** Receipts and requests to the key centre. */
    SIGNING(2),
    /** The key centre's own announcements. */
    ANNOUNCEMENT(3);

    private final int code;

    Usage(int code) {
        this.code = code;
    }

    /** The byte in a certificate. */
    public int code() {
        return code;
    }

    /** The usage of a code; an unknown one is malformed. */
    public static Usage of(int code) {
        return switch (code) {
            case 1 -> KEY_AGREEMENT;
            case 2 -> SIGNING;
            case 3 -> ANNOUNCEMENT;
            default -> throw new MalformedException("unknown usage " + code);
        };
    }
}
