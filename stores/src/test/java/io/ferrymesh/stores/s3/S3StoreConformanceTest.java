package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ObjectStoreConformance;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import org.jspecify.annotations.Nullable;

class S3StoreConformanceTest extends ObjectStoreConformance {

    private @Nullable S3StoreOptions bucket;

    @Override
    protected ObjectStore open() throws StoreException {
        return S3Store.open(options());
    }

    @Override
    protected ObjectStore openWithSmallPages() throws StoreException {
        return S3Store.open(options(), S3Tuning.DEFAULT.withListingPage(500).withServerTimes(true), RetryListener.NONE);
    }

    private S3StoreOptions options() {
        if (bucket == null) {
            bucket = S3Server.get().newBucket().withPrefix("people/é ü/");
        }
        return bucket;
    }
}
