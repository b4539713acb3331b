package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions that run at one end of this process. Any thread. */
final class LiveSessions<S extends Session> {

    private final Map<SessionId, S> sessions = new ConcurrentHashMap<>();

    /**
     * Enters a session.
     *
     * @return false if there is one by that id
     */
    boolean enter(S session) {
        return sessions.putIfAbsent(session.id(), session) == null;
    }

    void leave(S session) {
        sessions.remove(session.id(), session);
    }

    /** The peer of one of them opens a lane. */
    Future<Long> opened(InboundStream stream) {
        LaneHello hello = LaneHello.decode(stream.hello());
        S session = sessions.get(hello.session());
        if (session == null) {
            return Future.failedFuture(Wire.invalid("a lane of no session"));
        }
        if (stream.direct().filter(of -> !of.hex().equals(session.id().hex())).isPresent()) {
            return Future.failedFuture(Wire.invalid("a lane on another session's connection"));
        }
        long credit = session.admit(stream, hello.lane());
        if (stream.direct().isEmpty()) {
            session.way.overBus();
        }
        return Future.succeededFuture(credit);
    }

    /** All of them, as they are now. */
    List<S> all() {
        return List.copyOf(sessions.values());
    }

    /** Ends those whose peer has become revoked, or may have for too long. */
    void requirePeersTrusted() {
        sessions.values().forEach(Session::requirePeerTrusted);
    }

    void close() {
        sessions.values().forEach(session -> session.fail(ErrorCode.UNAVAILABLE, "the process stops"));
    }
}
