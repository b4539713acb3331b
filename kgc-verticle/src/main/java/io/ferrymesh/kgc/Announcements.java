package io.ferrymesh.kgc;

import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Issued;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.RevocationList;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What the key centre signs: its parameters and the revocation list, both good for a short time and signed anew well before
 * it ends. They begin a little in the past, for providers whose clock is behind. The list's number goes up with every list
 * and starts over when the key centre does. Any thread; signing takes a few milliseconds of CPU.
 */
final class Announcements implements AutoCloseable {

    /** How far a provider's clock may be behind. */
    static final long BACKDATE_SECONDS = 30;

    private static final long CREDENTIAL_SECONDS = 86_400;

    private final KgcKeys keys;
    private final KgcOptions options;
    private final KgcRegistry registry;
    private final Clock clock;
    private final SecureRandom random;
    private @Nullable Credential announcer;
    private long number;
    private volatile Buffer parameters = Buffer.buffer();
    private volatile Buffer revocations = Buffer.buffer();

    Announcements(KgcKeys keys, KgcOptions options, KgcRegistry registry, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.options = options;
        this.registry = registry;
        this.clock = clock;
        this.random = random;
    }

    /** Signs both anew. */
    synchronized void refresh() {
        long now = clock.instant().getEpochSecond();
        Credential signer = announcer(now);
        parameters = Buffer.buffer(parameters(now).sign(signer, random));
        RevocationList list = RevocationList.of(++number, current(now), registry.revoked(clock.instant()));
        revocations = Buffer.buffer(list.sign(signer, random));
    }

    /** The parameters as they are announced now. */
    KgcParameters parameters(long now) {
        return new KgcParameters(
                keys.master().publicKey(),
                keys.hpke().publicKey(),
                now,
                options.validityStepSeconds(),
                options.maxValiditySeconds(),
                current(now));
    }

    Buffer signedParameters() {
        return parameters;
    }

    Buffer signedRevocations() {
        return revocations;
    }

    private Validity current(long now) {
        return new Validity(now - BACKDATE_SECONDS, now + options.announcementValiditySeconds());
    }

    private Credential announcer(long now) {
        Credential current = announcer;
        long needed = now + 2 * options.announcementValiditySeconds();
        if (current != null && current.certificate().info().notAfter() >= needed) {
            return current;
        }
        if (current != null) {
            current.close();
        }
        Credential fresh = issueToItself(new Validity(now - BACKDATE_SECONDS, needed + CREDENTIAL_SECONDS));
        announcer = fresh;
        return fresh;
    }

    private Credential issueToItself(Validity validity) {
        CertificateInfo info = new CertificateInfo(
                Usage.ANNOUNCEMENT,
                keys.master().publicKey().tag(),
                registry.own(),
                validity.notBefore(),
                validity.notAfter());
        try (KeyRequest request = KeyRequest.random(random)) {
            Issued issued = Issuer.issue(keys.master(), info, request.publicPart(), 0, random);
            var wanted = new KeyRequest.Wanted(Usage.ANNOUNCEMENT, validity);
            return request.accept(keys.master().publicKey(), 0, wanted, issued)
                    .orElseThrow(() -> new IllegalStateException("the key centre refused its own certificate"));
        }
    }

    @Override
    public synchronized void close() {
        if (announcer != null) {
            announcer.close();
        }
    }
}
