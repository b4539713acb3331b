package io.ferrymesh.cli;

import io.ferrymesh.migration.Departed;
import io.ferrymesh.migration.DepartureLog;
import java.util.List;

/** What a provider keeps of a move, as the migration engine wants to see it. */
record DeparturesAdapter(io.ferrymesh.provider.engine.DepartureLog kept) implements DepartureLog {

    @Override
    public boolean mayBegin() {
        return kept.mayBegin();
    }

    @Override
    public Run begin() {
        io.ferrymesh.provider.engine.DepartureLog.Run run = kept.begin();
        return new Run() {
            @Override
            public void begins() {
                run.begins();
            }

            @Override
            public void arrived(List<Departed> objects) {
                run.arrived(objects.stream()
                        .map(object -> new io.ferrymesh.provider.engine.Departed(object.listed(), object.etag()))
                        .toList());
            }

            @Override
            public void completed() {
                run.completed();
            }

            @Override
            public void over() {
                run.over();
            }
        };
    }
}
