package io.ferrymesh.benchmarks.transfer;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The processes of one end of a transfer.
 *
 * @param processes those that exist now
 * @param children whether this program's own children that ended belong to it too
 */
public record Side(Supplier<Stream<ProcessHandle>> processes, boolean children) {

    /** One process. What it starts counts once it has ended: until then it looks as large as what started it. */
    public static Side of(Process process) {
        return new Side(() -> Stream.of(process.toHandle()), false);
    }

    /** One process and everything below it. */
    public static Side below(Process process) {
        return new Side(() -> Proc.tree(process.toHandle()), false);
    }

    /** Everything this program starts but these, and everything below. */
    static Side childrenBut(List<Process> others) {
        List<Long> pids = others.stream().map(Process::pid).toList();
        return new Side(
                () -> ProcessHandle.current()
                        .children()
                        .filter(child -> !pids.contains(child.pid()))
                        .flatMap(Proc::tree),
                true);
    }

    double cpuSeconds() {
        double ended = children ? Proc.endedChildrenSeconds() : 0;
        return ended
                + processes
                        .get()
                        .mapToDouble(process -> Proc.cpuSeconds(process.pid()))
                        .sum();
    }

    long residentBytes() {
        return processes
                .get()
                .mapToLong(process -> Proc.residentBytes(process.pid()))
                .sum();
    }
}
