package io.ferrymesh.benchmarks.crypto;

import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.HandshakeResult;
import io.ferrymesh.scheme.HandshakeSetup;
import io.ferrymesh.scheme.Issued;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.PeerCheck;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.security.SecureRandom;
import java.time.Instant;

/** A key centre, a grant and two enrolled providers, and complete handshakes between the two. */
final class SchemePair {

    private static final byte[] NOTHING = {};
    private static final long HOUR = 3_600;

    final SecureRandom random = new SecureRandom();
    final MasterKey master = MasterKey.generate(random);
    final KgcPublicKey kgc = master.publicKey();
    private final TraceKey trace = TraceKey.generate(random);
    final Credential source = credential(Usage.KEY_AGREEMENT, 1);
    final Credential destination = credential(Usage.KEY_AGREEMENT, 2);

    private final MigrationId id = MigrationId.random(random);
    private final Psk psk = Psk.random(random);

    /** What both ends hold after a handshake, and how many bytes passed between them. */
    record Session(HandshakeResult source, HandshakeResult destination, int wireBytes) implements AutoCloseable {

        @Override
        public void close() {
            source.close();
            destination.close();
        }
    }

    /** What a key centre certifies, valid now. */
    CertificateInfo info(Usage usage, long provider) {
        long now = Instant.now().getEpochSecond();
        return new CertificateInfo(usage, kgc.tag(), trace.seal(provider, usage.code()), now - HOUR, now + HOUR);
    }

    Credential credential(Usage usage, long provider) {
        CertificateInfo info = info(usage, provider);
        try (KeyRequest request = KeyRequest.random(random)) {
            Issued issued = Issuer.issue(master, info, request.publicPart(), 0, random);
            var wanted = new KeyRequest.Wanted(usage, new Validity(info.notBefore(), info.notAfter()));
            return request.accept(kgc, 0, wanted, issued)
                    .orElseThrow(() -> new IllegalStateException("the certificate is not as requested"));
        }
    }

    /** Both sides' work for one migration: three messages, each side checks and reconstructs the other's certificate. */
    Session handshake() {
        try (Handshake calling = Handshake.destination(setup(destination));
                Handshake answering = Handshake.source(setup(source))) {
            byte[] first = calling.write(NOTHING);
            requireKnock(first);
            byte[] unused1 = answering.read(first);
            byte[] second = answering.write(NOTHING);
            byte[] unused2 = calling.read(second);
            byte[] third = calling.write(NOTHING);
            byte[] unused3 = answering.read(third);
            int bytes = first.length + second.length + third.length;
            return new Session(answering.result(), calling.result(), bytes);
        }
    }

    /** What a real source does before it spends a credential: a tag, which the handshake then checks once more. */
    private void requireKnock(byte[] first) {
        if (!Handshake.isFirstMessage(kgc, id, psk, first)) {
            throw new IllegalStateException("the first message does not open");
        }
    }

    private HandshakeSetup setup(Credential own) {
        long now = Instant.now().getEpochSecond();
        PeerCheck check = PeerCheck.standard(kgc, now, (pseudonym, at) -> RevocationView.Status.GOOD);
        return new HandshakeSetup(kgc, id, psk, own, check, random);
    }
}
