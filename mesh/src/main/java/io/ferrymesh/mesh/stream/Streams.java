package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every stream end of a process by its id, and how many there may be. Event loop only. */
final class Streams {

    private final int max;
    private final Map<Id128, OutboundEnd> outbound = new HashMap<>();
    private final Map<Id128, InboundEnd> inbound = new HashMap<>();

    Streams(int max) {
        this.max = max;
    }

    void add(StreamEnd end) {
        if (end instanceof OutboundEnd sending) {
            outbound.put(end.id, sending);
        } else if (end instanceof InboundEnd receiving) {
            inbound.put(end.id, receiving);
        }
    }

    void remove(StreamEnd end) {
        if (end.role == Role.OPENER) {
            outbound.remove(end.id);
        } else {
            inbound.remove(end.id);
        }
    }

    /** The end that hears what {@code sender}'s end says. */
    @Nullable
    StreamEnd hearing(Id128 id, Role sender) {
        return sender == Role.OPENER ? inbound.get(id) : outbound.get(id);
    }

    int count() {
        return outbound.size() + inbound.size();
    }

    boolean isFull() {
        return count() >= max;
    }

    List<StreamEnd> all() {
        List<StreamEnd> all = new ArrayList<>(outbound.values());
        all.addAll(inbound.values());
        return all;
    }
}
