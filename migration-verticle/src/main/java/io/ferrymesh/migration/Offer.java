package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.RendezvousKey;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Rendezvous;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A grant that waits at the source, or is in use. Takes its credentials when the first destination shows up, and keeps them
 * for every attempt under this grant, so that knocking does not drain the pool. Any thread.
 */
final class Offer implements AutoCloseable {

    private final SourceOffer source;
    private final EngineContext engine;
    private final RendezvousKey rendezvous;
    private final MigrationRecord record;

    // under this
    private @Nullable Future<Credentials> credentials;
    private @Nullable SourceSession session;
    private boolean closed;

    /** What the source authenticates and signs with under this grant. */
    record Credentials(Credential agreement, Credential signing) {
        void close() {
            agreement.close();
            signing.close();
        }
    }

    Offer(SourceOffer source, EngineContext engine) {
        this.source = source;
        this.engine = engine;
        this.rendezvous = Handshakes.key(Rendezvous.address(source.psk(), source.id()));
        this.record = new MigrationRecord(source.id(), MigrationState.WAITING, engine.clock());
    }

    SourceOffer source() {
        return source;
    }

    RendezvousKey rendezvous() {
        return rendezvous;
    }

    MigrationRecord record() {
        return record;
    }

    /** Whether it can no longer be used. */
    boolean over() {
        return record.state() == MigrationState.COMPLETED || record.state() == MigrationState.CANCELLED;
    }

    /** What this grant's handshakes use, the same for all of them. */
    synchronized Future<Credentials> credentials() {
        if (credentials == null || credentials.failed()) {
            credentials = engine.credentials().take(Usage.KEY_AGREEMENT).compose(agreement -> engine.credentials()
                    .take(Usage.SIGNING)
                    .onFailure(e -> agreement.close())
                    .map(signing -> new Credentials(agreement, signing)));
        }
        return credentials;
    }

    /** The record, ready for another session; what ran before under this grant ends. */
    MigrationRecord restart() {
        running().ifPresent(before -> before.fail(ErrorCode.CANCELLED, "the destination started again"));
        if (!record.to(MigrationState.CONNECTING)) {
            throw new MeshException(ErrorCode.CANCELLED, "the grant was taken back");
        }
        return record;
    }

    synchronized void runs(SourceSession next) {
        session = next;
    }

    /** Ends what runs and refuses what may come. */
    void cancel() {
        running().ifPresent(SourceSession::cancel);
        record.cancel();
    }

    /** Wipes the grant's key and the credentials. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (credentials != null) {
                credentials.onSuccess(Credentials::close);
            }
        }
        source.psk().close();
    }

    private synchronized Optional<SourceSession> running() {
        return Optional.ofNullable(session);
    }
}
