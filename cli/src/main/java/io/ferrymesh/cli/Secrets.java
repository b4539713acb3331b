package io.ferrymesh.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads secrets from files, because a command line can be seen by everybody on the machine. */
final class Secrets {

    private static final long MAX_FILE_BYTES = 4_096;

    private final CommandSpec command;

    Secrets(CommandSpec command) {
        this.command = command;
    }

    /** A file's only line, in ASCII. */
    String line(String option, Path file) {
        return line(option, file, StandardCharsets.US_ASCII);
    }

    /** A file's only line, whatever it is written in. */
    String text(String option, Path file) {
        return line(option, file, StandardCharsets.UTF_8);
    }

    private String line(String option, Path file, Charset charset) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw wrong(option, file, "is larger than " + MAX_FILE_BYTES + " bytes");
            }
            String line = Files.readString(file, charset).strip();
            if (line.isEmpty() || line.contains("\n")) {
                throw wrong(option, file, "must hold one line");
            }
            return line;
        } catch (IOException e) {
            throw wrong(option, file, "cannot be read: " + e);
        }
    }

    /** A file's only line as {@code bytes} bytes in hex. */
    byte[] hex(String option, Path file, int bytes) {
        String line = line(option, file);
        if (!line.matches("[0-9a-f]{" + 2 * bytes + "}")) {
            throw wrong(option, file, "must hold " + 2 * bytes + " lower-case hex digits");
        }
        return HexFormat.of().parseHex(line);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private ParameterException wrong(String option, Path file, String what) {
        return new ParameterException(command.commandLine(), option + ": " + file + " " + what);
    }
}
