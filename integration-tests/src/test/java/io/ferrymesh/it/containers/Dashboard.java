package io.ferrymesh.it.containers;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Grafana dashboard asks Prometheus for. */
record Dashboard(List<String> expressions) {

    private static final Pattern METRIC = Pattern.compile("\\b(?:ferrymesh|jvm|process|system|vertx)_[a-z0-9_]+");

    static Dashboard read(Path file) throws IOException {
        List<String> expressions = new ArrayList<>();
        JsonArray panels = new JsonObject(Files.readString(file)).getJsonArray("panels");
        for (int i = 0; i < panels.size(); i++) {
            JsonArray targets = panels.getJsonObject(i).getJsonArray("targets", new JsonArray());
            for (int j = 0; j < targets.size(); j++) {
                expressions.add(resolved(targets.getJsonObject(j).getString("expr")));
            }
        }
        return new Dashboard(List.copyOf(expressions));
    }

    /** The names of all metrics in it. */
    Set<String> metrics() {
        Set<String> names = new TreeSet<>();
        for (String expression : expressions) {
            Matcher matcher = METRIC.matcher(expression);
            while (matcher.find()) {
                names.add(matcher.group());
            }
        }
        return names;
    }

    /** As Grafana would put it with everything selected. */
    private static String resolved(String expression) {
        return expression.replace("$__rate_interval", "1m").replace("$party", ".*");
    }
}
