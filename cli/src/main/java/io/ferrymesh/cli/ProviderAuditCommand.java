package io.ferrymesh.cli;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.work.Audit;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the operator of a provider can look up. */
@Command(
        name = "audit",
        description =
                "Who did what with grants and migrations, for the operator: a line of JSON each, the oldest first. Reads the"
                        + " database, whether processes run or not. Accounts are numbers, as account list has them.",
        mixinStandardHelpOptions = true)
final class ProviderAuditCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--account",
            paramLabel = "NUMBER",
            converter = Arguments.ProviderNumber.class,
            description = "Only of this account.")
    private @Nullable Long account;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only from a time on, such as 2026-01-31T00:00:00Z. Default: all that is kept.")
    private @Nullable String from;

    @Override
    public Integer call() throws Exception {
        Optional<AccountId> of = Optional.ofNullable(account).map(AccountId::new);
        Audit.Place place = from == null ? Audit.Place.START : Audit.Place.from(time(from));
        try (Database database = ConfigOption.readable(config.provider())) {
            Audit audit = new Audit(database);
            List<Audit.Entry> entries;
            do {
                entries = audit.entries(of, place, PAGE);
                for (Audit.Entry entry : entries) {
                    JsonOut.print(json(entry));
                    place = Audit.Place.after(entry);
                }
            } while (entries.size() == PAGE);
        }
        return 0;
    }

    private static JsonObject json(Audit.Entry entry) {
        JsonObject json = new JsonObject()
                .put("at", entry.at().toString())
                .put("account", entry.account().value())
                .put("number", entry.number())
                .put("actor", entry.actor())
                .put("type", entry.type());
        entry.migration().ifPresent(id -> json.put("migrationId", id.hex()));
        return json.mergeIn(new JsonObject(entry.details()));
    }

    private Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new ParameterException(
                    spec.commandLine(), "--from must be a time such as 2026-01-31T00:00:00Z: " + text, e);
        }
    }
}
