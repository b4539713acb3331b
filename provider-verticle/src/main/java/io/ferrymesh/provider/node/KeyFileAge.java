package io.ferrymesh.provider.node;

import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.provider.HealthReason;
import io.ferrymesh.provider.ProviderState;
import io.ferrymesh.provider.keys.NewestTokenKey;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when this process has an older copy of the key file than another has, or than {@code provider rotate} made: from the
 * time the newer key signs, it refuses tokens of the other processes. Any thread.
 */
final class KeyFileAge implements AutoCloseable {

    static final String CODE = "KEY_FILE_OLD";

    private static final Logger LOG = LoggerFactory.getLogger(KeyFileAge.class);
    private static final long EVERY_MS = 10_000;

    private final Vertx vertx;
    private final ProviderState state;
    private volatile Optional<HealthReason> problem = Optional.empty();
    private boolean closed; // under this
    private Optional<Long> timer = Optional.empty(); // under this

    KeyFileAge(Vertx vertx, ProviderState state) {
        this.vertx = vertx;
        this.state = state;
    }

    /** Tells the others which keys this process has, and looks what they have from now on. Blocking. */
    void begin() {
        NewestTokenKey.tell(state.database(), NewestTokenKey.of(state.secrets()));
        look();
        synchronized (this) {
            if (!closed) {
                timer = Optional.of(vertx.setPeriodic(EVERY_MS, again -> vertx.executeBlocking(
                                () -> {
                                    look();
                                    return null;
                                },
                                false)
                        .onFailure(e -> LOG.debug("to be looked at again", e))));
            }
        }
    }

    /** What is wrong with the key file. */
    Optional<HealthReason> problem() {
        return problem;
    }

    /** Blocking. */
    void look() {
        int own = NewestTokenKey.of(state.secrets());
        int newest;
        try {
            newest = NewestTokenKey.known(state.database());
        } catch (DatabaseException e) {
            LOG.debug("it is not known which keys others have", e); // readiness says that the database is away
            return;
        }
        if (newest > own && problem.isEmpty()) {
            HealthReason old = HealthReason.lasting(
                    CODE,
                    "the key file of this process has keys of tokens up to number " + own + ", and there is number "
                            + newest + ": start it anew with the new key file");
            problem = Optional.of(old);
            LOG.warn("{}: {}", old.code(), old.detail());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.ifPresent(set -> {
            boolean unused = vertx.cancelTimer(set);
        });
    }
}
