package io.ferrymesh.database;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Which database, and who one is there. Printed, it hides the password. */
public sealed interface DatabaseOptions {

    /** A file on this machine. */
    record Sqlite(Path file) implements DatabaseOptions {

        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /** A server. */
    record Postgres(URI url, Optional<String> user, Optional<String> password) implements DatabaseOptions {

        @Override
        public String toString() {
            return url.toString();
        }
    }

    /**
     * Reads {@code sqlite:/path/to/file} or {@code postgresql://host:port/name?sslmode=…}; a user name and a password only for
     * the latter, and never in the URL. A server that is not on this machine must show a certificate for its name unless
     * {@code sslmode} says otherwise. IllegalArgumentException says what was wrong and what would be right.
     */
    static DatabaseOptions parse(String url, Optional<String> user, Optional<String> password) {
        return DatabaseUrls.parse(url, user, password);
    }
}
