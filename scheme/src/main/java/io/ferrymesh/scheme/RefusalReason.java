package io.ferrymesh.scheme;

/** Why something was not trusted. For logs and counters on the refusing side only. */
public enum RefusalReason {
    /** A length, version, prefix or point is wrong. */
    MALFORMED,
    /** An authentication tag does not verify: another psk, another key, another transcript, or a changed byte. */
    TAG,
    /** The certificate, list or request is past its validity. */
    EXPIRED,
    /** The certificate, list or request is not valid yet. */
    NOT_YET_VALID,
    /** The certificate is for another use. */
    WRONG_USAGE,
    /** The certificate names, or the announcement carries, another key generation centre. */
    WRONG_KGC,
    /** The pseudonym is in the revocation log. */
    REVOKED,
    /** Nobody can say whether the pseudonym is revoked, because what is known of revocations is stale or missing. */
    REVOCATION_UNKNOWN,
    /** The peer presents the own pseudonym: a message reflected, or a stolen key. */
    OWN_PSEUDONYM,
    /** A call or message out of turn, or after the handshake ended. */
    OUT_OF_ORDER,
    /** A signature does not verify. */
    SIGNATURE,
    /** The key centre's answer is not what was asked for. */
    NOT_AS_REQUESTED,
    /** The key centre signed something that contradicts what it signed before. */
    CONTRADICTION
}
