package io.ferrymesh.mesh;

/** Where the key generation centre answers, and where it is heard unasked. Contents: docs/scheme.md. */
public final class KgcServices {

    /**
     * The signed parameters of one key epoch: public key, where to seal requests, bounds of what is issued, the successor. The
     * request is the 32-byte fingerprint of that epoch's key. Fails with KEY_RETIRED when that is not a live one.
     */
    public static final ServiceName PARAMETERS = new ServiceName("kgc.parameters");

    /** Enrolment and refills: a sealed request, a sealed reply. */
    public static final ServiceName ISSUE = new ServiceName("kgc.issue");

    /** The signed bulletin of one key epoch, asked for like the parameters. */
    public static final ServiceName BULLETIN = new ServiceName("kgc.bulletin");

    /** A page of the revocation log, not signed. The request says from where to where. */
    public static final ServiceName REVOCATIONS = new ServiceName("kgc.revocations");

    /** Signed bulletins, one for each live key epoch, every second or so and as soon as something was revoked. */
    public static final Channel BULLETINS = new Channel("kgc.bulletins");

    private KgcServices() {}
}
