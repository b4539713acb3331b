package io.ferrymesh.cli;

import io.ferrymesh.cli.user.AccountClient;
import io.ferrymesh.cli.user.Session;
import io.ferrymesh.cli.user.SessionFile;
import io.ferrymesh.cli.user.UserClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A user's account at a provider. */
@Command(
        name = "account",
        description =
                "A user's account at a provider. Registering and logging in keep a session in a file that only its"
                        + " owner can read; other commands use it and renew it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AccountCommand {

    private static final String PASSWORD = "--password-file";
    private static final String NEW_PASSWORD = "--new-password-file";

    @Spec
    private CommandSpec spec;

    @Command(name = "register", description = "Makes an account and logs in.", mixinStandardHelpOptions = true)
    int register(
            @Mixin SessionOptions at,
            @Option(
                            names = "--ca",
                            paramLabel = "FILE",
                            description = "PEM certificates to trust instead of the system's.")
                    @Nullable
                    Path trusted,
            @Option(names = PASSWORD, paramLabel = "FILE", description = "Holds the password. Default: asks for it.")
                    @Nullable
                    Path password,
            @Parameters(paramLabel = "NAME", description = "3 to 64 of a-z, 0-9, dot, hyphen and underscore.")
                    String name)
            throws Exception {
        AccountClient client = new AccountClient(at.provider(), absolute(trusted));
        return keep(at.file(), client.register(name, PasswordOption.read(spec, PASSWORD, password, "New password")));
    }

    @Command(name = "login", description = "Begins a session.", mixinStandardHelpOptions = true)
    int login(
            @Mixin SessionOptions at,
            @Option(
                            names = "--ca",
                            paramLabel = "FILE",
                            description = "PEM certificates to trust instead of the system's.")
                    @Nullable
                    Path trusted,
            @Option(names = PASSWORD, paramLabel = "FILE", description = "Holds the password. Default: asks for it.")
                    @Nullable
                    Path password,
            @Parameters(paramLabel = "NAME", description = "The account's name.") String name)
            throws Exception {
        AccountClient client = new AccountClient(at.provider(), absolute(trusted));
        Optional<String> device = at.file().device(at.provider(), name);
        return keep(at.file(), client.login(name, PasswordOption.read(spec, PASSWORD, password, "Password"), device));
    }

    @Command(name = "show", description = "The account, its space and its sessions.", mixinStandardHelpOptions = true)
    int show(@Mixin SessionOptions at) throws Exception {
        UserClient user = at.user();
        JsonObject account = user.get("/v1/account");
        JsonOut.print(account.mergeIn(user.get("/v1/sessions")));
        return 0;
    }

    @Command(name = "logout", description = "Ends the session and removes its file.", mixinStandardHelpOptions = true)
    int logout(@Mixin SessionOptions at) throws Exception {
        at.user().tell("DELETE", "/v1/sessions/current", Optional.empty());
        at.file().remove();
        return 0;
    }

    @Command(
            name = "password",
            description = "Changes the password and ends every other session.",
            mixinStandardHelpOptions = true)
    int password(
            @Mixin SessionOptions at,
            @Option(
                            names = PASSWORD,
                            paramLabel = "FILE",
                            description = "Holds the old password. Default: asks for it.")
                    @Nullable
                    Path old,
            @Option(names = NEW_PASSWORD, paramLabel = "FILE", description = "Holds the new one. Default: asks for it.")
                    @Nullable
                    Path fresh)
            throws Exception {
        UserClient user = at.user();
        JsonObject body = new JsonObject()
                .put("oldPassword", PasswordOption.read(spec, PASSWORD, old, "Old password"))
                .put("newPassword", PasswordOption.read(spec, NEW_PASSWORD, fresh, "New password"));
        user.tell("PUT", "/v1/account/password", Optional.of(body));
        return 0;
    }

    @Command(
            name = "delete",
            description = "Deletes the account with all its objects, grants and migrations.",
            mixinStandardHelpOptions = true)
    int delete(
            @Mixin SessionOptions at,
            @Option(names = PASSWORD, paramLabel = "FILE", description = "Holds the password. Default: asks for it.")
                    @Nullable
                    Path password)
            throws Exception {
        UserClient user = at.user();
        JsonObject body = new JsonObject().put("password", PasswordOption.read(spec, PASSWORD, password, "Password"));
        user.tell("POST", "/v1/account/deletion", Optional.of(body));
        at.file().remove();
        at.file().forgetDevice();
        return 0;
    }

    private static int keep(SessionFile file, Session session) throws IOException {
        file.save(session);
        JsonOut.print(new JsonObject()
                .put("name", session.name())
                .put("provider", session.provider().toString())
                .put("session", file.path().toString()));
        return 0;
    }

    private static Optional<Path> absolute(@Nullable Path file) {
        return Optional.ofNullable(file).map(Path::toAbsolutePath);
    }
}
