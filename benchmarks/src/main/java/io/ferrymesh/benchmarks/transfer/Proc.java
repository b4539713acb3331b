package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux tells of processes. A process that is gone counts as nothing. */
public final class Proc {

    /** What the kernel counts CPU time in, on every architecture, whatever its own clock does. */
    private static final double TICKS_A_SECOND = 100;
    /** In stat, counted after the program's name: the user's and the kernel's time, the process's and its dead children's. */
    private static final int UTIME = 11;

    private static final int CUTIME = 13;

    /** In the first line of the machine's stat: user, nice, system, irq, softirq, steal. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    private Proc() {}

    /** The process and all below it. */
    static Stream<ProcessHandle> tree(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants());
    }

    /** CPU time of a process and of those of its children that have ended, and theirs. */
    public static double cpuSeconds(long pid) {
        return ticks(pid, UTIME) + ticks(pid, CUTIME);
    }

    /** CPU time of this process's children that have ended. */
    static double endedChildrenSeconds() {
        return ticks(ProcessHandle.current().pid(), CUTIME);
    }

    private static double ticks(long pid, int first) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[first]) + Long.parseLong(fields[first + 1])) / TICKS_A_SECOND;
    }

    /** CPU time this process itself used. */
    public static double ownSeconds() {
        return ticks(ProcessHandle.current().pid(), UTIME);
    }

    /** CPU time the whole machine used, whoever it was for. */
    static double machineSeconds() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/stat"))
                .lines()
                .findFirst()
                .orElse("")
                .split(" +", -1);
        double ticks = 0;
        for (int i : BUSY) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_A_SECOND;
    }

    /** Memory in use now. */
    public static long residentBytes(long pid) {
        return bytes(pid, "VmRSS:");
    }

    private static long bytes(long pid, String which) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith(which))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    /** The most memory it ever had, or since {@link #forgetPeak}. */
    public static long peakBytes(long pid) {
        return bytes(pid, "VmHWM:");
    }

    /** Lets the peak begin anew at what it has now. */
    public static void forgetPeak(long pid) throws IOException {
        Path unused = Files.writeString(Path.of("/proc", String.valueOf(pid), "clear_refs"), "5");
    }

    private static String read(long pid, String what) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), what));
        } catch (IOException e) {
            return ""; // ended between being listed and being read
        }
    }
}
