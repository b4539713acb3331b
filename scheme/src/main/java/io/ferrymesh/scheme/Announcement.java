package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the key centre signs what it publishes: {@code body ‖ certificate ‖ signature}, with a certificate for announcements
 * that it issued to itself. Each kind of body begins with a magic of its own, so none passes for another.
 */
final class Announcement {

    static final int TRAILER = Certificate.LENGTH + Signature.LENGTH;

    private Announcement() {}

    static byte[] sign(byte[] body, Credential announcer, SecureRandom random) {
        if (announcer.certificate().info().usage() != Usage.ANNOUNCEMENT) {
            throw new IllegalArgumentException("an announcement is signed with a certificate for announcements");
        }
        Signature signature = announcer.sign(body, random);
        return Bytes.concat(body, announcer.certificate().raw(), signature.raw());
    }

    /** The body, not verified in any way. */
    static byte[] body(byte[] signed) {
        if (signed.length < TRAILER) {
            throw new MalformedException("an announcement is too short");
        }
        return Arrays.copyOf(signed, signed.length - TRAILER);
    }

    /** Refuses unless this key centre announced the body and the certificate is valid now. */
    static void verify(String what, byte[] signed, byte[] body, KgcPublicKey kgc, long now) {
        Reader trailer = new Reader(Arrays.copyOfRange(signed, body.length, signed.length), what);
        Certificate certificate = Certificate.decode(trailer.bytes(Certificate.LENGTH));
        Signature signature = Signature.of(trailer.bytes(Signature.LENGTH));
        trailer.end();
        Optional<RefusalReason> refusal = PeerCheck.forUsage(
                        Usage.ANNOUNCEMENT, kgc, now, (pseudonym, at) -> RevocationView.Status.GOOD)
                .check(certificate);
        require(what, refusal);
        if (!SchemeVerifier.verify(kgc, certificate, body, signature)) {
            throw new RefusedException(what, RefusalReason.SIGNATURE);
        }
    }

    static void require(String what, Optional<RefusalReason> refusal) {
        if (refusal.isPresent()) {
            throw new RefusedException(what, refusal.get());
        }
    }
}
