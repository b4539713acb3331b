package io.ferrymesh.kgc.keys;

import io.ferrymesh.keyfile.KeyFileException;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Key files that open at once, for tests of something else. */
public final class QuickKeyFile {

    private static final int FEW_ITERATIONS = 1_000;

    private QuickKeyFile() {}

    /** As {@link KgcKeyFile#create}, under a passphrase that anybody could guess. */
    public static KgcKeyring create(Path file, String passphrase) throws KeyFileException {
        return KgcKeyFile.create(file, passphrase.toCharArray(), FEW_ITERATIONS, new SecureRandom());
    }
}
