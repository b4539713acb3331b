package io.ferrymesh.kgc.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/** Makes key files quickly, where the strength of the derivation is not what is tested. */
public final class KeyFileCopies {

    private static final int FEW_ITERATIONS = 1_000;

    private KeyFileCopies() {}

    /** Another node's key file with the same secrets. */
    public static KgcKeyring copy(KgcKeyring keyring, Path file, char[] passphrase, SecureRandom random)
            throws KeyFileException, IOException, GeneralSecurityException {
        byte[] sealed = Pkcs12Secrets.seal(KeyFileContent.secrets(keyring), passphrase, FEW_ITERATIONS, random);
        return KgcKeyFile.load(Files.write(file, sealed), passphrase, FEW_ITERATIONS, random);
    }
}
