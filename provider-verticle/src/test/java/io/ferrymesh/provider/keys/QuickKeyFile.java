package io.ferrymesh.provider.keys;

import io.ferrymesh.keyfile.KeyFileException;
import java.nio.file.Path;
import java.security.SecureRandom;

/** A key file that takes no time to open, for tests of something else. */
public final class QuickKeyFile {

    private static final int FEW_ITERATIONS = 10;

    private QuickKeyFile() {}

    public static ProviderSecrets create(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        return ProviderKeyFile.create(file, passphrase, FEW_ITERATIONS, random);
    }
}
