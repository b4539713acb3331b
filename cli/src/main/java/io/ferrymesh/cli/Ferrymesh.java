package io.ferrymesh.cli;

import io.ferrymesh.cli.user.Printable;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.mesh.JavaObjects;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.config.ConfigException;
import io.ferrymesh.provider.service.ServiceException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. Exit status 0 for success, 1 for something that did not work, 2 for a command line that makes no sense. */
@Command(
        name = "ferrymesh",
        description = "Moves a person's data from one cloud provider to another, directly between the two.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            AccountCommand.class,
            ObjectCommand.class,
            MigrateCommand.class,
            GrantCommand.class,
            FetchCommand.class,
            MigrationCommand.class,
            EventsCommand.class,
            WebhookCommand.class,
            ReceiptCommand.class,
            KgcCommand.class,
            ProviderCommand.class
        })
public final class Ferrymesh {

    private Ferrymesh() {}

    public static void main(String[] args) {
        JavaObjects.refuseOthers();
        try {
            LogSettings.check(System.getenv());
            LogSettings.properties(System.getenv()).forEach(System::setProperty); // before anything logs
        } catch (IllegalArgumentException e) {
            System.err.println("ferrymesh: " + e.getMessage());
            System.exit(CommandLine.ExitCode.USAGE);
        }
        System.exit(run(args));
    }

    /** Runs a command line and returns its exit status. */
    static int run(String... args) {
        return new CommandLine(new Ferrymesh())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    explained(failure).stream().flatMap(String::lines).forEach(line -> command.getErr()
                            .println("ferrymesh: " + Printable.text(line)));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .setUsageHelpAutoWidth(true)
                .execute(args);
    }

    private static List<String> explained(Throwable failure) {
        return failure instanceof ConfigException config ? config.problems() : List.of(explain(failure));
    }

    /** What went wrong, for a person: the messages of the failure and of what caused it. */
    private static String explain(Throwable failure) {
        StringBuilder text = new StringBuilder(describe(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (text.indexOf(describe(cause)) < 0) {
                text.append(": ").append(describe(cause));
            }
        }
        return text.toString();
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof MeshException coded) {
            return coded.code() + ": " + message;
        }
        if (failure instanceof OperationException refused) {
            return refused.code() + ": " + message;
        }
        if (failure instanceof ServiceException refused) {
            return refused.error() + ": " + message;
        }
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
