package io.ferrymesh.cli;

import io.ferrymesh.kgc.operator.NewOperator;
import io.ferrymesh.kgc.operator.OperatorInfo;
import io.ferrymesh.kgc.operator.Role;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who may do what: only with the key file. */
@Command(
        name = "operator",
        description = "Adds, lists and removes operators. Only on a machine that has the key file, never over the API.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KgcOperatorCommand {

    @Spec
    private CommandSpec spec;

    @Command(
            name = "add",
            description = "Adds an operator and draws the token, which is shown this once.",
            mixinStandardHelpOptions = true)
    int add(
            @Mixin CentreOptions centre,
            @Parameters(
                            paramLabel = "NAME",
                            converter = Arguments.Name.class,
                            description = "1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore.")
                    String name,
            @Parameters(
                            paramLabel = "ROLE",
                            converter = Arguments.AnyRole.class,
                            description = "ENROLMENT, REVOCATION, TRACE, AUDIT or ADMIN.")
                    Role role,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Where to write the token, instead of printing it. Never overwrites.")
                    @Nullable
                    Path out)
            throws Exception {
        try (LocalCentre local = LocalCentre.open(centre, spec)) {
            JsonOut.secret(out, "token", () -> {
                NewOperator made = local.operators().add(name, role);
                return new JsonObject()
                        .put("name", made.name())
                        .put("role", made.role().name())
                        .put("token", made.token());
            });
        }
        return 0;
    }

    @Command(name = "list", description = "All operators, a line each.", mixinStandardHelpOptions = true)
    int list(@Mixin CentreOptions centre) throws Exception {
        try (LocalCentre local = LocalCentre.open(centre, spec)) {
            local.operators().list().forEach(operator -> JsonOut.print(json(operator)));
        }
        return 0;
    }

    @Command(
            name = "remove",
            description = "Removes an operator; the token is good for nothing from then on.",
            mixinStandardHelpOptions = true)
    int remove(
            @Mixin CentreOptions centre,
            @Parameters(paramLabel = "NAME", converter = Arguments.Name.class, description = "Who.") String name)
            throws Exception {
        try (LocalCentre local = LocalCentre.open(centre, spec)) {
            local.operators().remove(name);
            JsonOut.print(new JsonObject().put("removed", name));
        }
        return 0;
    }

    private static JsonObject json(OperatorInfo operator) {
        return new JsonObject()
                .put("name", operator.name())
                .put("role", operator.role().name())
                .put("createdAt", operator.createdAt().toString())
                .put("genuine", operator.genuine());
    }
}
