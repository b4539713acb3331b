package io.ferrymesh.it.containers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many handshakes took at most how long, as the nodes' histograms say.
 *
 * @param within numbers by bounds in seconds, each with those of all smaller bounds
 */
record HandshakeTimes(TreeMap<Double, Double> within) {

    private static final Pattern BUCKET =
            Pattern.compile("ferrymesh_engine_handshake_seconds_bucket\\{.*le=\"([^\"]+)\".*} (\\S+)");

    /** Of all of these nodes since they started. */
    static HandshakeTimes of(List<ClusterNode> nodes) throws Exception {
        TreeMap<Double, Double> within = new TreeMap<>();
        for (ClusterNode node : nodes) {
            for (String line : node.figures().toList()) {
                Matcher bucket = BUCKET.matcher(line);
                if (bucket.matches()) {
                    double bound = Double.parseDouble(bucket.group(1).replace("+Inf", "Infinity"));
                    within.merge(bound, Double.parseDouble(bucket.group(2)), Double::sum);
                }
            }
        }
        return new HandshakeTimes(within);
    }

    /** Those since then. */
    HandshakeTimes since(HandshakeTimes before) {
        TreeMap<Double, Double> later = new TreeMap<>();
        within.forEach((bound, count) -> later.put(bound, count - before.within.getOrDefault(bound, 0.0)));
        return new HandshakeTimes(later);
    }

    /** The smallest bound, in milliseconds, that this share of them kept. */
    double boundMs(double share) {
        double all = within.isEmpty() ? 0 : within.lastEntry().getValue();
        return within.entrySet().stream()
                        .filter(each -> all > 0 && each.getValue() >= share * all)
                        .mapToDouble(Map.Entry::getKey)
                        .findFirst()
                        .orElse(Double.NaN)
                * 1_000;
    }
}
