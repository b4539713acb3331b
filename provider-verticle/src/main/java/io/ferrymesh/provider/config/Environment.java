package io.ferrymesh.provider.config;

import io.ferrymesh.provider.config.Settings.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Environment variables that set keys. One that looks like it and is none is refused. */
final class Environment {

    private Environment() {}

    /** By path. An empty variable is as good as none. */
    static Map<String, Setting> read(Map<String, String> environment, List<String> problems) {
        Map<String, Setting> set = new LinkedHashMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            Optional<Key<?>> key = ConfigKeys.all().stream()
                    .filter(each -> each.variable().equals(variable))
                    .findFirst();
            if (key.isPresent() && !value.isEmpty()) {
                set.put(key.get().path(), new Setting(value, "environment " + variable));
            } else if (key.isEmpty() && variable.startsWith(Key.PREFIX)) {
                problems.add("there is no variable " + variable + Nearest.hint(variable, variables()));
            }
        });
        return set;
    }

    private static List<String> variables() {
        return ConfigKeys.all().stream().<String>map(Key::variable).toList();
    }
}
