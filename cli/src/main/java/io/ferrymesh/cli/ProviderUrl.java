package io.ferrymesh.cli;

import java.net.URI;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks where a user says a provider is. */
final class ProviderUrl {

    private ProviderUrl() {}

    static URI check(CommandSpec command, URI provider) {
        boolean http = "http".equals(provider.getScheme()) || "https".equals(provider.getScheme());
        if (!http || provider.getHost() == null) {
            throw new ParameterException(command.commandLine(), "must be an http or https URL: " + provider);
        }
        return provider;
    }
}
