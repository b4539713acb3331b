package io.ferrymesh.cli;

import io.ferrymesh.kgc.api.OperatorJson;
import io.ferrymesh.kgc.operator.ProviderInfo;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The providers that the key centre gives certificates to. */
@Command(
        name = "provider",
        description = "Takes providers on, draws their enrolment tokens, sets their quotas. Role ENROLMENT.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KgcProviderCommand {

    private static final String NUMBER = "The provider's number.";
    private static final String QUOTA =
            "Certificates it may have in a quota epoch, 0 to 1000000, or default for what kgc run says.";

    @Command(name = "create", description = "Takes a provider on.", mixinStandardHelpOptions = true)
    int create(
            @Mixin OperatorAccess access,
            @Parameters(
                            paramLabel = "NAME",
                            converter = Arguments.Name.class,
                            description = "1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore.")
                    String name,
            @Option(
                            names = "--quota",
                            paramLabel = "N",
                            defaultValue = "default",
                            converter = Arguments.Quota.class,
                            description = QUOTA)
                    OptionalInt quota)
            throws Exception {
        return access.run(operations -> JsonOut.print(OperatorJson.of(operations.createProvider(name, quota))));
    }

    @Command(
            name = "list",
            description = "All providers, a line each. Also for the roles REVOCATION and AUDIT.",
            mixinStandardHelpOptions = true)
    int list(@Mixin OperatorAccess access) throws Exception {
        return access.run(operations -> JsonOut.pages(
                0, after -> operations.providers(after, JsonOut.page()), ProviderInfo::number, OperatorJson::of));
    }

    @Command(
            name = "show",
            description = "One provider. Also for the roles REVOCATION and AUDIT.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin OperatorAccess access,
            @Parameters(paramLabel = "NUMBER", converter = Arguments.ProviderNumber.class, description = NUMBER)
                    long number)
            throws Exception {
        return access.run(operations -> JsonOut.print(OperatorJson.of(operations.provider(number))));
    }

    @Command(name = "quota", description = "Sets a provider's quota.", mixinStandardHelpOptions = true)
    int quota(
            @Mixin OperatorAccess access,
            @Parameters(paramLabel = "NUMBER", converter = Arguments.ProviderNumber.class, description = NUMBER)
                    long number,
            @Parameters(paramLabel = "QUOTA", converter = Arguments.Quota.class, description = QUOTA) OptionalInt quota)
            throws Exception {
        return access.run(operations -> JsonOut.print(OperatorJson.of(operations.setQuota(number, quota))));
    }

    @Command(
            name = "token",
            description = "Draws a one-time enrolment token, which is shown this once.",
            mixinStandardHelpOptions = true)
    int token(
            @Mixin OperatorAccess access,
            @Parameters(paramLabel = "NUMBER", converter = Arguments.ProviderNumber.class, description = NUMBER)
                    long number,
            @Option(
                            names = "--validity-seconds",
                            paramLabel = "N",
                            converter = Arguments.Validity.class,
                            description = "How long it can be used, 1 to 31622400. Default: what kgc run says.")
                    @Nullable
                    Long validity,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Where to write the token, instead of printing it. Never overwrites.")
                    @Nullable
                    Path out)
            throws Exception {
        return access.run(operations -> JsonOut.secret(
                out, "token", () -> OperatorJson.of(operations.createToken(number, KgcCommand.optional(validity)))));
    }
}
