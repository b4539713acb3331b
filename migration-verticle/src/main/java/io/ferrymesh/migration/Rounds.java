package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What follows a round that did not bring its object: another one, soon or after a pause, the end of the run, or nothing. Holds
 * the objects between two rounds, no more than the listing's window. Any thread.
 */
final class Rounds {

    private static final long LONGEST_PAUSE_MS = 60_000;

    private final TransferOptions options;
    private final Consumer<byte[]> answers;
    private final Consumer<MeshException> stop;
    private final Later later;
    private final RandomGenerator random;
    private final Outage outage = new Outage();

    /** Of objects that the source was asked to look at again. */
    private final Map<Long, Waiting> asked = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * An object between two rounds.
     *
     * @param info as it was announced last
     */
    record Waiting(ObjectInfo info, Round next) {}

    /**
     * The rounds of one session.
     *
     * @param answers takes records for the source
     * @param stop ends the run
     */
    Rounds(
            TransferOptions options,
            Consumer<byte[]> answers,
            Consumer<MeshException> stop,
            Later later,
            RandomGenerator random) {
        this.options = options;
        this.answers = answers;
        this.stop = stop;
        this.later = later;
        this.random = random;
    }

    /**
     * Takes an object that did not arrive.
     *
     * @param candidate the number of the name it was to arrive under
     * @return false when that is how it stays; of a run that is over nothing stays
     */
    boolean again(long index, ObjectInfo info, Round round, int candidate, Setback setback) {
        if (closed) {
            return true;
        }
        if (setback.code() == ErrorCode.DESTINATION_FULL) {
            stop.accept(new MeshException(ErrorCode.DESTINATION_FULL, "no room at the destination"));
            return true;
        }
        if (setback.code() == ErrorCode.CONFLICT && options.conflicts() == ConflictPolicy.FAIL) {
            stop.accept(new MeshException(
                    ErrorCode.CONFLICT, "the destination has something else by the name " + info.path()));
            return true;
        }
        boolean away = setback.kind() == Setback.Kind.AWAY && outage.goesOn(round.setbacks() + 1);
        if (away && !mayHaveAnother(setback.code(), round)) {
            stop.accept(new MeshException(ErrorCode.UNAVAILABLE, "the destination's store is away"));
            return true;
        }
        return round.number() + 1 < Round.MOST && another(index, info, round, candidate, setback);
    }

    /** The store did what it was asked for an object: it is not away. */
    void arrived() {
        outage.over();
    }

    private boolean another(long index, ObjectInfo info, Round round, int candidate, Setback setback) {
        return switch (setback.kind()) {
            case FINAL -> false;
            case PASSING, AWAY ->
                mayPass(setback.code(), round) && pause(index, new Waiting(info, round.afterSetback()));
            case TAKEN ->
                options.conflicts() != ConflictPolicy.SKIP_SAME
                        && round.setbacks() + 1 < options.attempts()
                        && pause(index, new Waiting(info, round.afterTaken()));
            case DIFFERS ->
                options.conflicts() != ConflictPolicy.SKIP_SAME
                        && ask(index, new Waiting(info, round.afterDifference(candidate, setback.etag())));
        };
    }

    /** The source has looked at an object: takes out what it waits for. Refuses what it was not asked. */
    Waiting looked(long index, int round) {
        Waiting waiting = asked.get(index);
        if (waiting == null || waiting.next().number() != round || !asked.remove(index, waiting)) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "object " + index + " was not to be looked at again");
        }
        return waiting;
    }

    /** Asks for nothing more. */
    void close() {
        closed = true;
        asked.clear();
    }

    private boolean mayHaveAnother(ErrorCode code, Round round) {
        return mayPass(code, round) && round.number() + 1 < Round.MOST;
    }

    private boolean mayPass(ErrorCode code, Round round) {
        boolean stays = code == ErrorCode.SOURCE_CHANGED && options.sourceChanged() == SourceChangedPolicy.FAIL;
        return !stays && round.setbacks() + 1 < options.attempts();
    }

    private boolean pause(long index, Waiting waiting) {
        later.after(pauseMs(waiting.next().setbacks()), () -> {
            boolean unused = ask(index, waiting);
        });
        return true;
    }

    /** Four times as long each time, and up to a quarter less by chance, so that objects do not come all at once. */
    private long pauseMs(int setbacks) {
        long pause = options.firstPause().toMillis();
        for (int i = 1; i < setbacks && pause < LONGEST_PAUSE_MS; i++) {
            pause *= 4;
        }
        pause = Math.min(pause, LONGEST_PAUSE_MS);
        return Math.max(1, pause - random.nextLong(1 + pause / 4));
    }

    private boolean ask(long index, Waiting waiting) {
        if (!closed) {
            asked.put(index, waiting);
            answers.accept(RoundRecords.look(index, waiting.next().number()));
        }
        return true;
    }
}
