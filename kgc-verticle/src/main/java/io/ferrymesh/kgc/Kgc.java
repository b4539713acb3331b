package io.ferrymesh.kgc;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.Pseudonym;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the key centre's operator can do. Everything is logged. Any thread; revoking signs, which takes a moment. */
public final class Kgc {

    private static final Logger LOG = LoggerFactory.getLogger(Kgc.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final KgcKeys keys;
    private final KgcRegistry registry;
    private final Announcements announcements;
    private final Clock clock;
    private final SecureRandom random;

    Kgc(KgcKeys keys, KgcRegistry registry, Announcements announcements, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.registry = registry;
        this.announcements = announcements;
        this.clock = clock;
        this.random = random;
    }

    /** The public key; its fingerprint is what providers are configured with. */
    public KgcPublicKey publicKey() {
        return keys.master().publicKey();
    }

    /**
     * A fresh one-time token for a provider. Only its hash is kept; the caller closes it.
     *
     * @param providerName 1 to 64 letters, digits, dots, hyphens and underscores, for the operator and the log
     */
    public EnrolmentToken newToken(String providerName) {
        EnrolmentToken token = EnrolmentToken.random(random);
        addToken(token.digest(), providerName);
        return token;
    }

    /** Takes on a token drawn elsewhere, by its SHA-256. */
    public void addToken(Digest tokenSha256, String providerName) {
        if (!NAME.matcher(providerName).matches()) {
            throw new IllegalArgumentException(
                    "a provider's name has 1 to 64 of A-Z, a-z, 0-9, '.', '-', '_': " + providerName);
        }
        registry.addToken(tokenSha256, providerName, clock.instant());
        LOG.info("an enrolment token for {} is out", providerName);
    }

    /** Every provider that enrolled since the start. */
    public List<Provider> providers() {
        return registry.providers();
    }

    /** Revokes one pseudonym; the list says so when this returns. */
    public void revoke(Pseudonym pseudonym) {
        registry.revoke(pseudonym, clock.instant());
        announcements.refresh();
        LOG.warn("revoked pseudonym {}", pseudonym);
    }

    /** Revokes every unexpired certificate of a provider and issues nothing to it any more. Returns how many those are. */
    public int revokeProvider(long number) {
        int revoked;
        try {
            revoked = registry.revokeProvider(number, clock.instant());
        } finally {
            announcements.refresh();
        }
        LOG.warn("revoked provider {}: {} certificates", number, revoked);
        return revoked;
    }

    /**
     * Says who goes by a pseudonym; empty if it was not issued since the start.
     *
     * @param reason why it must be known; not blank, and logged with the answer
     */
    public Optional<Provider> trace(Pseudonym pseudonym, String reason) {
        if (reason.isBlank() || reason.length() > 500) {
            throw new IllegalArgumentException("a trace needs a reason of 1 to 500 characters");
        }
        Optional<Provider> provider = registry.trace(pseudonym);
        String answer = provider.map(found -> "provider " + found.number()).orElse("nobody");
        LOG.warn("traced pseudonym {} to {}, reason: {}", pseudonym, answer, reason.replaceAll("\\p{Cntrl}", " "));
        return provider;
    }
}
