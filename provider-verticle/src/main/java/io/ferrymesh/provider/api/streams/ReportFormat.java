package io.ferrymesh.provider.api.streams;

import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.web.Problem;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** How a report is written. */
enum ReportFormat {
    /** A JSON object a line, schema ReportEntry. */
    NDJSON("application/x-ndjson", "application/x-ndjson", "") {
        @Override
        String line(ReportEntry entry) {
            JsonObject json = new JsonObject()
                    .put("number", entry.number())
                    .put("path", entry.path())
                    .put("outcome", entry.outcome().name());
            entry.code().ifPresent(code -> json.put("code", code));
            entry.size().ifPresent(size -> json.put("size", size));
            entry.sha256().ifPresent(digest -> json.put("sha256", digest));
            return json.encode() + "\n";
        }
    },
    /** RFC 4180. What a spreadsheet would take for a formula has an apostrophe before it. */
    CSV("text/csv", "text/csv; charset=utf-8; header=present", "number,path,outcome,code,size,sha256\r\n") {
        @Override
        String line(ReportEntry entry) {
            return entry.number()
                    + "," + field(entry.path())
                    + "," + entry.outcome().name()
                    + "," + entry.code().map(ReportFormat::field).orElse("")
                    + ","
                    + (entry.size().isPresent() ? String.valueOf(entry.size().getAsLong()) : "")
                    + "," + entry.sha256().map(ReportFormat::field).orElse("")
                    + "\r\n";
        }
    };

    private static final String FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    private final String range;
    private final String mediaType;
    private final String head;

    ReportFormat(String range, String mediaType, String head) {
        this.range = range;
        this.mediaType = mediaType;
        this.head = head;
    }

    /** The one an Accept header prefers, the first of equals; fails with 406. */
    static ReportFormat of(@Nullable String accept) {
        ReportFormat best = NDJSON;
        double bestQuality = 0;
        for (ReportFormat each : values()) {
            double quality = accept == null ? 1 : each.quality(accept);
            if (quality > bestQuality) {
                best = each;
                bestQuality = quality;
            }
        }
        if (bestQuality == 0) {
            throw new Problem(406, "NOT_ACCEPTABLE", "Accept must allow application/x-ndjson or text/csv");
        }
        return best;
    }

    abstract String line(ReportEntry entry);

    String mediaType() {
        return mediaType;
    }

    /** What comes before the first line. */
    String head() {
        return head;
    }

    private double quality(String accept) {
        return MediaRanges.quality(accept, range);
    }

    private static String field(String value) {
        boolean formula = !value.isEmpty() && FORMULA_STARTS.indexOf(value.charAt(0)) >= 0;
        String safe = formula ? "'" + value : value;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
