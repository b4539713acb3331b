package io.ferrymesh.provider.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.mesh.DirectOptions;
import io.ferrymesh.mesh.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {

    private static final String FINGERPRINT = "ab".repeat(32);
    private static final String SMALLEST =
            """
            database:
              url: sqlite:provider.db
            keys:
              file: provider.p12
              passphraseFile: passphrase
            kgc:
              fingerprint: %s
            store:
              type: directory
              directory:
                root: /data
            """
                    .formatted(FINGERPRINT);

    @TempDir
    private Path directory;

    @Test
    void trusted_proxies_are_addresses_and_networks() throws Exception {
        ProviderConfig config = read(SMALLEST + "http:\n  trustedProxies: [127.0.0.1, 10.0.0.0/8]\n")
                .provider();
        assertThat(config.http().trustedProxies())
                .extracting(String::valueOf)
                .containsExactly("127.0.0.1", "10.0.0.0/8");
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> read(SMALLEST + "http:\n  trustedProxies: [proxy.example.org]\n")
                        .provider());
        assertThat(refused.getMessage())
                .contains("http.trustedProxies must be addresses such as 10.0.0.7, or networks such as 10.0.0.0/8");
    }

    @Test
    void the_smallest_file_gives_the_defaults() throws Exception {
        ProviderConfig config = read(SMALLEST).provider();
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.http().corsOrigins()).isEmpty();
        assertThat(config.http().trustedProxies()).isEmpty();
        assertThat(config.database())
                .isEqualTo(new DatabaseOptions.Sqlite(Path.of("provider.db").toAbsolutePath()));
        assertThat(config.keys().passphraseFile()).contains(Path.of("passphrase"));
        assertThat(config.kgc().fingerprint().hex()).isEqualTo(FINGERPRINT);
        assertThat(config.accounts().token()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.accounts().passkeys().rpId()).isEqualTo("localhost");
        assertThat(config.store().place()).isEqualTo(new StoreConfig.Directory(Path.of("/data")));
        assertThat(config.store().prefixOf(17)).isEqualTo("17");
        assertThat(config.cluster().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void direct_connections_are_off_until_a_listener_or_dialling_is_set() throws Exception {
        assertThat(read(SMALLEST).provider().cluster().direct()).isEqualTo(DirectOptions.OFF);
        DirectOptions listening = read(SMALLEST + "direct: {listen: '[::]:7000', advertise: cloud.example.org}\n")
                .provider()
                .cluster()
                .direct();
        assertThat(listening.listen()).contains(new Endpoint("::", 7000));
        assertThat(listening.publicHost()).contains("cloud.example.org");
        assertThat(listening.publicPort()).isEmpty();
        assertThat(listening.dials()).isTrue();
        DirectOptions dialling =
                read(SMALLEST + "direct: {dial: true}\n").provider().cluster().direct();
        assertThat(dialling.listen()).isEmpty();
        assertThat(dialling.dials()).isTrue();
    }

    @Test
    void the_environment_alone_does_as_well() throws Exception {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("FERRYMESH_PROVIDER_DATABASE_URL", "sqlite:provider.db");
        environment.put("FERRYMESH_PROVIDER_KEYS_FILE", "provider.p12");
        environment.put("FERRYMESH_PROVIDER_KEYS_PASSPHRASE", "not to be shown");
        environment.put("FERRYMESH_PROVIDER_KGC_FINGERPRINT", FINGERPRINT);
        environment.put("FERRYMESH_PROVIDER_STORE_TYPE", "directory");
        environment.put("FERRYMESH_PROVIDER_STORE_DIRECTORY_ROOT", "/data");
        environment.put("FERRYMESH_CLUSTER_MEMBERS", "one.example.org, two.example.org:5701");
        environment.put("FERRYMESH_LOG_LEVEL", "INFO");
        environment.put("FERRYMESH_PROVIDER_HTTP_PORT", "");
        Configuration read = Configuration.read(Optional.empty(), environment);
        assertThat(read.provider().keys().passphraseFile()).isEmpty();
        assertThat(read.provider().cluster().members()).containsExactly("one.example.org", "two.example.org:5701");
        assertThat(read.provider().http().port()).isEqualTo(8080);
        assertThat(read.yaml())
                .contains("  # passphrase: ***  environment FERRYMESH_PROVIDER_KEYS_PASSPHRASE\n")
                .doesNotContain("not to be shown");
    }

    @Test
    void the_environment_is_over_the_file() throws Exception {
        String yaml = SMALLEST + "http:\n  port: 8081\n  cors:\n    origins: [https://a.example.org]\n";
        Configuration read = Configuration.read(
                Optional.of(file(yaml)),
                Map.of(
                        "FERRYMESH_PROVIDER_HTTP_PORT", "8082",
                        "FERRYMESH_PROVIDER_HTTP_CORS_ORIGINS", "https://b.example.org, http://localhost:3000"));
        assertThat(read.provider().http().port()).isEqualTo(8082);
        assertThat(read.provider().http().corsOrigins())
                .containsExactly("https://b.example.org", "http://localhost:3000");
        assertThat(read.yaml()).contains("  port: 8082  # environment FERRYMESH_PROVIDER_HTTP_PORT\n");
    }

    @Test
    void what_is_shown_reads_back_as_the_same() throws Exception {
        String yaml = SMALLEST
                + """
                http:
                  publicUrl: https://cloud.example.org
                  cors:
                    origins: [https://a.example.org, 'https://b.example.org:8443']
                limits:
                  maxLivePerAccount: 7
                """;
        Configuration once = read(yaml);
        Configuration again = read(once.yaml());
        assertThat(again.provider()).isEqualTo(once.provider());
        assertThat(once.provider().accounts().passkeys())
                .isEqualTo(new ProviderConfig.Passkeys(
                        "cloud.example.org", "Ferrymesh", List.of("https://cloud.example.org")));
        assertThat(once.yaml()).contains("  maxLivePerAccount: 7  # ", "default");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    http: {prot: 8080}             | there is no key http.prot | did you mean http.port?
                    htpp: {port: 8080}             | there is no key htpp      |
                    http: {port: 8080, port: 8081} | http.port is there twice  |
                    http.port: 8080                | a key must be a name without dots |
                    http: 8080                     | http must hold keys and values |
                    http: {port: eighty}           | http.port must be 0 to 65535: eighty |
                    http: {port: 65536}            | http.port must be 0 to 65535: 65536 |
                    http: {port: 08080}            | http.port must be 0 to 65535: 08080 |
                    http: {port: }                 | http.port must be one value |
                    http: {port: [1]}              | http.port must be one value |
                    http: {cors: {origins: https://a.example.org}} | http.cors.origins must be a list |
                    http: {cors: {origins: ['*']}} | http.cors.origins must be origins such as | *
                    http: {cors: {origins: [http://a.example.org]}} | http.cors.origins must be |
                    http: {host: 0.0.0.0}          | http.host must be 127.0.0.1 or ::1 without http.tls | 0.0.0.0
                    http: {tls: {key: key.pem}}    | http.tls.certificate must be set together with http.tls.key |
                    http: {publicUrl: 'http://cloud.example.org'} | http.publicUrl must be an https URL |
                    credentials: {lowWater: 32}    | credentials.lowWater must be at most 31 | credentials.poolSize
                    credentials: {validitySeconds: 600} | credentials.expiryMarginSeconds must be at most half |
                    accounts: {registration: Open} | accounts.registration must be open, closed: Open |
                    database: {password: secret77} | database.password must not be in the file |
                    accounts: {passkeys: {rpId: example.org, origins: [https://example.com]}} | accounts.passkeys.origins must be origins at example.org or below it | example.com
                    cluster: {host: 0.0.0.0}       | cluster.publicHost | PUBLIC_HOST
                    cluster: {dns: [members], members: [a]} | FERRYMESH_CLUSTER_DNS must be unset | members
                    cluster: {eventBusTls: {key: /none.pem}} | FERRYMESH_EVENTBUS_TLS_CERTIFICATE and FERRYMESH_EVENTBUS_TLS_CA must be set |
                    cluster: {eventBusTls: {certificate: /no.pem, key: /k, ca: /c}} | cluster.eventBusTls.certificate | /no.pem
                    cluster: {dns: ['a b']}        | cluster.dns must be a host name |
                    direct: {listen: 'host'}       | direct.listen must be host:port or [IPv6]:port | host
                    direct: {listen: '0.0.0.0:0'}  | direct.advertise must be set when direct.listen is 0.0.0.0 |
                    direct: {listen: 'a:1', advertise: 'b:0'} | direct.advertise must be from 1 to 65535 | b:0
                    direct: {listen: 'a:1', advertise: '0.0.0.0'} | direct.advertise must be a host name or an IP address that others can reach |
                    direct: {advertise: 'b:1'}     | direct.advertise must be unset where direct.listen is not set |
                    direct: {dial: maybe}          | direct.dial must be true, false: maybe |
                    """)
    void what_is_wrong_is_named_with_its_key_its_value_and_what_is_right(String yaml, String says, String also)
            throws Exception {
        Configuration unused = read(SMALLEST);
        List<String> problems = problems(merged(yaml));
        assertThat(problems).anySatisfy(problem -> assertThat(problem)
                .contains(says, also == null ? "" : also)
                .doesNotContain("secret77"));
    }

    /** The broken part on top, and the rest without the section that it is in. */
    private static String merged(String yaml) {
        String section = yaml.split(":", 2)[0];
        StringBuilder rest = new StringBuilder();
        boolean skip = false;
        for (String line : SMALLEST.lines().toList()) {
            skip = line.startsWith(" ") ? skip : line.equals(section + ":");
            rest.append(skip ? "" : line + "\n");
        }
        return yaml + "\n" + rest;
    }

    @Test
    void everything_that_is_wrong_is_told_at_once_with_its_line() throws Exception {
        List<String> problems = problems("http:\n  port: x\nstore:\n  type: floppy\n");
        assertThat(problems)
                .anyMatch(problem -> problem.contains("http.port must be 0 to 65535: x (") && problem.endsWith(":2)"))
                .anyMatch(problem -> problem.contains("store.type must be directory, s3, webdav: floppy"))
                .anyMatch(problem -> problem.startsWith("database.url must be set"))
                .anyMatch(problem -> problem.startsWith("keys.file must be set"))
                .anyMatch(problem -> problem.startsWith("kgc.fingerprint must be set"))
                .anyMatch(problem -> problem.startsWith("keys.passphraseFile or the environment variable"))
                .doesNotHaveDuplicates();
    }

    @Test
    void an_unknown_variable_is_refused() {
        ConfigException failure = catchThrowableOfType(
                ConfigException.class,
                () -> Configuration.read(Optional.of(file(SMALLEST)), Map.of("FERRYMESH_PROVIDER_HTTP_PROT", "8080")));
        assertThat(failure.problems())
                .containsExactly("there is no variable FERRYMESH_PROVIDER_HTTP_PROT; did you mean"
                        + " FERRYMESH_PROVIDER_HTTP_PORT?");
    }

    @ParameterizedTest
    @CsvSource({
        "'a: [1', not YAML",
        "'a: 1\n---\nb: 1', not YAML",
        "'\tport: 1', not YAML",
        "'- a', must hold keys and values"
    })
    void what_is_no_such_file_at_all_is_refused(String yaml, String says) {
        assertThat(problems(yaml)).anySatisfy(problem -> assertThat(problem).contains(says));
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        Path nowhere = directory.resolve("nowhere.yaml");
        ConfigException failure =
                catchThrowableOfType(ConfigException.class, () -> Configuration.read(Optional.of(nowhere), Map.of()));
        assertThat(failure.problems()).singleElement().asString().contains("cannot be read", "nowhere.yaml");
    }

    @Test
    void secrets_come_from_files_and_are_never_shown() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "the-s3-secret\n");
        Configuration read = read(s3("  accessKey: AKIA\n    secretKeyFile: '" + secret + "'\n"));
        StoreConfig.S3 place = (StoreConfig.S3) read.provider().store().place();
        assertThat(place.accessKey()).contains(new StoreConfig.AccessKey("AKIA", "the-s3-secret"));
        assertThat(read.yaml() + read.provider()).contains("AKIA").doesNotContain("the-s3-secret");
    }

    @Test
    void half_an_access_key_is_refused() {
        assertThat(problems(s3("  accessKey: AKIA\n")))
                .anyMatch(problem -> problem.startsWith("store.s3.accessKey must be set together with"));
    }

    @Test
    void a_prefix_in_a_bucket_is_told_which_characters_it_may_have() {
        assertThat(problems(s3("  prefix: clouds/é/\n")))
                .anyMatch(problem -> problem.contains("0-9, ., _ and -, each followed by /, or nothing: clouds/é/"));
    }

    @Test
    void what_belongs_to_another_kind_of_store_is_refused() {
        assertThat(problems(s3("") + "  webdav:\n    url: https://dav.example.org/\n"))
                .anyMatch(problem -> problem.startsWith("store.webdav.url must not be set while store.type is s3"));
    }

    @Test
    void accounts_never_share_their_objects() throws Exception {
        String yaml = SMALLEST + "  userPrefix: ''\n";
        assertThat(problems(yaml)).anyMatch(problem -> problem.startsWith("store.userPrefix must have {account}"));
        assertThat(problems(SMALLEST + "  userPrefix: users/\n"))
                .anyMatch(problem -> problem.startsWith("store.userPrefix must be text with {account}"));
        StoreConfig alone = read(yaml + "accounts: {max: 1}\n").provider().store();
        assertThat(alone.prefixOf(1)).isEmpty();
    }

    static List<Key<?>> keys() {
        return ConfigKeys.all();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void every_default_is_right(Key<?> key) {
        key.fallback()
                .ifPresent(text -> assertThat(key.type().read().apply(text)).isNotNull());
    }

    @Test
    void every_key_has_a_path_and_a_variable_of_its_own() {
        List<String> names = new ArrayList<>();
        ConfigKeys.all().forEach(key -> names.addAll(List.of(key.path(), key.variable())));
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(80);
    }

    @Test
    void an_objects_time_is_its_own_unless_the_servers_will_do() throws Exception {
        assertThat(((StoreConfig.S3) read(s3("")).provider().store().place()).serverTimes())
                .isFalse();
        assertThat(((StoreConfig.S3) read(s3("  serverTimes: true\n"))
                                .provider()
                                .store()
                                .place())
                        .serverTimes())
                .isTrue();
    }

    private static String s3(String more) {
        return SMALLEST.substring(0, SMALLEST.indexOf("store:")) + "store:\n  type: s3\n  s3:\n    bucket: objects\n"
                + (more.isEmpty() ? "" : "  " + more);
    }

    private Configuration read(String yaml) throws Exception {
        return Configuration.read(Optional.of(file(yaml)), Map.of());
    }

    private List<String> problems(String yaml) {
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> read(yaml));
        assertThat(failure).as("a failure to read %s", yaml).isNotNull();
        return failure.problems();
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("provider.yaml"), yaml);
    }
}
