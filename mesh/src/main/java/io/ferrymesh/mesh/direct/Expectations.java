package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.wire.Id128;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whom a listener lets in: one peer for each session, once, for a while. What does not prove itself changes nothing, so the
 * peer's own can still come. Pure; event loop only.
 *
 * @param <W> what waits for the peer
 */
final class Expectations<W> {

    /** Most sessions at once. */
    static final int MAX = 1_024;

    private final Id128 self;
    private final Map<DirectSession, Expected<W>> expected = new HashMap<>();

    Expectations(Id128 self) {
        this.self = self;
    }

    /** One session. */
    private static final class Expected<W> {
        private final Id128 peer;
        private final byte[] token;
        private final long untilNanos;
        private final W waiting;

        Expected(Id128 peer, byte[] token, long untilNanos, W waiting) {
            this.peer = peer;
            this.token = token;
            this.untilNanos = untilNanos;
            this.waiting = waiting;
        }

        W wiped() {
            Arrays.fill(token, (byte) 0);
            return waiting;
        }
    }

    /** Somebody who has proved itself, and what the listener answers. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Admitted<W>(DirectSession session, Id128 peer, byte[] answer, W waiting) {}

    /** Expects a peer; takes the token over. Returns false when there are too many, or the session is expected already. */
    boolean add(DirectSession session, Id128 peer, byte[] token, long untilNanos, W waiting) {
        if (expected.size() >= MAX || expected.containsKey(session)) {
            return false;
        }
        expected.put(session, new Expected<>(peer, token, untilNanos, waiting));
        return true;
    }

    /** Lets in whoever has proved that it is expected now; nobody else can with the same token afterwards. */
    Optional<Admitted<W>> admit(byte[] first, long nowNanos) {
        if (!Preamble.isDial(first)) {
            return Optional.empty();
        }
        Preamble.Claim claim = Preamble.read(first);
        for (Map.Entry<DirectSession, Expected<W>> entry : expected.entrySet()) {
            Expected<W> of = entry.getValue();
            if (!of.peer.equals(claim.dialler())) {
                continue; // before anything is hashed: only who knows a peer that is expected has this end work
            }
            DirectSession session = entry.getKey();
            Preamble preamble = new Preamble(claim.nonce(), session, of.peer, self);
            if (preamble.isNamed(claim)) {
                return of.untilNanos - nowNanos > 0 && preamble.isDialled(claim, of.token)
                        ? Optional.of(admitted(session, preamble))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Admitted<W> admitted(DirectSession session, Preamble preamble) {
        Expected<W> of = Objects.requireNonNull(expected.remove(session));
        byte[] answer = preamble.answer(of.token);
        return new Admitted<>(session, of.peer, answer, of.wiped());
    }

    /** Expects nobody for this session any more. Returns what waited. */
    Optional<W> remove(DirectSession session) {
        return taken(expected.remove(session));
    }

    /** The same, if it is this that waits: a session's name may be used again. */
    Optional<W> remove(DirectSession session, Function<W, Boolean> whose) {
        Expected<W> of = expected.get(session);
        return of != null && whose.apply(of.waiting) ? remove(session) : Optional.empty();
    }

    /** Expects nobody any more. Returns what waited. */
    List<W> removeAll() {
        List<W> waiting = expected.values().stream().map(Expected::wiped).toList();
        expected.clear();
        return waiting;
    }

    private Optional<W> taken(@Nullable Expected<W> of) {
        return Optional.ofNullable(of).map(Expected::wiped);
    }

    int size() {
        return expected.size();
    }
}
