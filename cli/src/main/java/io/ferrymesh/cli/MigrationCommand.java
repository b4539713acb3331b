package io.ferrymesh.cli;

import io.ferrymesh.cli.user.MigrationClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A user's migrations at the new provider. */
@Command(
        name = "migration",
        description = "A user's migrations at the new provider, with the session of account login.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class MigrationCommand {

    @Spec
    private CommandSpec spec;

    /** Which one. */
    static final class Which {

        @Parameters(
                index = "0",
                paramLabel = "ID",
                converter = Arguments.AMigration.class,
                description = "The migration's id, 32 hex digits.")
        private String id = "";

        String id() {
            return id;
        }
    }

    @Command(
            name = "list",
            description = "Every migration, newest first, a line of JSON each.",
            mixinStandardHelpOptions = true)
    int list(@Mixin SessionOptions at) throws Exception {
        client(at).migrations(JsonOut::print);
        return 0;
    }

    @Command(
            name = "show",
            description = "How one stands, with its options, what a dry run has found and what a mirror has removed.",
            mixinStandardHelpOptions = true)
    int show(@Mixin SessionOptions at, @Mixin Which which) throws Exception {
        JsonOut.print(client(at).migration(which.id()));
        return 0;
    }

    @Command(name = "pause", description = "Stops one so that it can go on.", mixinStandardHelpOptions = true)
    int pause(@Mixin SessionOptions at, @Mixin Which which) throws Exception {
        return moved(at, which, "pause");
    }

    @Command(name = "resume", description = "Goes on with one that pauses or failed.", mixinStandardHelpOptions = true)
    int resume(@Mixin SessionOptions at, @Mixin Which which) throws Exception {
        return moved(at, which, "resume");
    }

    @Command(
            name = "retry",
            description = "Tries again what failed, as long as the grant lives, also of one that has completed.",
            mixinStandardHelpOptions = true)
    int retry(@Mixin SessionOptions at, @Mixin Which which) throws Exception {
        return moved(at, which, "retry");
    }

    @Command(name = "cancel", description = "Ends one for good; what arrived stays.", mixinStandardHelpOptions = true)
    int cancel(@Mixin SessionOptions at, @Mixin Which which) throws Exception {
        client(at).cancel(which.id());
        return 0;
    }

    @Command(
            name = "limit",
            description =
                    "Changes how fast one may be, from when and until when, also while it runs. What is left out stays.",
            mixinStandardHelpOptions = true)
    int limit(@Mixin SessionOptions at, @Mixin Which which, @Mixin ScheduleOptions schedule) throws Exception {
        JsonObject change = schedule.json();
        if (change.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "give one of --limit, --timetable, --start-at and --deadline");
        }
        JsonOut.print(client(at).change(which.id(), change));
        return 0;
    }

    @Command(
            name = "events",
            description =
                    "What happens to one until it ends, a line of JSON each: its changes of state, and its progress.",
            mixinStandardHelpOptions = true)
    int events(@Mixin SessionOptions at, @Mixin Which which) throws Exception {
        client(at).events(which.id(), JsonOut::print);
        return 0;
    }

    @Command(
            name = "report",
            description = "What became of each object, a line of JSON each.",
            mixinStandardHelpOptions = true)
    int report(
            @Mixin SessionOptions at,
            @Mixin Which which,
            @Option(names = "--problems", description = "Only what failed or was skipped.") boolean problems)
            throws Exception {
        client(at).report(which.id(), entry -> {
            String outcome = entry.getString("outcome", "");
            if (!problems || outcome.equals("FAILED") || outcome.equals("SKIPPED")) {
                JsonOut.print(entry);
            }
        });
        return 0;
    }

    @Command(
            name = "receipt",
            description = "Keeps the receipt, which both providers have signed. See the receipt command.",
            mixinStandardHelpOptions = true)
    int receipt(
            @Mixin SessionOptions at,
            @Mixin Which which,
            @Option(
                            names = "--number",
                            paramLabel = "NUMBER",
                            description = "Which, if there are several: from 1 as they came. Default: the newest.")
                    Optional<Long> number,
            @Parameters(index = "1", paramLabel = "FILE", description = "Where to, over what is there.") Path file)
            throws Exception {
        OptionalLong one = number.map(OptionalLong::of).orElseGet(OptionalLong::empty);
        Files.write(file, client(at).receipt(which.id(), one));
        return 0;
    }

    @Command(
            name = "proof",
            description = "That the receipt covers one object, as JSON for receipt verify --proof.",
            mixinStandardHelpOptions = true)
    int proof(
            @Mixin SessionOptions at,
            @Mixin Which which,
            @Parameters(index = "1", paramLabel = "PATH", description = "The object, as the report has it.")
                    String path)
            throws Exception {
        JsonOut.print(client(at).proof(which.id(), path));
        return 0;
    }

    private static int moved(SessionOptions at, Which which, String how) throws Exception {
        JsonOut.print(client(at).move(which.id(), how));
        return 0;
    }

    private static MigrationClient client(SessionOptions at) throws IOException {
        return new MigrationClient(at.user());
    }
}
