package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the key centre refuses with, said once when it begins and once when it is over. Not thread-safe. */
final class IssuerTrouble {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialPools.class);

    private Optional<ErrorCode> current = Optional.empty();

    void refused(ErrorCode code, Throwable why) {
        if (current.equals(Optional.of(code))) {
            LOG.debug("still no credentials from the key centre: {}", why.getMessage());
            return;
        }
        current = Optional.of(code);
        Optional<HealthReason> reason = lasting();
        if (reason.isPresent()) {
            LOG.error("{}: {}", code, reason.get().detail());
        } else {
            LOG.warn("no credentials from the key centre, which is asked again: {}: {}", code, why.getMessage());
        }
    }

    void over() {
        if (current.isPresent()) {
            LOG.info("the key centre issues credentials again");
            current = Optional.empty();
        }
    }

    /** What does not pass without an operator. */
    Optional<HealthReason> lasting() {
        return current.flatMap(code -> switch (code) {
            case REVOKED ->
                Optional.of(new HealthReason(
                        "REVOKED", "the key centre has revoked this provider: it gets no more pseudonyms"));
            case NOT_ENROLLED ->
                Optional.of(new HealthReason(
                        "NOT_ENROLLED",
                        "the key centre does not know this provider any more: start it with a new token"));
            default -> Optional.<HealthReason>empty();
        });
    }
}
