package io.ferrymesh.it.containers;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the process of a node has taken since it started.
 *
 * @param peakMib the most memory it had at once that was its own or mapped
 * @param cpuSeconds of all processors
 */
record NodeUse(String node, long peakMib, double cpuSeconds) {

    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    /** Of Linux, whatever the machine. */
    private static final double TICKS_A_SECOND = 100;

    /** As the kernel says now. */
    static NodeUse of(ClusterNode node) throws Exception {
        String status = node.process("status");
        Matcher peak = PEAK.matcher(status);
        if (!peak.find()) {
            throw new IllegalStateException("no VmHWM of " + node.name() + ": " + status);
        }
        String stat = node.process("stat");
        // After the name of the program, which may be anything in brackets: state is the third field, these are 14 and
        // 15.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        return new NodeUse(node.name(), Long.parseLong(peak.group(1)) >> 10, ticks / TICKS_A_SECOND);
    }

    String row() {
        return "| %s | %d | %.1f |".formatted(node, peakMib, cpuSeconds);
    }
}
