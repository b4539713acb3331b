package io.ferrymesh.benchmarks.transfer;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The processes of one end of a transfer.
 *
 * @param roots the processes that exist now; everything below them belongs to the side as well
 * @param children whether this program's own children that ended belong to it too
 */
record Side(Supplier<Stream<ProcessHandle>> roots, boolean children) {

    /** One process and what it starts. */
    static Side of(Process process) {
        return new Side(() -> Stream.of(process.toHandle()), false);
    }

    /** Everything this program starts but these. */
    static Side childrenBut(List<Process> others) {
        List<Long> pids = others.stream().map(Process::pid).toList();
        return new Side(() -> ProcessHandle.current().children().filter(child -> !pids.contains(child.pid())), true);
    }

    double cpuSeconds() {
        double ended = children ? Proc.endedChildrenSeconds() : 0;
        return ended + pids().mapToDouble(Proc::cpuSeconds).sum();
    }

    long residentBytes() {
        return pids().mapToLong(Proc::residentBytes).sum();
    }

    private Stream<Long> pids() {
        return roots.get().flatMap(Proc::tree).map(ProcessHandle::pid);
    }
}
