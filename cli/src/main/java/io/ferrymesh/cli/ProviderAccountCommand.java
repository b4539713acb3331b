package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.accounts.AccountAdministration;
import io.ferrymesh.provider.accounts.AccountAdministration.Listed;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.node.ProviderBase;
import io.ferrymesh.provider.service.Page;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the operator of a provider does with its accounts. */
@Command(
        name = "account",
        description =
                "The accounts of a provider, for its operator. Works on the database, whether processes run or not; they"
                        + " take it up within a second.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ProviderAccountCommand {

    private static final int PAGE = 1_000;

    @Spec
    private CommandSpec spec;

    /** What is done with the accounts. */
    @FunctionalInterface
    private interface Work {
        void with(AccountAdministration accounts) throws Exception;
    }

    @Command(
            name = "list",
            description = "Every account, a line of JSON each, by name.",
            mixinStandardHelpOptions = true)
    int list(@Mixin ConfigOption config) throws Exception {
        return with(ConfigOption.readable(config.provider()), accounts -> {
            Optional<String> after = Optional.empty();
            do {
                Page<Listed> page = accounts.list(after, PAGE);
                page.items().forEach(account -> JsonOut.print(json(account)));
                after = page.next();
            } while (after.isPresent());
        });
    }

    @Command(
            name = "lock",
            description = "Ends an account's sessions and lets nobody log in. What it asked for goes on.",
            mixinStandardHelpOptions = true)
    int lock(@Mixin ConfigOption config, @Parameters(paramLabel = "NAME", description = "The account.") String name)
            throws Exception {
        return run(config, accounts -> {
            accounts.lock(name);
            JsonOut.print(json(accounts.show(name)));
        });
    }

    @Command(name = "unlock", description = "Lets the owner log in again.", mixinStandardHelpOptions = true)
    int unlock(@Mixin ConfigOption config, @Parameters(paramLabel = "NAME", description = "The account.") String name)
            throws Exception {
        return run(config, accounts -> {
            accounts.unlock(name);
            JsonOut.print(json(accounts.show(name)));
        });
    }

    @Command(name = "quota", description = "Sets an account's space.", mixinStandardHelpOptions = true)
    int quota(
            @Mixin ConfigOption config,
            @Parameters(index = "0", paramLabel = "NAME", description = "The account.") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "BYTES",
                            converter = Arguments.Space.class,
                            description = "The most it may use, or default.")
                    OptionalLong bytes)
            throws Exception {
        return run(config, accounts -> {
            accounts.setQuota(name, bytes);
            JsonOut.print(json(accounts.show(name)));
        });
    }

    @Command(
            name = "delete",
            description = "Erases an account with all its data, as its owner can. A running process does it.",
            mixinStandardHelpOptions = true)
    int delete(@Mixin ConfigOption config, @Parameters(paramLabel = "NAME", description = "The account.") String name)
            throws Exception {
        return run(config, accounts -> {
            accounts.delete(name);
            JsonOut.print(json(accounts.show(name)));
        });
    }

    @Command(
            name = "create",
            description = "Makes accounts with one password, whether registration is open or not.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin ConfigOption config,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "Holds the password. Default: asks for it.")
                    @Nullable
                    Path password,
            @Parameters(
                            paramLabel = "NAME",
                            arity = "1..*",
                            description =
                                    "3 to 64 of a-z, 0-9, dot, hyphen and underscore. The first that cannot be made ends it;"
                                            + " those before it are there.")
                    List<String> names)
            throws Exception {
        ProviderConfig provider = config.provider();
        byte[] chosen = PasswordOption.read(spec, "--password-file", password, "New password")
                .getBytes(StandardCharsets.UTF_8);
        try (ProviderBase base = ProviderBase.openExisting(provider, ConfigOption.secrets(provider.keys()))) {
            for (String name : names) {
                JsonOut.print(json(base.createAccount(name, chosen.clone())));
            }
        } finally {
            Arrays.fill(chosen, (byte) 0);
        }
        return 0;
    }

    private static int run(ConfigOption config, Work work) throws Exception {
        return with(ConfigOption.database(config.provider()), work);
    }

    private static int with(Database opened, Work work) throws Exception {
        try (Database database = opened) {
            work.with(new AccountAdministration(database, Clock.systemUTC()));
        }
        return 0;
    }

    private static JsonObject json(Listed account) {
        JsonObject json = new JsonObject()
                .put("id", account.id())
                .put("name", account.name())
                .put("state", account.state().name())
                .put("createdAt", account.createdAt().toString());
        account.quotaBytes().ifPresent(bytes -> json.put("quotaBytes", bytes));
        account.usedBytes().ifPresent(bytes -> json.put("usedBytes", bytes));
        return json;
    }
}
