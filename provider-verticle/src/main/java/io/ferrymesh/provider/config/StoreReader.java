package io.ferrymesh.provider.config;

import io.ferrymesh.provider.config.StoreConfig.AccessKey;
import io.ferrymesh.provider.config.StoreConfig.Directory;
import io.ferrymesh.provider.config.StoreConfig.Login;
import io.ferrymesh.provider.config.StoreConfig.Place;
import io.ferrymesh.provider.config.StoreConfig.S3;
import io.ferrymesh.provider.config.StoreConfig.WebDav;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what stores have to be told. */
final class StoreReader {

    private final Settings settings;

    StoreReader(Settings settings) {
        this.settings = settings;
    }

    /** Empty when something is wrong with it, which the settings know. */
    Optional<StoreConfig> store() {
        Optional<String> prefix = settings.required(ConfigKeys.STORE_PREFIX);
        boolean shared = settings.optional(ConfigKeys.ACCOUNTS_MAX).orElse(2L) > 1;
        if (shared && prefix.filter(String::isEmpty).isPresent()) {
            settings.wrong(
                    ConfigKeys.STORE_PREFIX,
                    "must have {account} in it while accounts.max is more than 1, or accounts would share their objects");
        }
        Optional<Place> place = settings.required(ConfigKeys.STORE_TYPE).flatMap(this::place);
        othersAreNotSet();
        return prefix.flatMap(of -> place.map(where -> new StoreConfig(of, where)));
    }

    private Optional<Place> place(String type) {
        return switch (type) {
            case "directory" -> settings.required(ConfigKeys.STORE_ROOT).map(Directory::new);
            case "s3" -> s3();
            default -> webDav();
        };
    }

    /** What is set for another kind of store would do nothing. */
    private void othersAreNotSet() {
        String type = settings.optional(ConfigKeys.STORE_TYPE).orElse("");
        for (Key<?> key : ConfigKeys.all()) {
            if (!type.isEmpty()
                    && !isOfNoOtherType(key, type)
                    && settings.of(key).isPresent()) {
                settings.wrong(key, "must not be set while store.type is " + type);
            }
        }
    }

    /** Whether a key means something for this kind of store. */
    static boolean isOfNoOtherType(Key<?> key, String type) {
        return !key.path().matches("store\\.\\w+\\..+") || key.path().startsWith("store." + type + ".");
    }

    private Optional<Place> s3() {
        Optional<String> bucket = settings.required(ConfigKeys.S3_BUCKET);
        Optional<String> id = settings.optional(ConfigKeys.S3_ACCESS);
        Optional<String> secret = settings.secret(ConfigKeys.S3_SECRET, ConfigKeys.S3_SECRET_FILE);
        if (id.isPresent() != secret.isPresent()) {
            settings.wrong(ConfigKeys.S3_ACCESS, "must be set together with store.s3.secretKeyFile");
        }
        Optional<AccessKey> access = id.flatMap(of -> secret.map(with -> new AccessKey(of, with)));
        return bucket.filter(named -> areRight(
                        ConfigKeys.S3_REGION,
                        ConfigKeys.S3_PREFIX,
                        ConfigKeys.S3_PATH_STYLE,
                        ConfigKeys.S3_PART,
                        ConfigKeys.S3_CONNECTIONS,
                        ConfigKeys.S3_CHECKSUMS,
                        ConfigKeys.S3_SERVER_TIMES))
                .map(named -> new S3(
                        settings.optional(ConfigKeys.S3_ENDPOINT),
                        get(ConfigKeys.S3_REGION),
                        named,
                        get(ConfigKeys.S3_PREFIX),
                        get(ConfigKeys.S3_PATH_STYLE),
                        access,
                        get(ConfigKeys.S3_PART),
                        settings.optional(ConfigKeys.S3_SPOOL),
                        Math.toIntExact(get(ConfigKeys.S3_CONNECTIONS)),
                        get(ConfigKeys.S3_CHECKSUMS),
                        get(ConfigKeys.S3_SERVER_TIMES)));
    }

    private boolean areRight(Key<?>... keys) {
        return Stream.of(keys).allMatch(key -> settings.optional(key).isPresent());
    }

    private <T> T get(Key<T> key) {
        return settings.optional(key).orElseThrow();
    }

    private Optional<Place> webDav() {
        Optional<URI> url = settings.required(ConfigKeys.DAV_URL);
        Optional<String> user = settings.optional(ConfigKeys.DAV_USER);
        Optional<String> password = settings.secret(ConfigKeys.DAV_PASSWORD, ConfigKeys.DAV_PASSWORD_FILE);
        if (user.isPresent() != password.isPresent()) {
            settings.wrong(ConfigKeys.DAV_USER, "must be set together with store.webdav.passwordFile");
        }
        Optional<Login> login = user.flatMap(of -> password.map(with -> new Login(of, with)));
        return url.filter(named -> areRight(ConfigKeys.DAV_CONNECT, ConfigKeys.DAV_ANSWER, ConfigKeys.DAV_CONNECTIONS))
                .map(named -> new WebDav(
                        named,
                        login,
                        Duration.ofMillis(get(ConfigKeys.DAV_CONNECT)),
                        Duration.ofMillis(get(ConfigKeys.DAV_ANSWER)),
                        Math.toIntExact(get(ConfigKeys.DAV_CONNECTIONS)),
                        settings.optional(ConfigKeys.DAV_SPOOL)));
    }
}
