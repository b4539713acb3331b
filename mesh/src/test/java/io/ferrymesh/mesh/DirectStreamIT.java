package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.MeshCounters.Carried;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;

/** The suite of streams on direct connections between two members of a real cluster. */
class DirectStreamIT extends StreamIT {

    private final AtomicLong sessions = new AtomicLong();

    @Override
    MeshOptions.Builder options(MeshOptions.Builder options) {
        return options.direct(DirectOptions.parse(Optional.of("127.0.0.1:0"), Optional.empty(), false));
    }

    /** On a fresh connection, or over the bus to itself and to those who are gone. */
    @Override
    Peer peer(Mesh from, Mesh to) {
        if (from == to || from.direct().offer().isEmpty() || to.direct().offer().isEmpty()) {
            return super.peer(from, to);
        }
        DirectSession session = new DirectSession("%032x".formatted(sessions.incrementAndGet()));
        DirectOffer offer = to.direct().offer().orElseThrow();
        var unused = to.direct().expect(offer, session, from.address());
        return await(from.direct()
                .dial(offer, session, to.address())
                .recover(gone -> io.vertx.core.Future.succeededFuture(super.peer(from, to))));
    }

    @Override
    int manyStreams() {
        return 64;
    }

    @AfterAll
    void streams_were_direct() {
        assertThat(sender.counters().get(Carried.STREAMS_DIRECT)).isGreaterThan(64);
        assertThat(sender.counters().get(Carried.CONNECTIONS)).isGreaterThan(3);
    }
}
