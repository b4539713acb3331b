package io.ferrymesh.scheme;

import java.security.SecureRandom;

/** One key centre and what it issued, the same in every run. Times are around {@link #NOW}. */
final class Fixture {

    static final long NOW = 1_700_000_000L;
    static final Validity VALIDITY = new Validity(NOW - 100, NOW + 100);
    static final RevocationView NOBODY = (pseudonym, now) -> RevocationView.Status.GOOD;

    final SecureRandom random = Seeded.random(1);
    final MasterKey master = MasterKey.generate(random);
    final KgcPublicKey kgc = master.publicKey();
    final TraceKey trace = TraceKey.generate(random);
    final MigrationId id = MigrationId.random(random);
    final Psk psk = Psk.random(random);
    final Credential destination = credential(Usage.KEY_AGREEMENT, 1);
    final Credential source = credential(Usage.KEY_AGREEMENT, 2);

    Credential credential(Usage usage, long provider) {
        return credential(usage, provider, VALIDITY);
    }

    Credential credential(Usage usage, long provider, Validity validity) {
        Pseudonym name = trace.seal(provider, usage.code());
        if (usage == Usage.ANNOUNCEMENT) {
            return Issuer.announcer(master, name, validity, random);
        }
        var info = new CertificateInfo(usage, kgc.tag(), name, validity.notBefore(), validity.notAfter());
        try (var request = KeyRequest.random(random)) {
            Issued issued = Issuer.issue(master, info, request.publicPart(), 3, random);
            return request.accept(kgc, 3, new KeyRequest.Wanted(usage, validity), issued)
                    .orElseThrow();
        }
    }

    HandshakeSetup setup(Credential own) {
        return setup(own, PeerCheck.standard(kgc, NOW, NOBODY));
    }

    HandshakeSetup setup(Credential own, PeerCheck check) {
        return new HandshakeSetup(kgc, id, psk, own, check, random);
    }

    /** A completed handshake, both ends. */
    Pair completed() {
        var pair = new Pair(Handshake.destination(setup(destination)), Handshake.source(setup(source)));
        byte[] none = {};
        for (int message = 1; message <= 3; message++) {
            byte[] unused = pair.advance(none);
        }
        return pair;
    }

    /** Both ends of one handshake. */
    static final class Pair {

        final Handshake destination;
        final Handshake source;
        int written;

        Pair(Handshake destination, Handshake source) {
            this.destination = destination;
            this.source = source;
        }

        Handshake writer(int message) {
            return message == 2 ? source : destination;
        }

        Handshake reader(int message) {
            return message == 2 ? destination : source;
        }

        /** The next message, written but not read. */
        byte[] write(byte[] payload) {
            return writer(++written).write(payload);
        }

        /** The next message, written and read. */
        byte[] advance(byte[] payload) {
            byte[] message = write(payload);
            return reader(written).read(message);
        }
    }
}
