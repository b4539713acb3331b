package io.ferrymesh.provider.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where users' objects are.
 *
 * @param userPrefix what an account's paths begin with; {@code {account}} stands for its number. Empty: all is one account's
 */
public record StoreConfig(String userPrefix, Place place) {

    private static final String ACCOUNT = "{account}";

    /** One kind of store. */
    public sealed interface Place {}

    /** A directory of this machine, or one that several mount. */
    public record Directory(Path root) implements Place {}

    /** A bucket. Printed, it hides the secret. */
    public record S3(
            Optional<URI> endpoint,
            String region,
            String bucket,
            String prefix,
            boolean pathStyle,
            Optional<AccessKey> accessKey,
            int partBytes,
            Optional<Path> spool,
            int maxConnections,
            boolean checksums,
            boolean serverTimes)
            implements Place {}

    /** Who one is at an S3 server. Printed, it hides the secret. */
    public record AccessKey(String id, String secret) {

        @Override
        public String toString() {
            return "AccessKey[" + id + ", ***]";
        }
    }

    /** A collection on a WebDAV server. */
    public record WebDav(
            URI url,
            Optional<Login> login,
            Duration connectTimeout,
            Duration answerTimeout,
            int maxConnections,
            Optional<Path> spool)
            implements Place {}

    /** Who one is at a WebDAV server. Printed, it hides the password. */
    public record Login(String user, String password) {

        @Override
        public String toString() {
            return "Login[" + user + ", ***]";
        }
    }

    /** Whether each account has a part of its own. */
    public boolean isDivided() {
        return userPrefix.contains(ACCOUNT);
    }

    /** What all accounts' parts are in: a directory with the slash at its end, or empty. Only where it {@link #isDivided}. */
    public String above() {
        String before = userPrefix.substring(0, userPrefix.indexOf(ACCOUNT));
        return before.substring(0, before.lastIndexOf('/') + 1);
    }

    /** What an account's paths begin with in the store, without the slash at the end; empty when the store is all its own. */
    public String prefixOf(long account) {
        String prefix = userPrefix.replace(ACCOUNT, Long.toString(account));
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }
}
