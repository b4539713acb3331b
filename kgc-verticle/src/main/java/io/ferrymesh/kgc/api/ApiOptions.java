package io.ferrymesh.kgc.api;

import io.ferrymesh.web.PemFiles;
import io.ferrymesh.web.WebServerOptions;
import java.util.Optional;

/**
 * Where the API listens. Refused when bad, with the key, the value and what would be right.
 *
 * @param host 127.0.0.1 or ::1, or any address with TLS
 * @param port 0 for any that is free
 * @param tls what it shows itself with; without, bearer tokens travel in the clear and never leave this machine
 */
public record ApiOptions(String host, int port, Optional<PemFiles> tls) {

    /** Checks every value. */
    public ApiOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("apiHost must be an address or a host name: \"\"");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("apiPort must be from 0 to 65535: " + port);
        }
        if (tls.isEmpty() && !WebServerOptions.isLoopback(host)) {
            throw new IllegalArgumentException(
                    "apiHost must be 127.0.0.1 or ::1 where there is no apiCertificate and apiKey, because bearer tokens"
                            + " would travel in the clear: " + host);
        }
    }

    /** On 127.0.0.1, without TLS. */
    public static ApiOptions loopback(int port) {
        return new ApiOptions("127.0.0.1", port, Optional.empty());
    }
}
