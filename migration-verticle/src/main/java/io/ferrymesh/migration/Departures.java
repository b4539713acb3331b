package io.ferrymesh.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers what arrived in one run of a move, so that it is kept in batches; does nothing when it is none. The answers lane only. */
final class Departures {

    private final DepartureLog.@Nullable Run run;
    private volatile boolean began;
    private final List<Departed> gathered = new ArrayList<>();

    Departures(Optional<DepartureLog> log) {
        this.run = log.map(DepartureLog::begin).orElse(null);
    }

    /** Of a run that is no move. */
    static Departures none() {
        return new Departures(Optional.empty());
    }

    /** The source lists now. */
    void begins() {
        if (run != null) {
            began = true;
            run.begins();
        }
    }

    /** The run is over. Any worker. */
    void over() {
        if (run != null && began) {
            run.over();
        }
    }

    void arrived(SourceObject object) {
        if (run == null) {
            return;
        }
        gathered.add(new Departed(object.info(), object.etag()));
        if (gathered.size() == DepartureLog.AT_ONCE) {
            flush();
        }
    }

    /** When it returns, all that arrived is kept. */
    void flush() {
        if (run != null && !gathered.isEmpty()) {
            run.arrived(List.copyOf(gathered));
            gathered.clear();
        }
    }

    void completed() {
        if (run != null) {
            run.completed();
        }
    }
}
