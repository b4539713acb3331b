package io.ferrymesh.provider.config;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.web.AddressRange;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every key there is. docs/configuration.md has the same as a table, which a test holds against this. */
final class ConfigKeys {

    private static final long MAX_SECONDS = 31_622_400;
    private static final long MAX_MS = 3_600_000;

    private static final ValueType<Path> FILE = ValueType.path("a file");
    private static final ValueType<String> HOST = ValueType.text("an address or a host name", "[0-9A-Za-z:._-]{1,253}");
    private static final ValueType<Long> PORT = ValueType.number(0, 65_535);
    private static final ValueType<String> NAME =
            ValueType.text("1 to 128 of A-Z, a-z, 0-9 and ._-", "[A-Za-z0-9._-]{1,128}");

    static final Key<String> HTTP_HOST = Key.of(
            "http.host", HOST, "127.0.0.1", "address of the HTTP API; another than a loopback address only with TLS");
    static final Key<Long> HTTP_PORT = Key.of("http.port", PORT, "8080", "its port, 0 for any");
    static final Key<URI> HTTP_PUBLIC_URL = Key.of(
            "http.publicUrl",
            ValueType.url(),
            "where users reach the API, if not at host and port: stands in tokens, and is the default for passkeys");
    static final Key<Path> HTTP_CERTIFICATE =
            Key.of("http.tls.certificate", FILE, "PEM certificate chain; read again when it changes");
    static final Key<Path> HTTP_KEY = Key.of(
            "http.tls.key",
            FILE,
            "PEM key of that certificate, PKCS#8 without a passphrase; read again when it changes");
    static final Key<List<String>> HTTP_ORIGINS = Key.of(
            "http.cors.origins",
            ValueType.origin().list(),
            "",
            "web pages of these origins may use the API; by default none may");
    static final Key<List<AddressRange>> HTTP_PROXIES = Key.of(
            "http.trustedProxies",
            ValueType.network().list(),
            "",
            "reverse proxies that are believed about whose request it is (X-Forwarded-For); needed behind one, or all clients count as one");
    static final Key<Long> HTTP_CONNECTIONS =
            Key.of("http.maxConnections", ValueType.number(1, 65_536), "1024", "connections at once");
    static final Key<Long> HTTP_CONNECTIONS_PER_ADDRESS = Key.of(
            "http.maxConnectionsPerAddress",
            ValueType.number(1, 65_536),
            "256",
            "connections at once from one address, unless it is a trusted proxy's");
    static final Key<Long> HTTP_WORKERS =
            Key.of("http.workers", ValueType.number(2, 512), "32", "threads that work on requests");
    static final Key<Long> HTTP_HEADER_TIMEOUT = Key.of(
            "http.headerTimeoutMs",
            ValueType.number(1_000, MAX_MS),
            "10000",
            "within which a whole request line and its headers are there");
    static final Key<Long> HTTP_IDLE_TIMEOUT = Key.of(
            "http.idleTimeoutMs", ValueType.number(1_000, MAX_MS), "60000", "after which an idle connection is closed");
    static final Key<Long> HTTP_STALL_TIMEOUT = Key.of(
            "http.stallTimeoutMs",
            ValueType.number(1_000, MAX_MS),
            "30000",
            "how far a client may fall behind http.minBytesPerSecond with a body or an answer");
    static final Key<Long> HTTP_MIN_RATE =
            Key.of("http.minBytesPerSecond", ValueType.number(1, 1 << 20), "1024", "what every client keeps up with");
    static final Key<Long> HTTP_MAX_OBJECT = Key.of(
            "http.maxObjectBytes",
            ValueType.number(0, 1L << 60),
            "5497558138880",
            "the largest object that may be put");

    static final Key<String> MANAGEMENT_HOST = Key.of(
            "management.host", HOST, "127.0.0.1", "address of liveness, readiness and metrics, without TLS or token");
    static final Key<Long> MANAGEMENT_PORT = Key.of("management.port", PORT, "8081", "their port, 0 for any");

    static final Key<String> DATABASE_URL = Key.of(
            "database.url",
            ValueType.text("sqlite:FILE or postgresql://HOST/NAME", "(sqlite:|postgresql://).+"),
            "where accounts, grants, migrations and credentials are kept");
    static final Key<String> DATABASE_USER =
            Key.of("database.user", ValueType.text("1 to 63 characters", ".{1,63}"), "user name in PostgreSQL");
    static final Key<String> DATABASE_PASSWORD = Key.secret("database.password", "password in PostgreSQL");
    static final Key<Path> DATABASE_PASSWORD_FILE = Key.of("database.passwordFile", FILE, "holds that password");

    static final Key<Path> KEYS_FILE = Key.of("keys.file", FILE, "the provider's own keys, encrypted (PKCS#12)");
    static final Key<String> KEYS_PASSPHRASE = Key.secret("keys.passphrase", "passphrase of the key file");
    static final Key<Path> KEYS_PASSPHRASE_FILE = Key.of("keys.passphraseFile", FILE, "holds that passphrase");

    static final Key<Digest> KGC_FINGERPRINT = Key.of(
            "kgc.fingerprint",
            ValueType.digest(),
            "SHA-256 of one of the key centre's public keys, current or announced: the only root of trust");
    static final Key<Long> KGC_START_WAIT = Key.of(
            "kgc.startWaitSeconds",
            ValueType.number(0, 240),
            "60",
            "how long a start waits for a database or a store that is away, and, to enrol, for a key centre");
    static final Key<Long> KGC_REVOCATION_REFRESH = Key.of(
            "kgc.revocationRefreshMs", ValueType.number(10, MAX_MS), "2000", "how often a bulletin is asked for");
    static final Key<Long> KGC_REVOCATION_MAX_AGE = Key.of(
            "kgc.revocationMaxAgeSeconds",
            ValueType.number(5, 86_400),
            "60",
            "how old the newest bulletin may be before nobody is trusted");
    static final Key<Long> KGC_TRUST_REFRESH = Key.of(
            "kgc.trustRefreshMs", ValueType.number(10, MAX_MS), "10000", "how often it is asked which keys it has");
    static final Key<Long> KGC_SUCCESSOR_SPREAD = Key.of(
            "kgc.successorSpreadSeconds",
            ValueType.number(0, 86_400),
            "300",
            "within how long after a new key's announcement the first credentials under it are asked for");

    static final Key<Long> CREDENTIALS_POOL = Key.of(
            "credentials.poolSize",
            ValueType.number(1, 10_000),
            "32",
            "credentials of each usage in stock; a migration spends one of each");
    static final Key<Long> CREDENTIALS_LOW =
            Key.of("credentials.lowWater", ValueType.number(0, 9_999), "8", "when fewer are left, more are fetched");
    static final Key<Long> CREDENTIALS_VALIDITY = Key.of(
            "credentials.validitySeconds",
            ValueType.number(60, MAX_SECONDS),
            "86400",
            "how long they are valid; cut to what the key centre grants");
    static final Key<Long> CREDENTIALS_MARGIN = Key.of(
            "credentials.expiryMarginSeconds",
            ValueType.number(0, MAX_SECONDS),
            "43200",
            "one that expires within this time is not handed out; at most half of the validity");

    static final Key<String> ACCOUNTS_REGISTRATION = Key.of(
            "accounts.registration",
            ValueType.choice("open", "closed"),
            "open",
            "whether anybody may register, or only the operator makes accounts");
    static final Key<Long> ACCOUNTS_MAX =
            Key.of("accounts.max", ValueType.number(1, 1_000_000_000), "1000000", "how many accounts there can be");
    static final Key<Long> ACCOUNTS_QUOTA = Key.of(
            "accounts.quotaBytes",
            ValueType.number(0, 1L << 60),
            "107374182400",
            "space of an account that has no quota of its own");
    static final Key<Long> ACCOUNTS_TOKEN =
            Key.of("accounts.tokenSeconds", ValueType.number(10, 600), "300", "how long an access token is good");
    static final Key<Long> ACCOUNTS_IDLE = Key.of(
            "accounts.sessionIdleSeconds",
            ValueType.number(60, MAX_SECONDS),
            "604800",
            "a session that is not refreshed for so long has ended");
    static final Key<Long> ACCOUNTS_SESSION = Key.of(
            "accounts.sessionSeconds", ValueType.number(60, MAX_SECONDS), "2592000", "when a session ends in any case");
    static final Key<Long> ACCOUNTS_MEMORY = Key.of(
            "accounts.argon2.memoryKib",
            ValueType.number(8, 1_048_576),
            "47104",
            "memory to hash a password with; raised for an account at its next login");
    static final Key<Long> ACCOUNTS_ITERATIONS =
            Key.of("accounts.argon2.iterations", ValueType.number(1, 10), "1", "passes over that memory");
    static final Key<Long> ACCOUNTS_HASHERS = Key.of(
            "accounts.argon2.atOnce", ValueType.number(1, 64), "2", "passwords hashed at once, each with that memory");
    static final Key<Boolean> ACCOUNTS_KNOWN_NETWORKS = Key.of(
            "accounts.knownNetworks",
            ValueType.flag(),
            "true",
            "whether the network an owner has logged in from is theirs; false where all clients seem to have one address, as behind a NAT");
    static final Key<String> PASSKEYS_RP = Key.of(
            "accounts.passkeys.rpId",
            ValueType.text("a domain name", "[a-z0-9.-]{1,253}"),
            "the domain that passkeys belong to; default: the host of http.publicUrl, else localhost");
    static final Key<List<String>> PASSKEYS_ORIGINS = Key.of(
            "accounts.passkeys.origins",
            ValueType.origin().list(),
            "the pages that may use them; default: the origin of http.publicUrl");

    static final Key<String> PASSKEYS_NAME = Key.of(
            "accounts.passkeys.name",
            ValueType.text("1 to 64 characters", "[^\\p{Cntrl}]{1,64}"),
            "Ferrymesh",
            "what authenticators call this provider");

    static final Key<String> STORE_TYPE =
            Key.of("store.type", ValueType.choice("directory", "s3", "webdav"), "where users' objects are");
    static final Key<String> STORE_PREFIX = Key.of(
            "store.userPrefix",
            ValueType.text(
                    "text with {account} in it, ending in /; empty when accounts.max is 1",
                    "|[A-Za-z0-9._/-]*\\{account\\}[A-Za-z0-9._-]*/"),
            "{account}/",
            "where in the store an account's objects are; {account} is its number");
    static final Key<Path> STORE_ROOT = Key.of("store.directory.root", ValueType.path("a directory"), "its directory");
    static final Key<URI> S3_ENDPOINT =
            Key.of("store.s3.endpoint", ValueType.endpoint(), "where the server is; default: Amazon's, by the region");
    static final Key<String> S3_REGION = Key.of(
            "store.s3.region",
            ValueType.text("1 to 64 of a-z, 0-9 and -", "[a-z0-9-]{1,64}"),
            "us-east-1",
            "its region");
    static final Key<String> S3_BUCKET = Key.of(
            "store.s3.bucket",
            ValueType.text("3 to 63 letters, digits, dots, _ and -", "[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]"),
            "its bucket, which must be there");
    static final Key<String> S3_PREFIX = Key.of(
            "store.s3.prefix",
            ValueType.text(
                    "parts of A-Z, a-z, 0-9, ., _ and -, each followed by /, or nothing", "|([A-Za-z0-9._-]+/)+"),
            "",
            "what all keys in the bucket begin with");
    static final Key<Boolean> S3_PATH_STYLE = Key.of(
            "store.s3.pathStyle",
            ValueType.flag(),
            "false",
            "whether the bucket is part of the path and not of the host");
    static final Key<String> S3_ACCESS = Key.of(
            "store.s3.accessKey",
            ValueType.text("1 to 128 characters without spaces", "[!-~]{1,128}"),
            "access key; default: what the AWS SDK finds, such as an instance's role");
    static final Key<String> S3_SECRET = Key.secret("store.s3.secretKey", "secret of the access key");
    static final Key<Path> S3_SECRET_FILE = Key.of("store.s3.secretKeyFile", FILE, "holds that secret");
    static final Key<Integer> S3_PART = Key.of(
            "store.s3.partBytes",
            ValueType.choice("8388608", "16777216").map(Integer::valueOf),
            "8388608",
            "larger objects are uploaded in parts of this size");
    static final Key<Path> S3_SPOOL = Key.of(
            "store.s3.spool",
            ValueType.path("a directory"),
            "for parts there is no memory for; default: the system's for temporary files");
    static final Key<Boolean> S3_CHECKSUMS = Key.of(
            "store.s3.checksums",
            ValueType.flag(),
            "true",
            "whether the server is given a CRC-32C to check; false only for one that refuses it");
    static final Key<Boolean> S3_SERVER_TIMES = Key.of(
            "store.s3.serverTimes",
            ValueType.flag(),
            "false",
            "whether an object's time is when the server stored it; users' listings then cost no request for each object");
    static final Key<Long> S3_CONNECTIONS =
            Key.of("store.s3.maxConnections", ValueType.number(1, 1_000), "64", "connections at once");
    static final Key<URI> DAV_URL = Key.of("store.webdav.url", ValueType.url(), "the collection to use");
    static final Key<String> DAV_USER =
            Key.of("store.webdav.user", ValueType.text("1 to 255 characters", ".{1,255}"), "user name there");
    static final Key<String> DAV_PASSWORD = Key.secret("store.webdav.password", "password there");
    static final Key<Path> DAV_PASSWORD_FILE = Key.of("store.webdav.passwordFile", FILE, "holds that password");
    static final Key<Long> DAV_CONNECT = Key.of(
            "store.webdav.connectTimeoutMs", ValueType.number(100, MAX_MS), "10000", "for a connection to be there");
    static final Key<Long> DAV_ANSWER = Key.of(
            "store.webdav.answerTimeoutMs",
            ValueType.number(100, MAX_MS),
            "60000",
            "how long the server may be silent");
    static final Key<Path> DAV_SPOOL = Key.of(
            "store.webdav.spool",
            ValueType.path("a directory"),
            "for objects on their way up; default: the system's for temporary files");
    static final Key<Long> DAV_CONNECTIONS =
            Key.of("store.webdav.maxConnections", ValueType.number(1, 1_024), "32", "connections at once");

    static final Key<Long> LIMIT_LIVE = Key.of(
            "limits.maxLivePerAccount",
            ValueType.number(1, 100_000),
            "1000",
            "grants, and migrations, of an account that have not ended");
    static final Key<Long> LIMIT_STARTS = Key.of(
            "limits.maxStartsPerAccountHour",
            ValueType.number(1, 3_600_000),
            "120",
            "grants and migrations together that an account may begin in an hour, further attempts included");
    static final Key<Long> LIMIT_RUNNING_OF_ONE = Key.of(
            "limits.maxRunningPerAccount",
            ValueType.number(1, 10_000),
            "4",
            "migrations of an account that run at once; the others wait");
    static final Key<Long> LIMIT_RUNNING =
            Key.of("limits.maxRunning", ValueType.number(1, 10_000), "64", "migrations that a process drives at once");
    static final Key<Long> LIMIT_SESSIONS = Key.of(
            "limits.maxSessions",
            ValueType.number(1, 100_000),
            "1000",
            "destinations that a process serves at once, as far as migrations.windowBytes has a frame for each; one more is told to come later");
    static final Key<Long> LANES = Key.of(
            "migrations.maxLanes",
            ValueType.number(1, 16),
            "8",
            "data lanes of a migration at most; how many of them it uses is found out as it goes");
    static final Key<Long> WINDOW = Key.of(
            "migrations.windowBytes",
            ValueType.number(0, 1L << 40),
            "0",
            "bytes on their way to a process over all migrations, besides a frame for each lane in use; as much again may wait to be sent; 0:"
                    + " a sixteenth of the heap, at most 256 MiB; otherwise at least 4194304");
    static final Key<Long> RETRIES = Key.of(
            "migrations.maxRetries",
            ValueType.number(0, 100_000),
            "2100",
            "how often in a row one is begun again by itself after a failure that may pass: at five minutes each, for a week, which is as"
                    + " long as a grant may live");
    static final Key<Long> REPORT = Key.of(
            "migrations.maxReportObjects",
            ValueType.number(0, 1_000_000_000L),
            "1000000",
            "objects of a migration of which it is kept what became of them, and as many again that failed; ten times as many"
                    + " of an account's without a receipt");
    static final Key<Long> JOURNAL = Key.of(
            "migrations.maxJournalEntries",
            ValueType.number(1_000, 1_000_000_000_000L),
            "10000000",
            "objects, and segments of 16 MiB of larger ones, that the journals of an account's migrations keep until they end;"
                    + " with more, a run goes on without");
    static final Key<Long> STALLED = Key.of(
            "migrations.stalledMinutes",
            ValueType.number(1, 10_080),
            "15",
            "a run without a bandwidth limit that does nothing for so long is ended and begun again");
    static final Key<Long> KEEP =
            Key.of("migrations.keepEndedDays", ValueType.number(1, 36_500), "90", "how long what has ended is kept");
    static final Key<Long> KEEP_AUDIT = Key.of(
            "migrations.keepAuditDays",
            ValueType.number(1, 36_500),
            "365",
            "how long it is kept who did what with grants and migrations");
    static final Key<Long> LEASE = Key.of(
            "migrations.leaseMs",
            ValueType.number(1_000, 600_000),
            "10000",
            "a process that is silent for so long loses its grants and migrations to another");

    static final Key<Boolean> WEBHOOKS = Key.of(
            "webhooks.enabled",
            ValueType.flag(),
            "true",
            "whether users may have requests sent to the public internet when something happens");
    static final Key<Boolean> WEBHOOKS_LOOPBACK = Key.of(
            "webhooks.allowLoopback",
            ValueType.flag(),
            "false",
            "whether also to this machine, without TLS too: every user reaches what listens on it then");
    static final Key<Long> GRACE = Key.of(
            "shutdown.graceSeconds",
            ValueType.number(0, 300),
            "10",
            "how long running requests may take when it stops");

    static final Key<String> CLUSTER_NAME = Key.of(
                    "cluster.name",
                    NAME,
                    "processes join those of the same name; default: what the Hazelcast file says")
            .from("FERRYMESH_CLUSTER_NAME");
    static final Key<Path> CLUSTER_XML = Key.of(
                    "cluster.xml", FILE, "another Hazelcast file, for example with Kubernetes discovery")
            .from("FERRYMESH_CLUSTER_XML");
    static final Key<String> CLUSTER_HOST = Key.of(
                    "cluster.host", HOST, "127.0.0.1", "the address Hazelcast and the event bus listen on")
            .from("FERRYMESH_CLUSTER_HOST");
    static final Key<String> CLUSTER_PUBLIC_HOST = Key.of(
                    "cluster.publicHost", HOST, "the address others use; needed when the host is 0.0.0.0 or ::")
            .from("FERRYMESH_CLUSTER_PUBLIC_HOST");
    static final Key<Long> CLUSTER_PORT = Key.of(
                    "cluster.port",
                    ValueType.number(1, 65_535),
                    "Hazelcast's port; default: the first free one from 5701 on")
            .from("FERRYMESH_CLUSTER_PORT");
    static final Key<List<String>> CLUSTER_MEMBERS = Key.of(
                    "cluster.members",
                    ValueType.text("host, host:port or [IPv6]:port", "[0-9A-Za-z:._\\[\\]-]{1,260}")
                            .list(),
                    "where to look for members; default: what the Hazelcast file says")
            .from("FERRYMESH_CLUSTER_MEMBERS");
    static final Key<List<String>> CLUSTER_DNS = Key.of(
                    "cluster.dns",
                    ValueType.text("a host name", "[0-9A-Za-z:.-]{1,253}").list(),
                    "names that stand for members, such as headless services of Kubernetes; instead of cluster.members")
            .from("FERRYMESH_CLUSTER_DNS");
    static final Key<Long> EVENTBUS_PORT = Key.of("cluster.eventBusPort", PORT, "0", "the event bus's port, 0 for any")
            .from("FERRYMESH_EVENTBUS_PORT");
    static final Key<Path> EVENTBUS_CERTIFICATE = Key.of(
                    "cluster.eventBusTls.certificate",
                    FILE,
                    "PEM certificate chain with which this process proves itself on the event bus, to servers and clients; all three or none, and all members alike")
            .from("FERRYMESH_EVENTBUS_TLS_CERTIFICATE");
    static final Key<Path> EVENTBUS_KEY = Key.of(
                    "cluster.eventBusTls.key",
                    FILE,
                    "PEM key of that certificate, RSA or EC, PKCS#8 without a passphrase")
            .from("FERRYMESH_EVENTBUS_TLS_KEY");
    static final Key<Path> EVENTBUS_CA = Key.of(
                    "cluster.eventBusTls.ca",
                    FILE,
                    "PEM certificates of the authorities whose certificates make a member")
            .from("FERRYMESH_EVENTBUS_TLS_CA");

    static final Key<String> DIRECT_LISTEN = Key.of(
            "direct.listen",
            ValueType.text("host:port or [IPv6]:port", "[0-9A-Za-z:._\\[\\]-]{1,260}"),
            "where peers connect to directly for the bulk of a migration, port 0 for any; default: nowhere");
    static final Key<String> DIRECT_ADVERTISE = Key.of(
            "direct.advertise",
            ValueType.text("host, host:port, [IPv6] or [IPv6]:port", "[0-9A-Za-z:._\\[\\]-]{1,260}"),
            "the address peers are told instead; needed when direct.listen is at 0.0.0.0 or ::");
    static final Key<Boolean> DIRECT_DIAL = Key.of(
            "direct.dial",
            ValueType.flag(),
            "false",
            "whether to connect to peers that listen without listening; who listens connects too");

    private static final List<Key<?>> ALL = declared();

    private ConfigKeys() {}

    /** In the order of the table. */
    static List<Key<?>> all() {
        return ALL;
    }

    private static List<Key<?>> declared() {
        List<Key<?>> keys = new ArrayList<>();
        for (Field field : ConfigKeys.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Key.class) {
                try {
                    keys.add((Key<?>) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return List.copyOf(keys);
    }
}
