package io.ferrymesh.provider.accounts;

import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whom passkeys belong to.
 *
 * @param rpId the relying party: a host name in lower case that every origin's host equals or ends in
 * @param name what authenticators show
 * @param origins where a browser may use them, as {@code https://host[:port]}; http on localhost only
 */
public record PasskeyOptions(String rpId, String name, Set<String> origins) {

    private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");

    public PasskeyOptions {
        if (!HOST.matcher(rpId).matches()) {
            throw new IllegalArgumentException("a passkey's rpId is a host name in lower case: " + rpId);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("passkeys need the name of the provider");
        }
        origins = Set.copyOf(origins);
        for (String origin : origins) {
            check(origin, rpId);
        }
    }

    private static void check(String origin, String rpId) {
        URI uri;
        try {
            uri = URI.create(origin);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong(origin), e);
        }
        String host = uri.getHost();
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        if (host == null || !origin.equals(uri.getScheme() + "://" + host + port)) {
            throw new IllegalArgumentException(wrong(origin));
        }
        boolean local = host.equals("localhost") || host.endsWith(".localhost");
        if (!uri.getScheme().equals("https") && !(uri.getScheme().equals("http") && local)) {
            throw new IllegalArgumentException(wrong(origin));
        }
        if (!host.equals(rpId) && !host.endsWith("." + rpId)) {
            throw new IllegalArgumentException(
                    "the host of a passkey's origin is the rpId " + rpId + " or ends in ." + rpId + ": " + origin);
        }
    }

    private static String wrong(String origin) {
        return "a passkey's origin is https://host[:port] without a path, or http://localhost[:port]: " + origin;
    }
}
