package io.ferrymesh.cli;

import io.ferrymesh.kgc.api.ApiOptions;
import io.ferrymesh.web.PemFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the operators' API listens, at the command line. */
final class ApiEndpoint {

    @Option(
            names = "--api-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "Where the operators' API listens: 127.0.0.1 or ::1, or any address with --api-certificate and"
                            + " --api-key. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Its port, 0 for any. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--api-certificate",
            paramLabel = "FILE",
            description = "PEM certificate chain for TLS. Read again when it changes.")
    private @Nullable Path certificate;

    @Option(
            names = "--api-key",
            paramLabel = "FILE",
            description = "PEM key of that certificate, PKCS#8 without a passphrase. Read again when it changes.")
    private @Nullable Path key;

    /** Refuses what cannot be as a bad command line. */
    ApiOptions options(CommandSpec command) {
        try {
            return new ApiOptions(host, port, files());
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            for (String name : new String[] {"host", "port", "certificate", "key"}) {
                String capitalised = Character.toUpperCase(name.charAt(0)) + name.substring(1);
                message = message.replace("api" + capitalised, "--api-" + name);
            }
            throw new ParameterException(command.commandLine(), message, e);
        }
    }

    private Optional<PemFiles> files() {
        if (certificate == null && key == null) {
            return Optional.empty();
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException("apiCertificate and apiKey must be given together");
        }
        return Optional.of(new PemFiles(certificate, key));
    }
}
