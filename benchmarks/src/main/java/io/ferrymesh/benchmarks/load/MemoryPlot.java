package io.ferrymesh.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Draws memory over time as SVG. */
final class MemoryPlot {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int BOTTOM = 50;
    private static final int TOP = 30;
    private static final int RIGHT = 20;
    private static final int LINES = 5;
    private static final List<String> COLOURS =
            List.of("#1f5fa8", "#b5541c", "#2e7d4f", "#7b3f98", "#8a8a00", "#444444");

    private MemoryPlot() {}

    /** Writes the curves of all processes into a file, in MiB. */
    static void write(
            Path file, String title, Map<String, List<Watch.Sample>> samples, ToLongFunction<Watch.Sample> bytes)
            throws IOException {
        double seconds = most(samples, sample -> (long) Math.ceil(sample.seconds()));
        double mebibytes = roundedUp(most(samples, bytes) / (double) (1 << 20));
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">%n"
                        .formatted(WIDTH, HEIGHT));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text(svg, LEFT, TOP - 10, "start", title);
        for (int i = 0; i <= LINES; i++) {
            double y = y(mebibytes * i / LINES, mebibytes);
            svg.append(line(LEFT, y, WIDTH - RIGHT, y, "#dddddd"));
            text(svg, LEFT - 8, y + 4, "end", "%.0f".formatted(mebibytes * i / LINES));
            double x = x(seconds * i / LINES, seconds);
            text(svg, x, HEIGHT - BOTTOM + 20, "middle", "%.0f s".formatted(seconds * i / LINES));
        }
        text(svg, 12, TOP + 4, "start", "MiB");
        int number = 0;
        for (var process : samples.entrySet()) {
            String colour = COLOURS.get(number % COLOURS.size());
            svg.append("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"".formatted(colour));
            for (Watch.Sample sample : process.getValue()) {
                svg.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        x(sample.seconds(), seconds),
                        y(bytes.applyAsLong(sample) / (double) (1 << 20), mebibytes)));
            }
            svg.append("\"/>\n");
            double at = LEFT + 10 + 190.0 * number;
            svg.append(line(at, HEIGHT - 12, at + 20, HEIGHT - 12, colour));
            text(svg, at + 26, HEIGHT - 8, "start", process.getKey());
            number++;
        }
        Path unused = Files.writeString(file, svg.append("</svg>\n").toString());
    }

    private static long most(Map<String, List<Watch.Sample>> samples, ToLongFunction<Watch.Sample> of) {
        return samples.values().stream()
                .flatMap(List::stream)
                .mapToLong(of)
                .max()
                .orElse(1);
    }

    private static double roundedUp(double value) {
        return Math.max(LINES, Math.ceil(value / 50) * 50);
    }

    private static double x(double seconds, double most) {
        return LEFT + seconds / Math.max(1, most) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double most) {
        return HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP);
    }

    private static String line(double x1, double y1, double x2, double y2, String colour) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour);
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, words));
    }
}
