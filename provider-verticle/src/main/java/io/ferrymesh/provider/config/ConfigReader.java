package io.ferrymesh.provider.config;

import static java.util.Objects.requireNonNull;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.mesh.DirectOptions;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.provider.config.ProviderConfig.Accounts;
import io.ferrymesh.provider.config.ProviderConfig.Credentials;
import io.ferrymesh.provider.config.ProviderConfig.Http;
import io.ferrymesh.provider.config.ProviderConfig.KeyFile;
import io.ferrymesh.provider.config.ProviderConfig.Kgc;
import io.ferrymesh.provider.config.ProviderConfig.Limits;
import io.ferrymesh.provider.config.ProviderConfig.Management;
import io.ferrymesh.provider.config.ProviderConfig.Passkeys;
import io.ferrymesh.provider.config.ProviderConfig.Tls;
import io.ferrymesh.provider.config.ProviderConfig.Webhooks;
import io.ferrymesh.scheme.Digest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes records of settings, and checks what keys have to do with each other. */
final class ConfigReader {

    private final Settings settings;

    ConfigReader(Settings settings) {
        this.settings = settings;
    }

    ProviderConfig provider() throws ConfigException {
        Optional<Tls> tls = tls();
        Optional<DatabaseOptions> database = database();
        Optional<Path> keyFile = settings.required(ConfigKeys.KEYS_FILE);
        Optional<Path> passphrase = passphraseFile();
        Optional<Digest> fingerprint = settings.required(ConfigKeys.KGC_FINGERPRINT);
        Optional<StoreConfig> store = new StoreReader(settings).store();
        Optional<MeshOptions> cluster = cluster();
        checkAll();
        settings.requireNoProblem();
        return new ProviderConfig(
                http(tls),
                new Management(get(ConfigKeys.MANAGEMENT_HOST), integer(ConfigKeys.MANAGEMENT_PORT)),
                database.orElseThrow(),
                new KeyFile(keyFile.orElseThrow(), passphrase),
                kgc(fingerprint.orElseThrow()),
                new Credentials(
                        integer(ConfigKeys.CREDENTIALS_POOL),
                        integer(ConfigKeys.CREDENTIALS_LOW),
                        get(ConfigKeys.CREDENTIALS_VALIDITY),
                        get(ConfigKeys.CREDENTIALS_MARGIN)),
                accounts(),
                store.orElseThrow(),
                new Limits(
                        integer(ConfigKeys.LIMIT_LIVE),
                        integer(ConfigKeys.LIMIT_STARTS),
                        integer(ConfigKeys.LIMIT_RUNNING_OF_ONE),
                        integer(ConfigKeys.LIMIT_RUNNING),
                        integer(ConfigKeys.LIMIT_SESSIONS),
                        integer(ConfigKeys.LANES),
                        get(ConfigKeys.WINDOW),
                        integer(ConfigKeys.RETRIES),
                        get(ConfigKeys.REPORT),
                        get(ConfigKeys.JOURNAL),
                        integer(ConfigKeys.KEEP),
                        integer(ConfigKeys.KEEP_AUDIT),
                        Duration.ofMillis(get(ConfigKeys.LEASE)),
                        Duration.ofMinutes(get(ConfigKeys.STALLED))),
                new Webhooks(get(ConfigKeys.WEBHOOKS), get(ConfigKeys.WEBHOOKS_LOOPBACK)),
                cluster.orElseThrow());
    }

    /** Every value must be right, and what belongs together must fit. */
    private void checkAll() {
        for (Key<?> key : ConfigKeys.all()) {
            Optional<?> unused = settings.optional(key);
        }
        notOver(ConfigKeys.CREDENTIALS_LOW, 1, ConfigKeys.CREDENTIALS_POOL);
        long validity = settings.optional(ConfigKeys.CREDENTIALS_VALIDITY).orElse(Long.MAX_VALUE);
        if (settings.optional(ConfigKeys.CREDENTIALS_MARGIN).orElse(0L) > validity / 2) {
            settings.wrong(ConfigKeys.CREDENTIALS_MARGIN, "must be at most half of credentials.validitySeconds");
        }
        notOver(ConfigKeys.ACCOUNTS_IDLE, 0, ConfigKeys.ACCOUNTS_SESSION);
        notOver(ConfigKeys.ACCOUNTS_TOKEN, 0, ConfigKeys.ACCOUNTS_IDLE);
        notOver(ConfigKeys.HTTP_CONNECTIONS_PER_ADDRESS, 0, ConfigKeys.HTTP_CONNECTIONS);
        checkPasskeys();
    }

    private void notOver(Key<Long> key, long below, Key<Long> bound) {
        long most = settings.optional(bound).orElse(Long.MAX_VALUE);
        if (settings.optional(key).orElse(0L) > most - below) {
            settings.wrong(
                    key,
                    "must be at most " + (most - below) + (below == 0 ? ", which is " : ", one less than ")
                            + bound.path());
        }
    }

    private Optional<Tls> tls() {
        Optional<Path> certificate = settings.optional(ConfigKeys.HTTP_CERTIFICATE);
        Optional<Path> key = settings.optional(ConfigKeys.HTTP_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            settings.wrong(ConfigKeys.HTTP_CERTIFICATE, "must be set together with http.tls.key");
        }
        String host = settings.optional(ConfigKeys.HTTP_HOST).orElse("127.0.0.1");
        if (certificate.isEmpty() && !ValueType.isLoopback(host)) {
            settings.wrong(
                    ConfigKeys.HTTP_HOST,
                    "must be 127.0.0.1 or ::1 without http.tls, because passwords would travel in the clear");
        }
        return certificate.isPresent() && key.isPresent()
                ? Optional.of(new Tls(certificate.get(), key.get()))
                : Optional.empty();
    }

    private Http http(Optional<Tls> tls) {
        return new Http(
                get(ConfigKeys.HTTP_HOST),
                integer(ConfigKeys.HTTP_PORT),
                settings.optional(ConfigKeys.HTTP_PUBLIC_URL),
                tls,
                get(ConfigKeys.HTTP_ORIGINS),
                get(ConfigKeys.HTTP_PROXIES),
                integer(ConfigKeys.HTTP_CONNECTIONS),
                integer(ConfigKeys.HTTP_CONNECTIONS_PER_ADDRESS),
                integer(ConfigKeys.HTTP_WORKERS),
                Duration.ofMillis(get(ConfigKeys.HTTP_HEADER_TIMEOUT)),
                Duration.ofMillis(get(ConfigKeys.HTTP_IDLE_TIMEOUT)),
                Duration.ofMillis(get(ConfigKeys.HTTP_STALL_TIMEOUT)),
                integer(ConfigKeys.HTTP_MIN_RATE),
                get(ConfigKeys.HTTP_MAX_OBJECT),
                Duration.ofSeconds(get(ConfigKeys.GRACE)));
    }

    private Optional<DatabaseOptions> database() {
        Optional<String> url = settings.required(ConfigKeys.DATABASE_URL);
        Optional<String> user = settings.optional(ConfigKeys.DATABASE_USER);
        Optional<String> password = settings.secret(ConfigKeys.DATABASE_PASSWORD, ConfigKeys.DATABASE_PASSWORD_FILE);
        try {
            return url.map(each -> DatabaseOptions.parse(each, user, password));
        } catch (IllegalArgumentException e) {
            settings.wrong(ConfigKeys.DATABASE_URL, "is no database: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Path> passphraseFile() {
        Optional<Path> file = settings.optional(ConfigKeys.KEYS_PASSPHRASE_FILE);
        boolean direct = settings.of(ConfigKeys.KEYS_PASSPHRASE).isPresent();
        if (file.isPresent() == direct) {
            settings.wrong(
                    ConfigKeys.KEYS_PASSPHRASE_FILE,
                    "or the environment variable " + ConfigKeys.KEYS_PASSPHRASE.variable()
                            + " must be set, one of them");
        }
        return file;
    }

    private Kgc kgc(Digest fingerprint) {
        return new Kgc(
                fingerprint,
                get(ConfigKeys.KGC_START_WAIT),
                get(ConfigKeys.KGC_REVOCATION_REFRESH),
                get(ConfigKeys.KGC_REVOCATION_MAX_AGE),
                get(ConfigKeys.KGC_TRUST_REFRESH),
                get(ConfigKeys.KGC_SUCCESSOR_SPREAD));
    }

    private Accounts accounts() {
        return new Accounts(
                get(ConfigKeys.ACCOUNTS_REGISTRATION).equals("open"),
                get(ConfigKeys.ACCOUNTS_MAX),
                get(ConfigKeys.ACCOUNTS_QUOTA),
                Duration.ofSeconds(get(ConfigKeys.ACCOUNTS_TOKEN)),
                Duration.ofSeconds(get(ConfigKeys.ACCOUNTS_IDLE)),
                Duration.ofSeconds(get(ConfigKeys.ACCOUNTS_SESSION)),
                integer(ConfigKeys.ACCOUNTS_MEMORY),
                integer(ConfigKeys.ACCOUNTS_ITERATIONS),
                integer(ConfigKeys.ACCOUNTS_HASHERS),
                get(ConfigKeys.ACCOUNTS_KNOWN_NETWORKS),
                passkeys());
    }

    /** A browser uses a passkey on the pages of its own domain and no others. */
    private void checkPasskeys() {
        Passkeys passkeys = passkeys();
        for (String origin : passkeys.origins()) {
            String host = String.valueOf(URI.create(origin).getHost());
            if (!host.equals(passkeys.rpId()) && !host.endsWith("." + passkeys.rpId())) {
                settings.wrong(
                        ConfigKeys.PASSKEYS_ORIGINS,
                        "must be origins at " + passkeys.rpId() + " or below it, but there is " + origin);
            }
        }
    }

    private Passkeys passkeys() {
        Optional<URI> url = settings.optional(ConfigKeys.HTTP_PUBLIC_URL);
        String host = url.map(each -> requireNonNull(each.getHost())).orElse("localhost");
        String origin = url.map(each -> requireNonNull(each.getScheme()) + "://" + requireNonNull(each.getAuthority()))
                .orElse("http://localhost");
        return new Passkeys(
                settings.optional(ConfigKeys.PASSKEYS_RP).orElse(host),
                settings.optional(ConfigKeys.PASSKEYS_NAME).orElse("Ferrymesh"),
                settings.optional(ConfigKeys.PASSKEYS_ORIGINS).orElse(List.of(origin)));
    }

    /** The mesh reads its own variables, so it gets what the file says under the same names. */
    private Optional<MeshOptions> cluster() {
        Map<String, String> variables = new HashMap<>();
        for (Key<?> key : ConfigKeys.all()) {
            if (key.path().startsWith("cluster.")) {
                settings.of(key).ifPresent(setting -> variables.put(key.variable(), setting.text()));
            }
        }
        Optional<DirectOptions> direct = direct();
        try {
            MeshOptions mesh = MeshOptions.fromEnvironment(variables);
            return direct.map(mesh::with);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            settings.wrong(complained(message), "or another key of cluster is wrong: " + message);
            return Optional.empty();
        }
    }

    /** The key whose variable the message begins with. */
    private static Key<?> complained(String message) {
        return ConfigKeys.all().stream()
                .filter(key -> message.startsWith(key.variable() + " "))
                .findFirst()
                .orElse(ConfigKeys.CLUSTER_HOST);
    }

    private Optional<DirectOptions> direct() {
        Optional<String> listen = settings.optional(ConfigKeys.DIRECT_LISTEN);
        Optional<String> advertise = settings.optional(ConfigKeys.DIRECT_ADVERTISE);
        try {
            return Optional.of(DirectOptions.parse(
                    listen, advertise, settings.optional(ConfigKeys.DIRECT_DIAL).orElse(false)));
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            Key<String> key = message.startsWith(ConfigKeys.DIRECT_ADVERTISE.path())
                    ? ConfigKeys.DIRECT_ADVERTISE
                    : ConfigKeys.DIRECT_LISTEN;
            settings.wrong(key, message.substring(message.indexOf(' ') + 1, message.lastIndexOf(": ")));
            return Optional.empty();
        }
    }

    private <T> T get(Key<T> key) {
        return settings.optional(key).orElseThrow();
    }

    private int integer(Key<Long> key) {
        return Math.toIntExact(get(key));
    }
}
