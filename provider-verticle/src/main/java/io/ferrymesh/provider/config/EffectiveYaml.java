package io.ferrymesh.provider.config;

import io.ferrymesh.provider.config.Settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what holds, as a file that could be read again but for its secrets, which are comments. */
final class EffectiveYaml {

    private final StringBuilder yaml = new StringBuilder();
    private List<String> open = List.of();

    private EffectiveYaml() {}

    static String of(Settings settings) {
        EffectiveYaml writer = new EffectiveYaml();
        String type = settings.optional(ConfigKeys.STORE_TYPE).orElse("");
        ConfigKeys.all().stream()
                .filter(key -> StoreReader.isOfNoOtherType(key, type))
                .forEach(key -> writer.key(key, settings.of(key)));
        return writer.yaml.toString();
    }

    private void key(Key<?> key, Optional<Setting> setting) {
        List<String> names = List.of(key.path().split("\\.", -1));
        sections(names.subList(0, names.size() - 1));
        String name = names.get(names.size() - 1);
        String indent = "  ".repeat(names.size() - 1);
        String source = setting.map(Setting::source).orElse("default");
        if (key.secret()) {
            yaml.append("%s# %s: %s\n"
                    .formatted(indent, name, setting.map(at -> "***  " + source).orElse("not set")));
        } else if (setting.isEmpty() && key.fallback().isEmpty()) {
            yaml.append("%s# %s: not set\n".formatted(indent, name));
        } else {
            String text = setting.map(Setting::text).or(key::fallback).orElseThrow();
            yaml.append("%s%s: %s  # %s\n".formatted(indent, name, value(key, text), source));
        }
    }

    private void sections(List<String> wanted) {
        int same = 0;
        while (same < Math.min(open.size(), wanted.size()) && open.get(same).equals(wanted.get(same))) {
            same++;
        }
        for (int i = same; i < wanted.size(); i++) {
            yaml.append("  ".repeat(i)).append(wanted.get(i)).append(":\n");
        }
        open = new ArrayList<>(wanted);
    }

    private static String value(Key<?> key, String text) {
        if (!key.type().isList()) {
            return quoted(text);
        }
        return Stream.of(text.split(",", -1))
                .filter(each -> !each.isBlank())
                .map(String::strip)
                .map(EffectiveYaml::quoted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "''") + "'";
    }
}
