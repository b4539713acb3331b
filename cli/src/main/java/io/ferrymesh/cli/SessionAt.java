package io.ferrymesh.cli;

import io.ferrymesh.cli.user.Session;
import io.ferrymesh.cli.user.SessionFile;
import io.ferrymesh.cli.user.UserClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Finds a user's session: in the file that was named, or where a provider's session usually is. */
final class SessionAt {

    private SessionAt() {}

    static SessionFile file(CommandSpec command, @Nullable URI provider, @Nullable Path file, String options) {
        if (file != null) {
            return new SessionFile(file);
        }
        if (provider == null) {
            throw new ParameterException(command.commandLine(), "one of " + options + " must be given");
        }
        return new SessionFile(SessionFile.usual(ProviderUrl.check(command, provider), System.getenv()));
    }

    /** Whose session it is. A session of another provider than the one that was named is refused. */
    static UserClient client(CommandSpec command, @Nullable URI provider, @Nullable Path file, String options)
            throws IOException {
        SessionFile kept = file(command, provider, file, options);
        Session session = kept.current();
        URI where = ProviderUrl.check(command, session.provider());
        if (provider != null && !where.equals(provider)) {
            throw new ParameterException(
                    command.commandLine(), "the session " + kept.path() + " is at " + where + ", not at " + provider);
        }
        return UserClient.of(kept);
    }
}
