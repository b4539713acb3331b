package io.ferrymesh.provider.node;

import io.ferrymesh.provider.config.StoreConfig.Directory;
import io.ferrymesh.provider.config.StoreConfig.Place;
import io.ferrymesh.provider.config.StoreConfig.S3;
import io.ferrymesh.provider.config.StoreConfig.WebDav;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.ferrymesh.stores.retry.RetryListener;
import io.ferrymesh.stores.s3.S3Credentials;
import io.ferrymesh.stores.s3.S3Store;
import io.ferrymesh.stores.s3.S3StoreOptions;
import io.ferrymesh.stores.s3.S3Tuning;
import io.ferrymesh.stores.webdav.WebDavLogin;
import io.ferrymesh.stores.webdav.WebDavStore;
import io.ferrymesh.stores.webdav.WebDavStoreOptions;

/** Opens the store that is configured. */
final class StoreSetup {

    private StoreSetup() {}

    /** Fails when it is not there, or cannot be used. Blocking. */
    static ObjectStore open(Place place, RetryListener retries) throws StoreException {
        if (place instanceof Directory directory) {
            return DirectoryStore.open(directory.root());
        }
        if (place instanceof WebDav webDav) {
            return WebDavStore.open(options(webDav), retries);
        }
        S3 s3 = (S3) place;
        S3Tuning tuning = S3Tuning.DEFAULT.withSpool(s3.spool()).withServerTimes(s3.serverTimes());
        return S3Store.open(options(s3), tuning, retries);
    }

    private static S3StoreOptions options(S3 s3) {
        return new S3StoreOptions(
                s3.endpoint(),
                s3.region(),
                s3.bucket(),
                s3.prefix(),
                s3.pathStyle(),
                s3.accessKey().map(key -> new S3Credentials(key.id(), key.secret())),
                s3.partBytes(),
                s3.maxConnections(),
                s3.checksums());
    }

    private static WebDavStoreOptions options(WebDav webDav) {
        WebDavStoreOptions usual = WebDavStoreOptions.of(
                webDav.url(), webDav.login().map(login -> new WebDavLogin(login.user(), login.password())));
        return new WebDavStoreOptions(
                usual.base(),
                usual.login(),
                webDav.connectTimeout(),
                webDav.answerTimeout(),
                webDav.maxConnections(),
                webDav.spool().orElse(usual.spool()),
                usual.listingEntries(),
                usual.retries());
    }
}
