package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreConformance;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import io.ferrymesh.stores.s3.S3Server;
import io.ferrymesh.stores.s3.S3Store;
import io.ferrymesh.stores.s3.S3StoreOptions;
import io.ferrymesh.stores.s3.S3Tuning;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The suite of all stores against an S3 server of whatever image is given ({@link S3Container}). */
@NeedsImage
class S3ImageIT extends ObjectStoreConformance {

    private static @Nullable S3Container server;

    private @Nullable S3StoreOptions bucket;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = S3Container.start(directory);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected ObjectStore open() throws StoreException {
        return S3Store.open(options());
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return S3Store.open(options(), S3Tuning.DEFAULT.withListingPage(1_000), RetryListener.NONE);
    }

    @Override
    protected boolean nothingIsStaged() {
        return S3Server.unfinishedUploads(options()).isEmpty();
    }

    /** They would have to be put there one by one. */
    @Override
    protected void fill(List<String> paths) {
        assumeThat(paths).as("objects that are put there past the store").isEmpty();
    }

    private S3StoreOptions options() {
        if (bucket == null) {
            S3Container at = Objects.requireNonNull(server);
            bucket = S3Server.newBucket(at.endpoint(), at.credentials()).withPrefix("people/é ü/");
        }
        return bucket;
    }
}
