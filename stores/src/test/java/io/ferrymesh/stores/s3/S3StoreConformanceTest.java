package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreConformance;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInfo;

class S3StoreConformanceTest extends ObjectStoreConformance {

    private final boolean onDisk;
    private @Nullable S3StoreOptions bucket;

    S3StoreConformanceTest(TestInfo test) {
        this.onDisk = test.getTags().contains(MANY_OBJECTS) || test.getTags().contains(LARGE_OBJECTS);
    }

    @Override
    protected ObjectStore open() throws StoreException {
        return S3Store.open(options());
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return S3Store.open(
                options(), S3Tuning.DEFAULT.withListingPage(1_000).withServerTimes(true), RetryListener.NONE);
    }

    @Override
    protected boolean nothingIsStaged() {
        return S3Server.unfinishedUploads(options()).isEmpty();
    }

    /**
     * This server looks at every object of a bucket for each page, so a hundred pages of them take it a quarter of an hour.
     * {@link S3ListingTest} has as many without that.
     */
    @Override
    protected void fill(List<String> paths) throws Exception {
        assumeThat(Boolean.getBoolean("s3.many"))
                .as("100,000 objects in S3Proxy are listed with -Ds3.many=true only")
                .isTrue();
        makeFiles(S3Server.overDirectory().directory(options()), paths);
    }

    private S3StoreOptions options() {
        if (bucket == null) {
            bucket = (onDisk ? S3Server.overDirectory() : S3Server.get())
                    .newBucket()
                    .withPrefix("people/é ü/");
        }
        return bucket;
    }
}
