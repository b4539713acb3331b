package io.ferrymesh.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads where a database is. */
final class DatabaseUrls {

    private static final String SQLITE = "sqlite:";
    private static final String RIGHT = "sqlite:/path/to/file or postgresql://host:port/name";

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
        try {
            return Path.of(url.substring(SQLITE.length()));
        } catch (InvalidPathException e) {
            throw wrong(url, "that is no path");
        }
    }

    private static URI server(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw wrong(url, "that is no URL");
        }
        boolean named =
                uri.getHost() != null && uri.getPath() != null && uri.getPath().length() > 1;
        if (!"postgresql".equals(uri.getScheme()) || !named) {
            throw wrong(url, "that is neither");
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a database URL holds no user or password: give them by their own options");
        }
        return uri;
    }

    private static IllegalArgumentException wrong(String url, String why) {
        return new IllegalArgumentException("a database is " + RIGHT + ": " + url + " (" + why + ")");
    }
}
