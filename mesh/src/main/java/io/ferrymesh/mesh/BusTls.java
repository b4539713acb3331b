package io.ferrymesh.mesh;

import java.nio.file.Path;
import java.time.Instant;

/**
 * With what members prove themselves to each other on the event bus, in PEM. There is none whose files do not fit each
 * other: the key is the certificate's, and the authorities vouch for the certificate now. Whoever has a certificate of
 * theirs is a member; which one, and at which host, is not asked.
 *
 * @param certificate the chain, the process's own first, good for servers and clients
 * @param key its RSA or EC key, PKCS#8 without a passphrase
 * @param authorities the certificates of those who vouch
 */
public record BusTls(Path certificate, Path key, Path authorities) {

    /** What the three are called in a refusal. */
    record Names(String certificate, String key, String authorities) {}

    private static final Names OWN = new Names("busTls.certificate", "busTls.key", "busTls.authorities");

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException with what the file is for, the file, and what would be right
     */
    public BusTls {
        check(OWN, certificate, key, authorities);
    }

    /** The same, with refusals under other names. */
    static BusTls of(Names names, Path certificate, Path key, Path authorities) {
        check(names, certificate, key, authorities);
        return new BusTls(certificate, key, authorities);
    }

    private static void check(Names names, Path certificate, Path key, Path authorities) {
        BusTlsChecks.check(
                new PemFile(names.certificate(), certificate),
                new PemFile(names.key(), key),
                new PemFile(names.authorities(), authorities),
                Instant.now());
    }
}
