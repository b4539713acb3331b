package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.wire.Id128;
import java.util.LinkedHashSet;
import java.util.Set;

/** One peer while it shares a stream with this process. Event loop only. */
final class PeerLink {

    final Id128 peer;
    final Carrier.Line line;
    final Set<StreamEnd> ends = new LinkedHashSet<>();

    PeerLink(Id128 peer, Carrier.Line line) {
        this.peer = peer;
        this.line = line;
    }
}
