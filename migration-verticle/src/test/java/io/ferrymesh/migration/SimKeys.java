package io.ferrymesh.migration;

import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.List;

/** A key centre of a simulated world, which everybody trusts and which issues at once; nobody is revoked. */
final class SimKeys {

    private final SimWorld world;
    private final SecureRandom secrets;
    private final MasterKey master;
    private final TraceKey trace;
    /** How many credentials were issued. */
    long serial;

    SimKeys(SimWorld world, SecureRandom secrets) {
        this.world = world;
        this.secrets = secrets;
        this.master = MasterKey.generate(secrets);
        this.trace = TraceKey.generate(secrets);
    }

    Trust trust() {
        return new Trust() {
            @Override
            public List<KgcPublicKey> keys() {
                return List.of(master.publicKey());
            }

            @Override
            public RevocationView revocation() {
                return (pseudonym, now) -> RevocationView.Status.GOOD;
            }

            @Override
            public void onRevoked(Runnable listener) {
                // nobody is revoked here
            }
        };
    }

    Future<Credential> credential(KgcPublicKey kgc, Usage usage) {
        long now = world.clock().instant().getEpochSecond();
        Validity validity = new Validity(now - 60, now + 86_400);
        CertificateInfo info = new CertificateInfo(
                usage, kgc.tag(), trace.seal(1, ++serial), validity.notBefore(), validity.notAfter());
        try (KeyRequest request = KeyRequest.random(secrets)) {
            return Future.succeededFuture(request.accept(
                            kgc,
                            0,
                            new KeyRequest.Wanted(usage, validity),
                            Issuer.issue(master, info, request.publicPart(), 0, secrets))
                    .orElseThrow());
        }
    }
}
