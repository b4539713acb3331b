package io.ferrymesh.benchmarks;

import io.ferrymesh.benchmarks.crypto.JmhCommand;
import io.ferrymesh.benchmarks.crypto.WarmupCommand;
import io.ferrymesh.benchmarks.crypto.WireCommand;
import io.ferrymesh.benchmarks.http.HttpCommand;
import io.ferrymesh.benchmarks.issuance.IssuanceCommand;
import io.ferrymesh.benchmarks.load.LoadCommand;
import io.ferrymesh.benchmarks.transfer.TransferCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one program of this module. */
@Command(
        name = "benchmarks",
        description = "Measures Ferrymesh beside other tools, in one run and on the same machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TransferCommand.class,
            JmhCommand.class,
            WireCommand.class,
            WarmupCommand.class,
            IssuanceCommand.class,
            HttpCommand.class,
            LoadCommand.class
        })
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        CommandLine program = new CommandLine(new Main());
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("benchmarks: " + failure);
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(program.execute(args));
    }
}
