package io.ferrymesh.cli;

import io.ferrymesh.kgc.api.OperatorJson;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.SignedReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says who goes by a pseudonym, when there is a reason. */
@Command(
        name = "trace",
        description = "Opens a pseudonym, or those of a receipt. Role TRACE.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KgcTraceCommand {

    @Spec
    private CommandSpec spec;

    @Command(name = "pseudonym", description = "Opens one pseudonym.", mixinStandardHelpOptions = true)
    int pseudonym(
            @Mixin OperatorAccess access,
            @Parameters(
                            paramLabel = "PSEUDONYM",
                            converter = Arguments.APseudonym.class,
                            description = "32 hex digits.")
                    Pseudonym pseudonym,
            @Mixin AuditReason reason)
            throws Exception {
        return access.run(operations -> JsonOut.print(OperatorJson.of(operations.trace(pseudonym, reason.text()))));
    }

    @Command(
            name = "receipt",
            description = "Opens the pseudonyms of a migration's receipt, which must verify.",
            mixinStandardHelpOptions = true)
    int receipt(
            @Mixin OperatorAccess access,
            @Parameters(paramLabel = "FILE", description = "The receipt, as a provider gave it.") Path file,
            @Mixin AuditReason reason)
            throws Exception {
        byte[] receipt = read(file);
        return access.run(
                operations -> JsonOut.print(OperatorJson.of(operations.traceReceipt(receipt, reason.text()))));
    }

    private byte[] read(Path file) {
        try {
            if (Files.size(file) == SignedReceipt.LENGTH) {
                return Files.readAllBytes(file);
            }
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "FILE cannot be read: " + file, e);
        }
        throw new ParameterException(
                spec.commandLine(), "FILE must be a receipt of " + SignedReceipt.LENGTH + " bytes: " + file);
    }
}
