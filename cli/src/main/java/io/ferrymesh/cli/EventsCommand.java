package io.ferrymesh.cli;

import io.ferrymesh.cli.user.EventClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a user is told. */
@Command(
        name = "events",
        description =
                "What a provider tells the account of its grants and migrations, a line of JSON each: when a grant is used,"
                        + " by which pseudonym, when somebody is refused, when it ends, and every state of a migration.",
        mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {

    @Mixin
    private SessionOptions at = new SessionOptions();

    @Option(
            names = "--after",
            paramLabel = "N",
            defaultValue = "0",
            converter = Arguments.After.class,
            description = "Only those with a number over this one. Default: all that are kept.")
    private long after;

    @Option(names = "--follow", description = "Go on with what comes, until the session ends.")
    private boolean follow;

    @Override
    public Integer call() throws Exception {
        EventClient events = new EventClient(at.user());
        long last = events.list(after, JsonOut::print);
        if (follow) {
            events.follow(last, JsonOut::print);
        }
        return 0;
    }
}
