package io.ferrymesh.kgc;

import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.registry.CertificateTable.Batch;
import io.ferrymesh.kgc.registry.CertificateTable.Item;
import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.kgc.registry.ReplyTable;
import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.kgc.registry.TokenTable;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.IssuanceRequest;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.Issued;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.OpenedIssuance;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RefusalReason;
import io.ferrymesh.scheme.RefusedException;
import io.ferrymesh.scheme.Requester;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.Validity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one sealed request: opens it, checks all of it, makes the certificates with nothing held, and then, in one
 * transaction, spends what it costs and enters the reply, the certificates and the audit entry. Only after that is durable is
 * there an answer, so whatever becomes of a node, the same request gets the same reply from any of them and nothing is issued
 * twice. Every refusal is a {@link MeshException}, logged with its reason. Worker threads, several at once.
 */
final class Issuance {

    /** How long a reply is kept: longer than its request could be taken again, with a minute for the clocks of other nodes. */
    static final long KEPT_SECONDS = 2 * IssuanceServer.MAX_SKEW_SECONDS + 60;

    private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);

    private final Registry registry;
    private final KeyEpochs epochs;
    private final Serials serials;
    private final Announcements announcements;
    private final Admission admission;
    private final RateLimits limits;
    private final KgcOptions options;
    private final KgcRuntime runtime;
    private final KgcMetrics metrics;

    Issuance(
            Registry registry,
            KeyEpochs epochs,
            Serials serials,
            Announcements announcements,
            KgcOptions options,
            KgcRuntime runtime,
            KgcMetrics metrics) {
        this.registry = registry;
        this.epochs = epochs;
        this.serials = serials;
        this.announcements = announcements;
        this.admission = new Admission(registry, options);
        this.limits = new RateLimits(options);
        this.options = options;
        this.runtime = runtime;
        this.metrics = metrics;
    }

    /** The certificates of one request and everything that is written of them. */
    private record Work(
            Digest digest, OpenedIssuance opened, KeyEpoch epoch, long provider, List<Item> items, Instant now) {

        IssuanceRequest request() {
            return opened.request();
        }
    }

    /** The reply to a request, the same for the same bytes. */
    byte[] answer(byte[] sealed) {
        Digest digest = Digest.sha256(sealed);
        try {
            Optional<byte[]> before = stored(digest);
            return before.isPresent() ? replayed(before.get()) : metrics.timed(() -> answerNew(sealed, digest));
        } catch (MeshException e) {
            throw refused(e);
        } catch (DatabaseException e) {
            LOG.error("issuance failed: {}", e.getMessage());
            ErrorCode code =
                    e.kind() == DatabaseException.Kind.UNAVAILABLE ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
            throw refused(new MeshException(code, "the database failed", e));
        } catch (Exception e) {
            metrics.request(ErrorCode.INTERNAL.name());
            LOG.error("issuance failed", e);
            throw new MeshException(ErrorCode.INTERNAL, "issuance failed", e);
        }
    }

    /** Forgets replies that nobody can ask for again. */
    void forgetOld() {
        long before = runtime.nowSeconds() - KEPT_SECONDS;
        int unused = registry.database().transaction(handle -> ReplyTable.forget(handle, before));
    }

    /** What seems refused may be the same request, which another node answered meanwhile: so it looks again. */
    private byte[] answerNew(byte[] sealed, Digest digest) {
        try {
            return issue(sealed, digest);
        } catch (MeshException refusal) {
            return replayed(stored(digest).orElseThrow(() -> refusal));
        }
    }

    private byte[] issue(byte[] sealed, Digest digest) {
        Instant now = runtime.clock().instant();
        long seconds = now.getEpochSecond();
        try {
            KeyEpoch epoch = epochs.issuing(IssuanceServer.tag(sealed), seconds)
                    .orElseThrow(() -> new MeshException(
                            ErrorCode.KEY_RETIRED, "nothing is issued under the key epoch that is asked"));
            List<KgcPublicKey> trusted = epochs.trusted(seconds);
            try (OpenedIssuance opened = epoch.server().open(sealed, seconds, this::status, trusted)) {
                return issue(opened, epoch, digest, now);
            }
        } catch (MalformedException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "malformed: " + e.getMessage(), e);
        } catch (RefusedException e) {
            ErrorCode code = e.reason() == RefusalReason.REVOKED ? ErrorCode.REVOKED : ErrorCode.INVALID_MESSAGE;
            throw new MeshException(code, "refused: " + e.reason(), e);
        }
    }

    private byte[] issue(OpenedIssuance opened, KeyEpoch epoch, Digest digest, Instant now) {
        IssuanceRequest request = opened.request();
        requireGranted(epoch, request.validity(), now.getEpochSecond());
        long provider = admission.provider(opened.requester(), request.count(), now.getEpochSecond());
        countTowardsRate(opened.requester(), provider, now.toEpochMilli());
        long serial = serials.take(request.count());
        List<Issued> issued = opened.issue(
                epoch.keys().master(), registry.pseudonyms(provider, serial, request.count()), runtime.random());
        List<Item> items =
                registry.items(serial, issued.stream().map(Issued::certificate).toList());
        byte[] reply = opened.reply(issued, runtime.random());
        Work work = new Work(digest, opened, epoch, provider, items, now);
        int count = registry.database().transaction(handle -> enter(handle, work, reply));
        metrics.request("issued");
        metrics.issued(count);
        LOG.info("provider {}: {} certificates", provider, count);
        return reply;
    }

    /** Whole steps, no longer than the maximum, and valid now: nothing is issued for the past or in advance. */
    private void requireGranted(KeyEpoch epoch, Validity asked, long now) {
        boolean allowed = announcements.parameters(epoch, now).allows(asked) && asked.notAfter() > now;
        if (!allowed || asked.notBefore() > now + IssuanceServer.MAX_SKEW_SECONDS) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "this validity is not granted");
        }
    }

    private void countTowardsRate(Requester requester, long provider, long nowMs) {
        if (requester instanceof Requester.NewProvider) {
            limits.enrolment(nowMs);
        } else {
            limits.request(provider, nowMs);
        }
    }

    /**
     * All or nothing. The reply's row comes first: where two nodes have the same request, the second finds it and stops. The
     * provider's row orders issuing with its revocation, and the audit log with that of the signing certificate.
     */
    private int enter(Handle handle, Work work, byte[] reply) {
        IssuanceRequest request = work.request();
        long now = work.now().getEpochSecond();
        if (!ReplyTable.insert(handle, work.digest(), work.provider(), request.id(), now, reply)) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE, "request " + request.id() + " came before, otherwise sealed");
        }
        spend(handle, work, now);
        long quotaEpoch = options.quotaEpoch(now);
        int quota = options.certificatesPerEpoch();
        if (!ProviderTable.charge(handle, work.provider(), request.count(), quotaEpoch, quota)) {
            throw admission.refusal(handle, work.provider(), request.count(), now);
        }
        audit(handle, work);
        return request.count();
    }

    private void spend(Handle handle, Work work, long now) {
        if (work.opened().requester() instanceof Requester.NewProvider fresh) {
            TokenTable.Row token = TokenTable.spend(handle, fresh.tokenDigest(), now)
                    .filter(spent -> spent.provider() == work.provider())
                    .orElseThrow(
                            () -> new MeshException(ErrorCode.NOT_ENROLLED, "the enrolment token was spent meanwhile"));
            admission.requireGenuine(fresh.tokenDigest(), token);
        }
    }

    private void audit(Handle handle, Work work) {
        if (work.opened().requester() instanceof Requester.NewProvider) {
            AuditLog.Place enrolled = AuditLog.next(handle);
            String holder = registry.keyring().holder(enrolled.seq(), work.provider());
            enrolled.write(work.now(), Actors.PROVIDER, "provider.enrolled", Map.of("holder", holder));
        }
        AuditLog.Place place = AuditLog.next(handle);
        requireUnrevoked(handle, work.opened().requester());
        Validity validity = work.request().validity();
        Batch batch = new Batch(work.provider(), work.epoch().number(), validity, place.seq());
        Map<String, Object> details = Registry.enter(handle, batch, work.items());
        details.put("holder", registry.keyring().holder(place.seq(), work.provider()));
        details.put("request", work.request().id().hex());
        place.write(work.now(), Actors.PROVIDER, "certificates.issued", details);
    }

    private static void requireUnrevoked(Handle handle, Requester requester) {
        if (requester instanceof Requester.Enrolled enrolled
                && RevocationTable.contains(handle, enrolled.signer().pseudonym())) {
            throw new MeshException(ErrorCode.REVOKED, "the signing certificate was revoked meanwhile");
        }
    }

    /** The registry's own word is always current. */
    private RevocationView.Status status(Pseudonym pseudonym, long now) {
        boolean revoked = registry.database().read(handle -> RevocationTable.contains(handle, pseudonym));
        return revoked ? RevocationView.Status.REVOKED : RevocationView.Status.GOOD;
    }

    private Optional<byte[]> stored(Digest digest) {
        return registry.database().read(handle -> ReplyTable.find(handle, digest));
    }

    private byte[] replayed(byte[] reply) {
        metrics.request("replayed");
        return reply;
    }

    private MeshException refused(MeshException refusal) {
        metrics.request(refusal.code().name());
        LOG.info("issuance refused: {}: {}", refusal.code(), refusal.getMessage());
        return refusal;
    }
}
