package io.ferrymesh.benchmarks.transfer;

import java.nio.file.Path;
import java.util.List;

/** Something that moves files. Start-up, connections and their keys are done with before it is asked to. */
interface Contender {

    /** Names what is timed. */
    String name();

    /** How often it moves the small data sets before anything is timed. */
    default int warmUps() {
        return 1;
    }

    /** Moves a data set to a destination that is empty; returns one or more things that were timed, each from the start. */
    List<Timing> transfer(DataSet data, int round) throws Exception;

    /** Where a round's copy of a data set goes. */
    Path destination(DataSet data, int round);

    /**
     * A measurement and what it is of.
     *
     * @param durable whether a crash of the destination's machine at the end would have lost nothing
     */
    record Timing(String what, boolean durable, Meter.Reading reading) {}
}
