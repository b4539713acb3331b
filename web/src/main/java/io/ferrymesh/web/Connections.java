package io.ferrymesh.web;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections there are, in all and of each address, and which of them keep the server waiting for too long, a byte
 * now and then or none. Event loop only.
 */
final class Connections {

    /** How long a client may send on after its answer. */
    static final long DISCARD_MS = 2_000;

    private final WebLimits limits;
    private final Map<HttpConnection, State> open = new HashMap<>();
    private final Map<String, Integer> ofAddress = new HashMap<>();

    Connections(WebLimits limits) {
        this.limits = limits;
    }

    /** Takes a connection on, unless there are too many; those of one address are for many clients if a proxy is there. */
    boolean opened(HttpConnection connection, String address, boolean isProxy, long nowMs) {
        int sameAddress = ofAddress.getOrDefault(address, 0);
        boolean tooMany = !isProxy && sameAddress >= limits.maxConnectionsPerAddress();
        if (tooMany || open.size() >= limits.maxConnections()) {
            return false;
        }
        ofAddress.put(address, sameAddress + 1);
        open.put(connection, new State(address, nowMs + limits.headerTimeout().toMillis()));
        return true;
    }

    void closed(HttpConnection connection) {
        State state = open.remove(connection);
        if (state != null) {
            ofAddress.computeIfPresent(state.address, (address, count) -> count == 1 ? null : count - 1);
        }
    }

    /** The connection's next request; the one before has been answered. */
    void began(HttpConnection connection, Exchange exchange, long nowMs) {
        State state = open.get(connection);
        if (state != null) {
            state.exchange = exchange;
            state.patience = new Patience(limits.stallTimeout().toMillis(), limits.minBytesPerSecond());
            state.answeredMs = -1;
            state.lookedAtMs = nowMs;
        }
    }

    /** Those that took too long. */
    List<HttpConnection> overdue(long nowMs) {
        List<HttpConnection> late = new ArrayList<>();
        open.forEach((connection, state) -> {
            if (state.isLate(limits, nowMs)) {
                late.add(connection);
            }
        });
        return late;
    }

    List<HttpConnection> all() {
        return List.copyOf(open.keySet());
    }

    int size() {
        return open.size();
    }

    /** How many wait for an answer or are taking it. */
    long requests() {
        return open.values().stream().filter(State::isBusy).count();
    }

    private static final class State {

        private final String address;
        private long headerDueMs;
        private @Nullable Exchange exchange;
        private @Nullable Patience patience;
        private long answeredMs = -1;
        /** When its request was last looked at, or began: time before that is not the request's. */
        private long lookedAtMs;

        State(String address, long headerDueMs) {
            this.address = address;
            this.headerDueMs = headerDueMs;
        }

        boolean isBusy() {
            Exchange running = exchange;
            return running != null && !running.response().ended();
        }

        boolean isLate(WebLimits limits, long nowMs) {
            long elapsedMs = nowMs - lookedAtMs;
            lookedAtMs = nowMs;
            Exchange running = exchange;
            Patience left = patience;
            if (running == null || left == null) {
                return nowMs > headerDueMs;
            }
            return switch (running.phase()) {
                case WORKING -> left.isOverAfter(0, running.bytes());
                case RECEIVING, SENDING -> left.isOverAfter(elapsedMs, running.bytes());
                case DISCARDING -> {
                    answeredMs = answeredMs < 0 ? nowMs : answeredMs;
                    yield nowMs - answeredMs > DISCARD_MS;
                }
                case DONE -> {
                    exchange = null;
                    headerDueMs = nowMs + limits.idleTimeout().toMillis();
                    yield false;
                }
            };
        }
    }
}
