package io.ferrymesh.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A user's password: of a file, or asked for at the terminal. Never of the command line, which everybody can see. */
final class PasswordOption {

    private PasswordOption() {}

    static String read(CommandSpec command, String option, @Nullable Path file, String prompt) {
        if (file != null) {
            return new Secrets(command).text(option, file);
        }
        return Terminal.password(prompt)
                .map(String::new)
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        option + " must be given where there is no terminal to ask for a password"));
    }
}
