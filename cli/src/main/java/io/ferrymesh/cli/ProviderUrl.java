package io.ferrymesh.cli;

import java.net.URI;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks where a user says a provider is. */
final class ProviderUrl {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private ProviderUrl() {}

    /** Secrets go there: TLS, or nowhere but this machine. */
    static URI check(CommandSpec command, URI provider) {
        boolean tls = "https".equals(provider.getScheme()) && provider.getHost() != null;
        boolean local = "http".equals(provider.getScheme()) && LOOPBACK.contains(String.valueOf(provider.getHost()));
        if (!tls && !local) {
            throw new ParameterException(
                    command.commandLine(),
                    "must be an https URL, or http on loopback, because it carries secrets: " + provider);
        }
        return provider;
    }
}
