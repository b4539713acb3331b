package io.ferrymesh.cli;

import io.ferrymesh.kgc.api.OperatorJson;
import io.ferrymesh.scheme.Pseudonym;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes trust back. */
@Command(
        name = "revoke",
        description = "Revokes a pseudonym, or a provider with all it has. Role REVOCATION.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KgcRevokeCommand {

    @Command(
            name = "pseudonym",
            description = "Revokes one pseudonym, whoever it belongs to.",
            mixinStandardHelpOptions = true)
    int pseudonym(
            @Mixin OperatorAccess access,
            @Parameters(
                            paramLabel = "PSEUDONYM",
                            converter = Arguments.APseudonym.class,
                            description = "32 hex digits.")
                    Pseudonym pseudonym,
            @Mixin AuditReason reason)
            throws Exception {
        return access.run(
                operations -> JsonOut.print(OperatorJson.of(operations.revokePseudonym(pseudonym, reason.text()))));
    }

    @Command(
            name = "provider",
            description = "Revokes every unexpired pseudonym of a provider and gives it no more certificates.",
            mixinStandardHelpOptions = true)
    int provider(
            @Mixin OperatorAccess access,
            @Parameters(
                            paramLabel = "NUMBER",
                            converter = Arguments.ProviderNumber.class,
                            description = "The provider's number.")
                    long number,
            @Mixin AuditReason reason)
            throws Exception {
        return access.run(
                operations -> JsonOut.print(OperatorJson.of(operations.revokeProvider(number, reason.text()))));
    }
}
