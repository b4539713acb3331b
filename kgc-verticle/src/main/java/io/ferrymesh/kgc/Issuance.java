package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.IssuanceServer;
import io.ferrymesh.scheme.Issued;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.OpenedIssuance;
import io.ferrymesh.scheme.RefusalReason;
import io.ferrymesh.scheme.RefusedException;
import io.ferrymesh.scheme.Requester;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one sealed request: opens it, checks all of it, and only then spends a token or a quota and issues. Every refusal
 * is a {@link MeshException} and is logged by its reason. Worker thread, several at once.
 */
final class Issuance {

    private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);

    private final KgcKeys keys;
    private final KgcRegistry registry;
    private final Announcements announcements;
    private final Clock clock;
    private final SecureRandom random;
    private final IssuanceServer server;

    Issuance(KgcKeys keys, KgcRegistry registry, Announcements announcements, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.registry = registry;
        this.announcements = announcements;
        this.clock = clock;
        this.random = random;
        this.server = new IssuanceServer(keys.master().publicKey(), keys.hpke());
    }

    Buffer answer(byte[] sealed) {
        Instant now = clock.instant();
        try (OpenedIssuance opened = server.open(sealed, now.getEpochSecond(), registry)) {
            requireAllowed(opened.request().validity(), now.getEpochSecond());
            KgcRegistry.Admission admission = registry.admit(opened.requester(), opened.request(), now);
            List<Issued> issued = opened.issue(keys.master(), admission.pseudonyms(), random);
            Provider provider = admission.provider();
            String what = opened.requester() instanceof Requester.NewProvider ? "enrolled" : "refilled";
            LOG.info("{} provider {} ({}): {} certificates", what, provider.number(), provider.name(), issued.size());
            return Buffer.buffer(opened.reply(issued, random));
        } catch (MalformedException e) {
            throw logged(new MeshException(ErrorCode.INVALID_MESSAGE, "malformed: " + e.getMessage(), e));
        } catch (RefusedException e) {
            ErrorCode code = e.reason() == RefusalReason.REVOKED ? ErrorCode.REVOKED : ErrorCode.INVALID_MESSAGE;
            throw logged(new MeshException(code, "refused: " + e.reason(), e));
        } catch (MeshException e) {
            throw logged(e);
        }
    }

    /** Whole steps, no longer than the maximum, and valid now: nothing is issued for the past or in advance. */
    private void requireAllowed(Validity asked, long now) {
        boolean allowed = announcements.parameters(now).allows(asked) && asked.notAfter() > now;
        if (!allowed || asked.notBefore() > now + IssuanceServer.MAX_SKEW_SECONDS) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "this validity is not granted");
        }
    }

    private static MeshException logged(MeshException refusal) {
        LOG.info("issuance refused: {}: {}", refusal.code(), refusal.getMessage());
        return refusal;
    }
}
