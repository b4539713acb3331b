package io.ferrymesh.scheme;

import java.util.Optional;

/**
 * Decides whether a peer's certificate is acceptable. Called inside {@link Handshake#read} as soon as the certificate's
 * tag verified, before anything is computed with it. Must not block and must not use the handshake.
 */
@FunctionalInterface
public interface PeerCheck {

    /** The reason to refuse, if there is one. */
    Optional<RefusalReason> check(Certificate peer);

    /** Usage key agreement, this key centre, valid now and not revoked; a stale revocation log refuses. */
    static PeerCheck standard(KgcPublicKey kgc, long nowEpochSeconds, RevocationView revoked) {
        return forUsage(Usage.KEY_AGREEMENT, kgc, nowEpochSeconds, revoked);
    }

    /** As {@link #standard} for certificates of another usage. */
    static PeerCheck forUsage(Usage usage, KgcPublicKey kgc, long nowEpochSeconds, RevocationView revoked) {
        return peer -> {
            CertificateInfo info = peer.info();
            if (info.usage() != usage) {
                return Optional.of(RefusalReason.WRONG_USAGE);
            }
            if (!info.kgc().equals(kgc.tag())) {
                return Optional.of(RefusalReason.WRONG_KGC);
            }
            Optional<RefusalReason> outside = info.validity().check(nowEpochSeconds);
            return outside.isPresent() ? outside : revocation(revoked.status(info.pseudonym(), nowEpochSeconds));
        };
    }

    private static Optional<RefusalReason> revocation(RevocationView.Status status) {
        return switch (status) {
            case GOOD -> Optional.empty();
            case REVOKED -> Optional.of(RefusalReason.REVOKED);
            case UNKNOWN -> Optional.of(RefusalReason.REVOCATION_UNKNOWN);
        };
    }
}
