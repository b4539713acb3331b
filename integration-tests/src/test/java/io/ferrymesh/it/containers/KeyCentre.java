package io.ferrymesh.it.containers;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.scheme.KgcPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key centre with a key file and a database of its own in the state "kgc", made with the program's own commands. For each of its
 * providers there is a secret, NAME-enrolment.
 */
final class KeyCentre {

    private static final String KEY_FILE = "--key-file=kgc.p12";
    /** The secret that opens its key file. */
    static final String PASSPHRASE = "kgc-passphrase";

    private static final String PASSPHRASE_FILE = "--passphrase-file=" + Containers.SECRETS + PASSPHRASE;
    private static final String OPERATOR_TOKEN = "--token-file=" + Containers.SECRETS + "kgc-operator";
    private static final String TOKEN = "\"token\":\"([0-9a-f]{64})\"";

    /** What its node needs. */
    static final List<String> RUN_SECRETS = List.of(PASSPHRASE);

    /** The command of its node. */
    static final String[] RUN = {"kgc", "run", KEY_FILE, PASSPHRASE_FILE};

    private final WorkDirectory work;
    private final Containers containers;
    private final String fingerprint;
    private final KgcPublicKey publicKey;

    private KeyCentre(WorkDirectory work, Containers containers) throws IOException, KeyFileException {
        this.work = work;
        this.containers = containers;
        work.writeSecret(PASSPHRASE, random());
        this.fingerprint = find("\"fingerprint\":\"([0-9a-f]{64})\"", command("init", List.of(), "init"));
        this.publicKey = read();
    }

    /** A new one, with what providers of these names enrol with. */
    static KeyCentre make(WorkDirectory work, Containers containers, List<String> providers)
            throws IOException, KeyFileException {
        KeyCentre made = new KeyCentre(work, containers);
        String operator = made.command("operator", List.of(), "operator", "add", "setup", "ENROLMENT");
        work.writeSecret("kgc-operator", find(TOKEN, operator));
        for (String provider : providers) {
            made.enrol(provider);
        }
        return made;
    }

    /** As the program printed it. */
    String fingerprint() {
        return fingerprint;
    }

    KgcPublicKey publicKey() {
        return publicKey;
    }

    /** Out of the key file, which takes a while to open; its fingerprint must be the one the program printed. */
    private KgcPublicKey read() throws IOException, KeyFileException {
        char[] passphrase = Files.readString(work.secret(PASSPHRASE)).toCharArray();
        Path file = work.state("kgc").resolve("kgc.p12");
        try (KgcKeyring keys = KgcKeyFile.load(file, passphrase, new SecureRandom())) {
            KgcPublicKey key = keys.epochs().get(0).publicKey();
            if (!key.fingerprint().hex().equals(fingerprint)) {
                throw new IllegalStateException("the key file is not the one of the key centre " + fingerprint);
            }
            return key;
        }
    }

    /** A secret. */
    static String random() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    private void enrol(String provider) throws IOException {
        List<String> operator = List.of("kgc-operator");
        String created = command("create", operator, "provider", "create", provider, OPERATOR_TOKEN);
        String number = find("\"number\":(\\d+)", created);
        String token = command("token", operator, "provider", "token", number, OPERATOR_TOKEN);
        work.writeSecret(provider + "-enrolment", find(TOKEN, token));
    }

    /** Runs a command with the key file, before anything else runs. */
    private String command(String name, List<String> secrets, String... command) throws IOException {
        List<String> all = new ArrayList<>(secrets);
        all.add(PASSPHRASE);
        List<String> line = new ArrayList<>(List.of("kgc"));
        line.addAll(List.of(command));
        line.addAll(List.of(KEY_FILE, PASSPHRASE_FILE));
        return containers
                .alone("kgc-" + name, "kgc", Map.of(), all, line.toArray(String[]::new))
                .succeeded();
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return matcher.group(1);
    }
}
