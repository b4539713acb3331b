package io.ferrymesh.kgc;

import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.kgc.registry.TokenTable;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Requester;
import io.ferrymesh.scheme.Usage;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a request that proved what it can prove is one of somebody who may make it. Looks only, so that what is refused costs
 * no write; what it found can have changed when the certificates are made, so {@link Issuance} makes sure again. Refusals are
 * {@link MeshException}s.
 */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Registry registry;
    private final KgcOptions options;

    Admission(Registry registry, KgcOptions options) {
        this.registry = registry;
        this.options = options;
    }

    /** The number of the provider that asks for so many. */
    long provider(Requester requester, int count, long now) {
        return registry.database().read(handle -> {
            long number = requester instanceof Requester.NewProvider fresh
                    ? ofToken(handle, fresh.tokenDigest(), now)
                    : ofSigner(handle, (Requester.Enrolled) requester);
            ProviderTable.Row provider = ProviderTable.find(handle, number)
                    .orElseThrow(() -> new MeshException(ErrorCode.NOT_ENROLLED, "there is no provider " + number));
            requireAllowed(provider, count, now);
            return number;
        });
    }

    /** Why charging this provider failed. */
    MeshException refusal(Handle handle, long number, int count, long now) {
        Optional<ProviderTable.Row> provider = ProviderTable.find(handle, number);
        if (provider.isEmpty()) {
            return new MeshException(ErrorCode.NOT_ENROLLED, "there is no provider " + number);
        }
        return provider.get().revoked() ? revoked(number) : overQuota(number, count);
    }

    private long ofToken(Handle handle, Digest tokenSha256, long now) {
        TokenTable.Row token = TokenTable.find(handle, tokenSha256)
                .orElseThrow(() -> new MeshException(ErrorCode.NOT_ENROLLED, "the enrolment token is unknown"));
        requireGenuine(tokenSha256, token);
        if (token.spent() || token.expiresAt() <= now) {
            throw new MeshException(
                    ErrorCode.NOT_ENROLLED,
                    "the enrolment token of provider " + token.provider()
                            + (token.spent() ? " is spent" : " has expired"));
        }
        return token.provider();
    }

    /** A row that this key centre did not write enrols nobody, whatever it says. */
    void requireGenuine(Digest tokenSha256, TokenTable.Row token) {
        if (!registry.keyring().vouches(token.mac(), tokenSha256, token.provider(), token.expiresAt())) {
            LOG.error("somebody wrote an enrolment token of provider {} into the database", token.provider());
            throw new MeshException(ErrorCode.NOT_ENROLLED, "the enrolment token's row has no right MAC");
        }
    }

    /** So whoever stole an old master key cannot renew under a new one as somebody whose pseudonym it has seen. */
    private long ofSigner(Handle handle, Requester.Enrolled requester) {
        return registry.issued(handle, requester.signer())
                .filter(found -> found.usage() == Usage.SIGNING)
                .orElseThrow(() ->
                        new MeshException(ErrorCode.NOT_ENROLLED, "the signing certificate is not in the registry"))
                .provider();
    }

    private void requireAllowed(ProviderTable.Row provider, int count, long now) {
        if (provider.revoked()) {
            throw revoked(provider.number());
        }
        int quota = provider.quota().orElse(options.certificatesPerEpoch());
        if (count > quota - provider.usedIn(options.quotaEpoch(now))) {
            throw overQuota(provider.number(), count);
        }
    }

    private static MeshException revoked(long provider) {
        return new MeshException(ErrorCode.REVOKED, "provider " + provider + " is revoked");
    }

    private static MeshException overQuota(long provider, int count) {
        return new MeshException(
                ErrorCode.QUOTA_EXCEEDED,
                "provider %d asks for %d certificates, which its quota does not allow in this epoch"
                        .formatted(provider, count));
    }
}
