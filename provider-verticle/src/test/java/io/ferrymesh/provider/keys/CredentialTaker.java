package io.ferrymesh.provider.keys;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.Usage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** Another process of a provider, which takes one credential after the other and says which until it is killed. */
final class CredentialTaker {

    static final String PASSPHRASE = "correct horse battery staple";

    private CredentialTaker() {}

    /** Arguments: the database file, the key file, the key centre's master key, the time. */
    public static void main(String[] arguments) throws Exception {
        try (ProviderSecrets secrets =
                        ProviderKeyFile.load(Path.of(arguments[1]), PASSPHRASE.toCharArray(), new SecureRandom());
                MasterKey master = MasterKey.of(HexFormat.of().parseHex(arguments[2]));
                Database database =
                        Database.open(new DatabaseOptions.Sqlite(Path.of(arguments[0])), ProviderDatabase.MIGRATIONS)) {
            StoredCredentials stored = new StoredCredentials(database, secrets, 0);
            List<Credential> taken;
            do {
                taken = stored.take(master.publicKey(), Usage.SIGNING, 1, Long.parseLong(arguments[3]));
                taken.forEach(each -> System.out.println(each.certificate().pseudonym()));
                System.out.flush();
            } while (!taken.isEmpty());
        }
    }
}
