package io.ferrymesh.cli;

import io.ferrymesh.kgc.api.OperatorJson;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Certificate;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The audit log. */
@Command(
        name = "audit",
        description = "Reads, exports and verifies the audit log. Role AUDIT.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = KgcVerifyCommand.class)
final class KgcAuditCommand {

    @Command(name = "list", description = "Some entries, a line each.", mixinStandardHelpOptions = true)
    int list(
            @Mixin OperatorAccess access,
            @Option(
                            names = "--after",
                            paramLabel = "SEQ",
                            defaultValue = "0",
                            converter = Arguments.After.class,
                            description = "Only later entries. Default: ${DEFAULT-VALUE}.")
                    long after,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            converter = Arguments.PageSize.class,
                            description = "At most so many, 1 to 1000. Default: ${DEFAULT-VALUE}.")
                    int limit)
            throws Exception {
        return access.run(
                operations -> operations.audit(after, limit).forEach(entry -> JsonOut.print(OperatorJson.of(entry))));
    }

    @Command(
            name = "export",
            description = "All entries, a line each, as audit verify takes them.",
            mixinStandardHelpOptions = true)
    int export(
            @Mixin OperatorAccess access,
            @Option(
                            names = "--after",
                            paramLabel = "SEQ",
                            defaultValue = "0",
                            converter = Arguments.After.class,
                            description = "Only later entries, to go on with an earlier export. Default:"
                                    + " ${DEFAULT-VALUE}.")
                    long after)
            throws Exception {
        return access.run(operations -> JsonOut.pages(
                after, last -> operations.audit(last, JsonOut.page()), AuditEntry::seq, OperatorJson::of));
    }

    @Command(
            name = "head",
            description =
                    "The bulletin that says how far the audit log goes, signed: kept elsewhere, it shows whether the"
                            + " log was cut off or rewritten.",
            mixinStandardHelpOptions = true)
    int head(
            @Mixin OperatorAccess access,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description =
                                    "Where to write its bytes, instead of printing them in Base64. Never overwrites.")
                    @Nullable
                    Path out)
            throws Exception {
        return access.run(operations -> {
            if (out == null) {
                String bulletin = Base64.getEncoder().encodeToString(operations.auditHead());
                JsonOut.print(new JsonObject().put("bulletin", bulletin));
                return;
            }
            try (OwnerOnlyFile made = OwnerOnlyFile.create(out)) {
                made.bytes(operations.auditHead());
                JsonOut.print(new JsonObject().put("file", out.toString()));
            }
        });
    }

    @Command(
            name = "certificate",
            description = "Whether a certificate was issued here, and which entry proves it. Never to whom.",
            mixinStandardHelpOptions = true)
    int certificate(
            @Mixin OperatorAccess access,
            @Parameters(
                            paramLabel = "CERTIFICATE",
                            converter = Arguments.ACertificate.class,
                            description = "Its 126 hex digits.")
                    Certificate certificate)
            throws Exception {
        return access.run(operations -> JsonOut.print(OperatorJson.of(operations.certificate(certificate))));
    }
}
