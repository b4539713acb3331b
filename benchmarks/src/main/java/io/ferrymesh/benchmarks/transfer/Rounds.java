package io.ferrymesh.benchmarks.transfer;

import io.ferrymesh.benchmarks.transfer.Summary.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Lets the contenders take turns, another one first in each round. Before each turn the source is read once, what earlier
 * turns left unwritten goes to the disk, and as many bytes as come are written beside the copies and removed, so that nobody
 * pays for somebody else: on a virtual machine that gives memory back, the first to fill it waits for the host.
 */
final class Rounds {

    private final Workplace workplace;
    private final List<Contender> contenders;
    private final Quiet quiet;
    private final PrintWriter out;
    private final List<Sample> samples = new ArrayList<>();

    Rounds(Workplace workplace, List<Contender> contenders, Quiet quiet, PrintWriter out) {
        this.workplace = workplace;
        this.contenders = contenders;
        this.quiet = quiet;
        this.out = out;
    }

    /** Everything that was timed, warm-ups left out. */
    List<Sample> samples() {
        return samples;
    }

    /** The same as a round, not timed, with those that need so many. */
    void warmUp(DataSet data, int round) throws Exception {
        for (Contender contender : contenders) {
            if (round <= contender.warmUps()) {
                turn(contender, data, round).forEach(timing -> say(data, "warm-up", timing));
            }
        }
    }

    /** The same, and the copies are removed. */
    void warmUpAndForget(DataSet data, int round) throws Exception {
        for (Contender contender : contenders) {
            turn(contender, data, round).forEach(timing -> say(data, "warm-up", timing));
            workplace.empty(contender.destination(data, round));
        }
    }

    /** Rounds 1 to {@code runs}; the last one's copies are compared byte by byte. */
    void run(DataSet data, int runs) throws Exception {
        for (int round = 1; round <= runs; round++) {
            quiet.await(out);
            List<Contender> order = new ArrayList<>(contenders);
            Collections.rotate(order, -(round - 1));
            for (Contender contender : order) {
                for (Contender.Timing timing : turn(contender, data, round)) {
                    samples.add(new Sample(data, round, timing));
                    say(data, "round " + round, timing);
                }
                if (round < runs) {
                    workplace.empty(contender.destination(data, round));
                }
            }
        }
        for (Contender contender : contenders) {
            compare(data, contender.destination(data, runs));
        }
    }

    private List<Contender.Timing> turn(Contender contender, DataSet data, int round) throws Exception {
        Path destination = contender.destination(data, round);
        Path parent = Files.createDirectories(destination.resolveSibling("."));
        data.warm(workplace.source());
        data.touch(parent);
        Tools.run(log(), List.of("sync", "-f", parent.toString()));
        List<Contender.Timing> timings = contender.transfer(data, round);
        data.check(destination);
        return timings;
    }

    private void compare(DataSet data, Path copy) throws IOException, InterruptedException {
        String source = data.in(workplace.source()).toString();
        Tools.run(log(), List.of("diff", "-r", "-x", DataSet.STAGING, source, copy.toString()));
    }

    private Path log() {
        return workplace.scratch().resolve("tools.log");
    }

    private void say(DataSet data, String round, Contender.Timing timing) {
        out.printf(
                "%-10s %-10s %-26s %8.2f s%n",
                data.name(), round, timing.what(), timing.reading().seconds());
        out.flush();
    }
}
