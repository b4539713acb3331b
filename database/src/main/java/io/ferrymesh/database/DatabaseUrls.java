package io.ferrymesh.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads where a database is. A parameter the driver would silently ignore, such as a misspelt sslmode, is refused. */
final class DatabaseUrls {

    private static final String SQLITE = "sqlite:";
    private static final String RIGHT = "sqlite:/path/to/file or postgresql://host:port/name";
    private static final String SSLMODE = "sslmode";
    private static final List<String> PARAMETERS =
            List.of(SSLMODE, "sslrootcert", "sslcert", "sslkey", "currentSchema", "ApplicationName");
    private static final List<String> SSLMODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private DatabaseUrls() {}

    static DatabaseOptions parse(String url, Optional<String> user, Optional<String> password) {
        if (url.startsWith(SQLITE) && url.length() > SQLITE.length()) {
            if (user.isPresent() || password.isPresent()) {
                throw wrong(url, "SQLite has neither user nor password");
            }
            return new DatabaseOptions.Sqlite(file(url));
        }
        return new DatabaseOptions.Postgres(server(url), user, password);
    }

    private static Path file(String url) {
        String path = url.substring(SQLITE.length());
        if (path.startsWith(":") || path.startsWith("//") || path.contains("?")) {
            throw wrong(url, "that is no plain path");
        }
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw wrong(url, "that is no path");
        }
    }

    private static URI server(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a database is " + RIGHT + ": what is given is no URL");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a database URL holds no user or password: give them by their own options");
        }
        boolean named = uri.getHost() != null
                && uri.getPath() != null
                && uri.getPath().lastIndexOf('/') == 0
                && uri.getPath().length() > 1;
        if (!"postgresql".equals(uri.getScheme()) || !named || uri.getFragment() != null) {
            throw wrong(url, "that is neither");
        }
        Set<String> given = parameters(uri);
        return given.contains(SSLMODE) || LOOPBACK.contains(uri.getHost()) ? uri : verified(uri, given.isEmpty());
    }

    private static Set<String> parameters(URI uri) {
        Set<String> names = new HashSet<>();
        String query = uri.getRawQuery();
        if (query == null) {
            return names;
        }
        for (String each : query.split("&", -1)) {
            String name = each.replaceFirst("=.*", "");
            if (!PARAMETERS.contains(name) || !each.contains("=") || !names.add(name)) {
                throw new IllegalArgumentException("a database URL has only, and once each, the parameters "
                        + String.join(", ", PARAMETERS) + ": " + name);
            }
            if (name.equals(SSLMODE) && !SSLMODES.contains(each.substring(SSLMODE.length() + 1))) {
                throw new IllegalArgumentException(
                        "the database URL's sslmode must be one of " + String.join(", ", SSLMODES) + ": " + each);
            }
        }
        return names;
    }

    private static URI verified(URI uri, boolean bare) {
        return URI.create(uri + (bare ? "?" : "&") + SSLMODE + "=verify-full");
    }

    private static IllegalArgumentException wrong(String url, String why) {
        String shown = url.replaceAll("//[^/]*@", "//…@").replaceAll("\\?.*", "?…"); // where a password could be
        return new IllegalArgumentException("a database is " + RIGHT + ": " + shown + " (" + why + ")");
    }
}
