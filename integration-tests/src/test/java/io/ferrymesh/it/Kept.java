package io.ferrymesh.it;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.stores.s3.S3Credentials;
import io.ferrymesh.stores.s3.S3StoreOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a provider keeps what it has.
 *
 * @param state its database
 * @param store its users' objects, as its configuration says it
 * @param accounts how many users it takes
 */
record Kept(DatabaseOptions state, String store, int accounts) {

    private static final int SOME = 100;

    /** The objects of its one user in a directory as it is. */
    static Kept directory(DatabaseOptions state, Path directory) {
        String store = "{type: directory, userPrefix: '', directory: {root: '%s'}}".formatted(directory);
        return new Kept(state, store, 1);
    }

    /** The objects of its users in a directory, those of each in one that is named by the account's number. */
    static Kept directories(DatabaseOptions state, Path root) {
        return new Kept(state, "{type: directory, directory: {root: '%s'}}".formatted(root), SOME);
    }

    /** The objects of its users in a bucket. The secret goes to a new file of that name. */
    static Kept bucket(DatabaseOptions state, S3StoreOptions bucket, Path secretFile) throws IOException {
        S3Credentials credentials = bucket.credentials().orElseThrow();
        String store =
                """
                {type: s3, s3: {endpoint: '%s', region: '%s', bucket: '%s', prefix: '%s', pathStyle: %s, partBytes: %d, \
                accessKey: '%s', secretKeyFile: '%s'}}"""
                        .formatted(
                                bucket.endpoint().orElseThrow(),
                                bucket.region(),
                                bucket.bucket(),
                                bucket.prefix(),
                                bucket.pathStyle(),
                                bucket.partSize(),
                                credentials.accessKey(),
                                Files.writeString(secretFile, credentials.secretKey() + "\n"));
        return new Kept(state, store, SOME);
    }

    /** The objects of its users in a collection of a WebDAV server. */
    static Kept collection(DatabaseOptions state, URI collection) {
        return new Kept(state, "{type: webdav, webdav: {url: '%s'}}".formatted(collection), SOME);
    }

    /** The database, as the configuration says it. A password goes to a new file of that name. */
    String database(Path passwordFile) throws IOException {
        if (!(state instanceof DatabaseOptions.Postgres server)) {
            return "{url: '%s'}".formatted(state);
        }
        return "{url: '%s', user: '%s', passwordFile: '%s'}"
                .formatted(
                        server,
                        server.user().orElseThrow(),
                        Files.writeString(passwordFile, server.password().orElseThrow() + "\n"));
    }
}
