package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.IssuanceRequest;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Requester;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.TraceKey;
import io.ferrymesh.scheme.Validity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is enrolled, what they were issued and what was revoked. In memory: a restart forgets all of it, and nothing issued
 * before can be refilled or traced then. Serial numbers begin at the time of the start, so a pseudonym never comes twice as
 * long as the clock does not go back. Refusals are {@link MeshException}s and change nothing. Any thread.
 */
public final class KgcRegistry implements RevocationView {

    /** Most request ids remembered; each for as long as its request could be replayed. */
    static final int MAX_REMEMBERED_REQUESTS = 100_000;

    private record RequestKey(long provider, IssuanceRequest.Id id) {}

    /** Leave to issue: to whom, and under which pseudonyms, one a certificate. */
    record Admission(Provider provider, List<Pseudonym> pseudonyms) {}

    private final KgcOptions options;
    private final TraceKey trace;
    private final long firstSerial;
    private long nextSerial;
    private long nextProvider = 1;
    private final EnrolmentTokens tokens = new EnrolmentTokens();
    private final Map<Long, ProviderRecord> providers = new LinkedHashMap<>();
    private final Map<RequestKey, Instant> requests = new LinkedHashMap<>();
    private final Revocations revocations = new Revocations();

    KgcRegistry(KgcOptions options, TraceKey trace, Instant startedAt) {
        this.options = options;
        this.trace = trace;
        this.firstSerial = startedAt.toEpochMilli() << 20;
        this.nextSerial = firstSerial;
    }

    synchronized void addToken(Digest tokenSha256, String providerName, Instant now) {
        tokens.add(tokenSha256, providerName, now.plusSeconds(options.tokenValiditySeconds()), now);
    }

    /** Decides over a request whose form, proof and validity are in order. Spends the token, or charges the quota. */
    synchronized Admission admit(Requester requester, IssuanceRequest request, Instant now) {
        requireRoom(now);
        ProviderRecord provider = requester instanceof Requester.NewProvider fresh
                ? enrol(fresh.tokenDigest(), request, now)
                : enrolled((Requester.Enrolled) requester);
        RequestKey key = new RequestKey(provider.provider.number(), request.id());
        requireNew(key);
        requireQuota(provider, request.count(), now);
        provider.prune(now.getEpochSecond());
        provider.charge(request.count(), epoch(now));
        requests.put(key, now);
        List<Pseudonym> pseudonyms = new ArrayList<>(request.count());
        for (int i = 0; i < request.count(); i++) {
            pseudonyms.add(next(provider, request.validity()));
        }
        return new Admission(provider.provider, pseudonyms);
    }

    /** A pseudonym of the key centre itself, which is provider 0. */
    synchronized Pseudonym own() {
        return trace.seal(0, nextSerial++);
    }

    /** Who goes by this pseudonym; empty if it was not issued here since the start. */
    synchronized Optional<Provider> trace(Pseudonym pseudonym) {
        return find(pseudonym).map(found -> found.provider);
    }

    /** Every provider, in the order of enrolment. */
    synchronized List<Provider> providers() {
        return providers.values().stream().map(each -> each.provider).toList();
    }

    /** Revokes one pseudonym, whether or not it was issued since the start. */
    synchronized void revoke(Pseudonym pseudonym, Instant now) {
        revocations.add(pseudonym, now.getEpochSecond() + options.maxValiditySeconds());
    }

    /**
     * Revokes what a provider holds, each certificate until it expires, and issues nothing to it any more. Returns how many that
     * were. Where the list cannot take all of them it takes what it can and fails with OVERLOADED.
     */
    synchronized int revokeProvider(long number, Instant now) {
        ProviderRecord provider = Optional.ofNullable(providers.get(number))
                .orElseThrow(() -> new IllegalArgumentException("there is no provider " + number));
        provider.revoked = true;
        Map<Long, Long> held = provider.unexpired(now.getEpochSecond());
        int room = revocations.room(now.getEpochSecond());
        held.entrySet().stream()
                .limit(room)
                .forEach(each -> revocations.add(trace.seal(number, each.getKey()), each.getValue()));
        if (held.size() > room) {
            throw new MeshException(
                    ErrorCode.OVERLOADED,
                    "the revocation list is full: %d of %d certificates of provider %d are not on it"
                            .formatted(held.size() - room, held.size(), number));
        }
        return held.size();
    }

    synchronized List<Pseudonym> revoked(Instant now) {
        return revocations.unexpired(now.getEpochSecond());
    }

    /** The registry's own word is always current. */
    @Override
    public synchronized Status status(Pseudonym pseudonym, long nowEpochSeconds) {
        return revocations.contains(pseudonym) ? Status.REVOKED : Status.GOOD;
    }

    /** Checks everything before the token is spent. */
    private ProviderRecord enrol(Digest tokenSha256, IssuanceRequest request, Instant now) {
        if (providers.size() >= options.maxProviders()) {
            throw new MeshException(ErrorCode.OVERLOADED, "there are " + options.maxProviders() + " providers");
        }
        if (request.count() > options.certificatesPerEpoch()) {
            throw overQuota("an enrolment");
        }
        String name = tokens.spend(tokenSha256, now);
        ProviderRecord record = new ProviderRecord(new Provider(nextProvider++, name));
        providers.put(record.provider.number(), record);
        return record;
    }

    private ProviderRecord enrolled(Requester.Enrolled requester) {
        ProviderRecord provider = find(requester.signer().pseudonym())
                .orElseThrow(() -> new MeshException(
                        ErrorCode.NOT_ENROLLED, "the signing certificate is not from since the last start"));
        if (provider.revoked) {
            throw new MeshException(ErrorCode.REVOKED, "provider " + provider.provider.number() + " is revoked");
        }
        return provider;
    }

    private Optional<ProviderRecord> find(Pseudonym pseudonym) {
        TraceKey.Opened opened = trace.open(pseudonym);
        boolean issued = opened.serial() >= firstSerial && opened.serial() < nextSerial;
        @Nullable ProviderRecord provider = issued ? providers.get(opened.provider()) : null;
        return Optional.ofNullable(provider);
    }

    /** Forgets requests that are too old to be taken again; they are in the order in which they came. */
    private void requireRoom(Instant now) {
        Instant forgotten = now.minusSeconds(2 * IssuanceServer.MAX_SKEW_SECONDS);
        Iterator<Instant> oldest = requests.values().iterator();
        while (oldest.hasNext() && oldest.next().isBefore(forgotten)) {
            oldest.remove();
        }
        if (requests.size() >= MAX_REMEMBERED_REQUESTS) {
            throw new MeshException(ErrorCode.OVERLOADED, "too many requests to remember");
        }
    }

    private void requireNew(RequestKey key) {
        if (requests.containsKey(key)) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE, "request " + key.id() + " came before, otherwise sealed");
        }
    }

    private void requireQuota(ProviderRecord provider, int count, Instant now) {
        if (!provider.fits(count, options.certificatesPerEpoch(), epoch(now))) {
            throw overQuota("provider " + provider.provider.number());
        }
    }

    private MeshException overQuota(String who) {
        return new MeshException(
                ErrorCode.QUOTA_EXCEEDED, who + " asks for more than " + options.certificatesPerEpoch() + " an epoch");
    }

    private Pseudonym next(ProviderRecord provider, Validity validity) {
        long serial = nextSerial++;
        provider.issued(serial, validity.notAfter());
        return trace.seal(provider.provider.number(), serial);
    }

    private long epoch(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), options.epochSeconds());
    }
}
