package io.ferrymesh.web;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a server listens and what it puts up with. Refused when bad, with the key, the value and what would be right.
 *
 * @param name what the log calls it, such as "the operators' API"
 * @param host 127.0.0.1 or ::1; any address with TLS, or where nothing secret travels
 * @param port 0 for any that is free
 * @param tls without, what travels is in the clear
 * @param secrets whether tokens or anything else travels that must not leave this machine in the clear
 * @param proxies from which connections are not bounded for each address, but only in all
 */
public record WebServerOptions(
        String name,
        String host,
        int port,
        Optional<PemFiles> tls,
        WebLimits limits,
        Cors cors,
        boolean secrets,
        TrustedProxies proxies) {

    /** Literal addresses only: a name may mean something else tomorrow. */
    private static final Pattern LOOPBACK =
            Pattern.compile("127\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){2}|::1");

    /** Checks every value. */
    public WebServerOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must be an address or a host name: \"\"");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535: " + port);
        }
        if (secrets && tls.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException("host must be 127.0.0.1 or ::1 where there is no certificate and key,"
                    + " because tokens would travel in the clear: " + host);
        }
    }

    /** Where secrets travel, as they do with every API that takes tokens. */
    public WebServerOptions(String name, String host, int port, Optional<PemFiles> tls, WebLimits limits, Cors cors) {
        this(name, host, port, tls, limits, cors, true);
    }

    /** Without proxies. */
    public WebServerOptions(
            String name, String host, int port, Optional<PemFiles> tls, WebLimits limits, Cors cors, boolean secrets) {
        this(name, host, port, tls, limits, cors, secrets, TrustedProxies.NONE);
    }

    /** On 127.0.0.1, without TLS. */
    public static WebServerOptions loopback(String name, int port) {
        return new WebServerOptions(name, "127.0.0.1", port, Optional.empty(), WebLimits.DEFAULT, Cors.OFF);
    }

    /** The same with other bounds. */
    public WebServerOptions with(WebLimits other) {
        return new WebServerOptions(name, host, port, tls, other, cors, secrets, proxies);
    }

    /** The same behind proxies. */
    public WebServerOptions with(TrustedProxies others) {
        return new WebServerOptions(name, host, port, tls, limits, cors, secrets, others);
    }

    /** Whether this is a literal address that does not leave the machine. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }
}
