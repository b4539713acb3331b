package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.retry.RetryPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a {@link WebDavStore} is and how it is used.
 *
 * @param base the collection that holds the objects, {@code https://host/path/}; {@code http} without a login, or to this
 *     machine
 * @param connectTimeout for a connection to be there, more than 0
 * @param answerTimeout for an answer to begin, and for each next piece of it; more than 0. An upload may take longer by its
 *     size, at 64 KiB a second
 * @param maxConnections requests at once, 1 to 1,024
 * @param spool an existing directory for objects on their way up
 * @param listingEntries how many members of collections one listing holds at once, at least 16; a collection with more than
 *     half of them is asked for several times
 */
public record WebDavStoreOptions(
        URI base,
        Optional<WebDavLogin> login,
        Duration connectTimeout,
        Duration answerTimeout,
        int maxConnections,
        Path spool,
        int listingEntries,
        RetryPolicy retries) {

    private static final int MOST_CONNECTIONS = 1_024;

    /** Refuses what cannot work. */
    public WebDavStoreOptions {
        base = checked(base, login.isPresent());
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("answerTimeout", answerTimeout);
        if (maxConnections < 1 || maxConnections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "maxConnections must be 1 to " + MOST_CONNECTIONS + ": " + maxConnections);
        }
        if (!Files.isDirectory(spool)) {
            throw new IllegalArgumentException("spool must be an existing directory: " + spool);
        }
        if (listingEntries < 16) {
            throw new IllegalArgumentException("listingEntries must be >= 16: " + listingEntries);
        }
    }

    /** What suits most servers: 10 s to connect, 60 s to answer, 32 connections, the system's directory for files on the way. */
    public static WebDavStoreOptions of(URI base, Optional<WebDavLogin> login) {
        return new WebDavStoreOptions(
                base,
                login,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                32,
                Path.of(System.getProperty("java.io.tmpdir")),
                65_536,
                RetryPolicy.DEFAULT);
    }

    private static URI checked(URI base, boolean withLogin) {
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || base.getHost() == null) {
            throw new IllegalArgumentException("base must be an http or https URI with a host: " + base);
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException("base must have no user, query or fragment: " + base.getScheme() + "://"
                    + base.getHost() + base.getRawPath());
        }
        if (withLogin && scheme.equals("http") && !isThisMachine(base.getHost())) {
            throw new IllegalArgumentException("base must be https, or a password would be sent in the clear: " + base);
        }
        return base.getRawPath().endsWith("/")
                ? base.normalize()
                : URI.create(base + "/").normalize();
    }

    private static boolean isThisMachine(String host) {
        try {
            return host.equals("localhost")
                    || (isAddress(host) && InetAddress.getByName(host).isLoopbackAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Looked up by nobody. */
    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be > 0: " + duration);
        }
    }
}
