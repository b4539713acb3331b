package io.ferrymesh.provider.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.Certificates;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KilledProcessTest {

    private static final long NOW = 1_790_000_000;
    private static final int CREDENTIALS = 200;
    private static final int HEARD = 20;

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void what_a_killed_process_was_given_nobody_gets_again_and_no_more_than_one_is_lost() throws Exception {
        DatabaseOptions file = new DatabaseOptions.Sqlite(directory.resolve("provider.db"));
        char[] passphrase = CredentialTaker.PASSPHRASE.toCharArray();
        try (ProviderSecrets secrets =
                        ProviderKeyFile.create(directory.resolve("provider.p12"), passphrase, 1_000, random);
                MasterKey master = MasterKey.generate(random);
                Database database = Database.open(file, ProviderDatabase.MIGRATIONS)) {
            StoredCredentials stored = new StoredCredentials(database, secrets, 0);
            stored.put(issue(master));
            List<String> given = killedAfter(HEARD, master);
            List<String> left = stored.take(master.publicKey(), Usage.SIGNING, CREDENTIALS, NOW).stream()
                    .map(each -> each.certificate().pseudonym().toString())
                    .toList();
            assertThat(given).doesNotHaveDuplicates().hasSizeBetween(HEARD, CREDENTIALS - 1);
            assertThat(left).doesNotContainAnyElementsOf(given);
            assertThat(given.size() + left.size()).isBetween(CREDENTIALS - 1, CREDENTIALS);
        }
    }

    /** What it said to the end, which comes without a warning. */
    private List<String> killedAfter(int lines, MasterKey master) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CredentialTaker.class.getName(),
                        directory.resolve("provider.db").toString(),
                        directory.resolve("provider.p12").toString(),
                        HexFormat.of().formatHex(master.copy()),
                        Long.toString(NOW))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> given = new ArrayList<>();
        try (BufferedReader said = process.inputReader()) {
            while (given.size() < lines) {
                given.add(Objects.requireNonNull(said.readLine(), "it ended by itself"));
            }
            process.toHandle().destroyForcibly();
            said.lines().filter(rest -> rest.length() == 2 * Pseudonym.LENGTH).forEach(given::add);
            assertThat(process.waitFor()).isNotZero();
        }
        return given;
    }

    private List<Credential> issue(MasterKey master) {
        return IntStream.range(0, CREDENTIALS)
                .mapToObj(i -> Certificates.issue(
                        master,
                        Usage.SIGNING,
                        Pseudonym.of(ByteBuffer.allocate(Pseudonym.LENGTH)
                                .putLong(i)
                                .putLong(random.nextLong())
                                .array()),
                        new Validity(NOW - 1, NOW + 86_400),
                        random))
                .toList();
    }
}
