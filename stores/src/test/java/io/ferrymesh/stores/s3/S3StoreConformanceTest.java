package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreConformance;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInfo;

class S3StoreConformanceTest extends ObjectStoreConformance {

    private final boolean many;
    private @Nullable S3StoreOptions bucket;

    S3StoreConformanceTest(TestInfo test) {
        this.many = test.getTags().contains(MANY_OBJECTS);
    }

    @Override
    protected ObjectStore open() throws StoreException {
        return S3Store.open(options());
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return S3Store.open(options(), S3Tuning.DEFAULT.withListingPage(500).withServerTimes(true), RetryListener.NONE);
    }

    /** Thousands of objects are put where the server finds them: what is tested with them is listing. */
    @Override
    protected void put(List<String> paths) throws StoreException {
        if (!many) {
            super.put(paths);
            return;
        }
        Path directory = S3Server.overDirectory().directory(options());
        try {
            for (String path : paths) {
                Path file = directory.resolve(path);
                assertThat(Files.createDirectories(file.getParent())).isDirectory();
                assertThat(Files.writeString(file, path)).isRegularFile();
            }
        } catch (IOException e) {
            throw new StoreException(StoreError.IO_ERROR, "not put", e);
        }
    }

    private S3StoreOptions options() {
        if (bucket == null) {
            bucket = (many ? S3Server.overDirectory() : S3Server.get())
                    .newBucket()
                    .withPrefix("people/é ü/");
        }
        return bucket;
    }
}
