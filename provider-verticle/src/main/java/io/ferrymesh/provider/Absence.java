package io.ferrymesh.provider;

import io.ferrymesh.mesh.MeshException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a provider that has started has not reached the key centre yet. Says so once for each reason, and when it is over. Any thread. */
final class Absence {

    private static final Logger LOG = LoggerFactory.getLogger(KeyCentreLink.class);

    private volatile Optional<HealthReason> reason = Optional.empty();

    Optional<HealthReason> reason() {
        return reason;
    }

    /** It failed so. */
    void note(Throwable failure) {
        HealthReason now = reason(failure);
        boolean isNew =
                reason.filter(before -> before.code().equals(now.code())).isEmpty();
        reason = Optional.of(now);
        if (isNew) {
            LOG.warn(
                    "{}: the provider goes on without the key centre, which is tried again: {}",
                    now.code(),
                    failure.getMessage());
        }
    }

    void over() {
        if (reason.isPresent()) {
            reason = Optional.empty();
            LOG.info("the key centre is there: grants and migrations go on");
        }
    }

    private static HealthReason reason(Throwable failure) {
        if (failure instanceof MeshException mesh && !Patience.isWorthWaiting(mesh)) {
            return new HealthReason(
                    mesh.code().name(), "grants and migrations wait, because of the key centre: " + mesh.getMessage());
        }
        return new HealthReason("KGC_AWAY", "the key centre was not reached yet; grants and migrations wait for it");
    }
}
