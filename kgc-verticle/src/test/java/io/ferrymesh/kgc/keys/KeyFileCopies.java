package io.ferrymesh.kgc.keys;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.SecretsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Makes key files quickly, where the strength of the derivation is not what is tested. */
public final class KeyFileCopies {

    private static final int FEW_ITERATIONS = 1_000;

    private KeyFileCopies() {}

    /** Another node's key file with the same secrets. */
    public static KgcKeyring copy(KgcKeyring keyring, Path file, char[] passphrase, SecureRandom random)
            throws KeyFileException, IOException {
        Files.deleteIfExists(file);
        try (SecretsFile copy = SecretsFile.at(file, passphrase, KgcKeyFile.FORMAT, FEW_ITERATIONS, random)) {
            copy.create(KeyFileContent.secrets(keyring));
        }
        return KgcKeyFile.load(file, passphrase, FEW_ITERATIONS, random);
    }
}
