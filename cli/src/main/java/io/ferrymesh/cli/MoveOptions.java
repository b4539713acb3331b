package io.ferrymesh.cli;

import io.ferrymesh.provider.options.ConflictPolicy;
import io.ferrymesh.provider.options.MetadataPolicy;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.options.SourceChanged;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a migration goes, which is up to its destination. */
final class MoveOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description =
                    "Only objects that one of these fits: * within a part of the path, ** over parts, ?, [a-z], {a,b}.")
    private List<String> include = List.of();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "No object that one of these fits.")
    private List<String> exclude = List.of();

    @Option(
            names = "--only",
            paramLabel = "PATH",
            description = "Only objects whose path starts with this, of those that may leave.")
    private @Nullable String prefix;

    @Option(
            names = "--min-bytes",
            paramLabel = "N",
            converter = Arguments.After.class,
            description = "No smaller ones.")
    private @Nullable Long minBytes;

    @Option(names = "--max-bytes", paramLabel = "N", converter = Arguments.After.class, description = "No larger ones.")
    private @Nullable Long maxBytes;

    @Option(
            names = "--modified-from",
            paramLabel = "TIME",
            description = "None that was changed last before this, such as 2025-01-31T00:00:00Z.")
    private @Nullable String modifiedFrom;

    @Option(names = "--modified-until", paramLabel = "TIME", description = "None that was changed then or later.")
    private @Nullable String modifiedUntil;

    @Option(
            names = "--conflict",
            paramLabel = "WHAT",
            converter = Arguments.Conflict.class,
            description = "Where a name is taken by another content: skip-same (it fails), overwrite-older, overwrite,"
                    + " keep-both or fail (the migration stops). Default: skip-same.")
    private @Nullable ConflictPolicy conflict;

    @Option(
            names = "--metadata",
            paramLabel = "WHAT",
            converter = Arguments.Metadata.class,
            description =
                    "Metadata that the new provider cannot keep: prefer (goes, and the report says so), require (the"
                            + " object fails) or ignore. Default: prefer.")
    private @Nullable MetadataPolicy metadata;

    @Option(names = "--read-back", description = "Have what was written read again and compared.")
    private boolean readBack;

    @Option(
            names = "--source-changed",
            paramLabel = "WHAT",
            converter = Arguments.Changed.class,
            description = "An object that changes meanwhile: retry or fail. Default: retry.")
    private @Nullable SourceChanged sourceChanged;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            converter = Arguments.Attempts.class,
            description = "How often an object is tried, 1 to 10. Default: 3.")
    private @Nullable Long attempts;

    @Option(
            names = "--dry-run",
            description = "Move nothing and say what would be moved. Without it the same grant can be used afterwards.")
    private boolean dryRun;

    @Option(
            names = "--mirror",
            description =
                    "Remove afterwards what is at the new provider, and selected, and not at the old one. Nothing is"
                            + " removed unless everything arrived. Not with --conflict keep-both or overwrite-older.")
    private boolean mirror;

    @Option(
            names = "--mirror-max-deletes",
            paramLabel = "N",
            converter = Arguments.After.class,
            description = "Remove nothing if there are more than so many. Default: 1000.")
    private @Nullable Long mirrorMaxDeletes;

    @Mixin
    private ScheduleOptions schedule = new ScheduleOptions();

    /** What was asked for; empty for whatever the provider has by default, or was asked before. */
    Optional<JsonObject> json() {
        JsonObject selection = new JsonObject();
        put(selection, "prefix", prefix);
        put(selection, "minBytes", minBytes);
        put(selection, "maxBytes", maxBytes);
        put(selection, "modifiedFrom", modifiedFrom);
        put(selection, "modifiedUntil", modifiedUntil);
        put(selection, "include", include.isEmpty() ? null : new JsonArray(include));
        put(selection, "exclude", exclude.isEmpty() ? null : new JsonArray(exclude));
        JsonObject json = new JsonObject();
        schedule.json().forEach(said -> put(json, said.getKey(), said.getValue())); // there is nothing to take back yet
        put(json, "selection", selection.isEmpty() ? null : selection);
        put(json, "conflict", conflict);
        put(json, "metadata", metadata);
        put(json, "verification", readBack ? "READ_BACK" : null);
        put(json, "sourceChanged", sourceChanged);
        put(json, "attempts", attempts);
        put(json, "dryRun", dryRun ? true : null);
        put(json, "mirror", mirror ? true : null);
        put(json, "mirrorMaxDeletes", mirrorMaxDeletes);
        check(json);
        return json.isEmpty() ? Optional.empty() : Optional.of(json);
    }

    /** Whether what the old provider has not got is removed at the new one. */
    boolean isMirror() {
        return mirror;
    }

    /** Whether nothing is to be moved. */
    boolean isDryRun() {
        return dryRun;
    }

    /** Says what is wrong before any provider is asked. */
    private void check(JsonObject json) {
        try {
            var unused = OptionsJson.options(json);
            var unusedToo = OptionsJson.changed(Schedule.NONE, json);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void put(JsonObject json, String field, @Nullable Object value) {
        if (value != null) {
            json.put(field, value instanceof Enum<?> choice ? choice.name() : value);
        }
    }

    /** As it is written at the command line. */
    static String name(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
