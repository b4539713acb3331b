package io.ferrymesh.mesh;

/** Where the key generation centre answers. */
public final class KgcServices {

    /** The signed parameters: public key, where to seal requests, bounds of what is issued. The request is empty. */
    public static final ServiceName PARAMETERS = new ServiceName("kgc.parameters");

    /** Enrolment and refills: a sealed request, a sealed reply. */
    public static final ServiceName ISSUE = new ServiceName("kgc.issue");

    /** The signed revocation list as it stands. The request is empty. */
    public static final ServiceName REVOCATIONS = new ServiceName("kgc.revocations");

    private KgcServices() {}
}
