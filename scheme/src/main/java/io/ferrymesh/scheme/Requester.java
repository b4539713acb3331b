package io.ferrymesh.scheme;

/** Who makes an issuance request, as far as the request itself proves it. */
public sealed interface Requester {

    /** Whoever holds an enrolment token; the key centre looks its digest up and spends it. */
    record NewProvider(Digest tokenDigest) implements Requester {}

    /** The holder of a signing certificate that is valid, not revoked, and signed this request. */
    record Enrolled(Certificate signer) implements Requester {}
}
