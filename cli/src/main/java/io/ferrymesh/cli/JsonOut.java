package io.ferrymesh.cli;

import io.ferrymesh.cli.user.Printable;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Prints what programs read: a JSON object on one line, or one a line. */
final class JsonOut {

    private static final int PAGE = 1_000;

    private JsonOut() {}

    static void print(JsonObject object) {
        System.out.println(Printable.json(object.encode()));
    }

    /** All of a list that comes in pages, from after a place on. */
    static <T> void pages(
            long after, LongFunction<List<T>> page, ToLongFunction<T> place, Function<T, JsonObject> json) {
        long last = after;
        List<T> items;
        do {
            items = page.apply(last);
            items.forEach(item -> print(json.apply(item)));
            last = items.isEmpty() ? last : place.applyAsLong(items.get(items.size() - 1));
        } while (items.size() == PAGE);
    }

    static int page() {
        return PAGE;
    }

    /** Draws a secret and prints it in its JSON, or writes it to a file and prints the rest and the file. */
    static void secret(@Nullable Path file, String field, Secret draw) throws IOException {
        if (file == null) {
            print(draw.json());
            return;
        }
        try (OwnerOnlyFile made = OwnerOnlyFile.create(file)) {
            JsonObject json = draw.json();
            made.line(json.getString(field));
            json.remove(field);
            print(json.put("file", file.toString()));
        }
    }

    /** Something that is made once and not shown again. */
    @FunctionalInterface
    interface Secret {
        JsonObject json();
    }
}
