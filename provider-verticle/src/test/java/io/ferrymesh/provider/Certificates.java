package io.ferrymesh.provider;

import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.security.SecureRandom;

/** Credentials that nobody asked for. */
public final class Certificates {

    private Certificates() {}

    /** What the key centre with this key would issue. */
    public static Credential issue(
            MasterKey master, Usage usage, Pseudonym pseudonym, Validity validity, SecureRandom random) {
        var info = new CertificateInfo(
                usage, master.publicKey().tag(), pseudonym, validity.notBefore(), validity.notAfter());
        try (KeyRequest request = KeyRequest.random(random)) {
            var issued = Issuer.issue(master, info, request.publicPart(), 0, random);
            return request.accept(master.publicKey(), 0, new KeyRequest.Wanted(usage, validity), issued)
                    .orElseThrow();
        }
    }
}
