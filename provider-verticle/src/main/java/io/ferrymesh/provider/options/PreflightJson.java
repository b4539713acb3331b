package io.ferrymesh.provider.options;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A preflight as the API has it and the database keeps it. What is not known is null. */
final class PreflightJson {

    private PreflightJson() {}

    static JsonObject of(Preflight preflight) {
        return new JsonObject()
                .put("freeBytes", orNull(preflight.freeBytes()))
                .put("quotaBytes", orNull(preflight.quotaBytes()))
                .put("objectsProbed", preflight.objectsProbed())
                .put("objectsNotProbed", preflight.objectsNotProbed())
                .put(
                        "findings",
                        new JsonArray(preflight.findings().stream()
                                .map(PreflightJson::of)
                                .toList()));
    }

    /** The same, read. */
    static Preflight preflight(JsonObject json) {
        JsonArray findings = json.getJsonArray("findings");
        return new Preflight(
                number(json, "freeBytes"),
                number(json, "quotaBytes"),
                json.getLong("objectsProbed"),
                json.getLong("objectsNotProbed"),
                findings.stream().map(each -> finding((JsonObject) each)).toList());
    }

    private static JsonObject of(Finding finding) {
        return new JsonObject()
                .put("kind", finding.kind().name())
                .put("severity", finding.severity().name())
                .put("objects", finding.objects())
                .put("bytes", finding.bytes())
                .put("examples", new JsonArray(finding.examples()))
                .put("message", finding.message());
    }

    private static Finding finding(JsonObject json) {
        List<String> examples =
                json.getJsonArray("examples").stream().map(String.class::cast).toList();
        return new Finding(
                Finding.Kind.valueOf(json.getString("kind")),
                Finding.Severity.valueOf(json.getString("severity")),
                json.getLong("objects"),
                json.getLong("bytes"),
                examples,
                json.getString("message"));
    }

    private static @Nullable Long orNull(OptionalLong number) {
        return number.isPresent() ? (Long) number.getAsLong() : null;
    }

    private static OptionalLong number(JsonObject json, String field) {
        Long value = json.getLong(field);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
