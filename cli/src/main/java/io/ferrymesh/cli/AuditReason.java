package io.ferrymesh.cli;

import picocli.CommandLine.Option;

/** Why an operation is done that must not be done without a reason. */
final class AuditReason {

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            converter = Arguments.Reason.class,
            description = "10 to 500 characters, kept in the audit log with who asked.")
    private String text;

    String text() {
        return text;
    }
}
