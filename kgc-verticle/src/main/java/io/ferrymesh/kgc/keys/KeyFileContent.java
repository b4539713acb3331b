package io.ferrymesh.kgc.keys;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.KeyFileException.Reason;
import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.SchemeException;
import io.ferrymesh.scheme.TraceKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secrets of a key file by their names: {@code ferrymesh-kgc-1-trace}, and a {@code ferrymesh-kgc-N-master} and a {@code
 * ferrymesh-kgc-N-hpke} for each epoch.
 */
record KeyFileContent(TraceKey trace, List<EpochKeys> epochs) implements AutoCloseable {

    private static final String TRACE = "ferrymesh-kgc-1-trace";
    private static final Pattern MASTER = Pattern.compile("ferrymesh-kgc-([1-9][0-9]{0,5})-master");

    /** The secrets by name; the caller wipes them. */
    static Map<String, byte[]> secrets(KgcKeyring keyring) {
        Map<String, byte[]> secrets = new HashMap<>();
        secrets.put(TRACE, keyring.trace().copy());
        for (EpochKeys epoch : keyring.epochs()) {
            secrets.put(master(epoch.number()), epoch.master().copy());
            secrets.put(hpke(epoch.number()), epoch.hpke().copy());
        }
        return secrets;
    }

    /** What a file's secrets are, no more and no less than they should be. Wipes them. */
    static KeyFileContent of(Map<String, byte[]> secrets, Path file) throws KeyFileException {
        try {
            SortedSet<Integer> numbers = numbers(secrets);
            if (!numbers.contains(1) || !secrets.containsKey(TRACE) || secrets.size() != 1 + 2 * numbers.size()) {
                throw new KeyFileException(
                        Reason.NOT_A_KEY_FILE, "key file " + file + " is a key store with other keys in it");
            }
            List<EpochKeys> epochs = new ArrayList<>();
            for (int number : numbers) {
                MasterKey master = MasterKey.of(secret(secrets, master(number)));
                epochs.add(new EpochKeys(number, master, HpkeKeyPair.of(secret(secrets, hpke(number)))));
            }
            return new KeyFileContent(TraceKey.of(secret(secrets, TRACE)), epochs);
        } catch (SchemeException | IllegalArgumentException e) {
            throw new KeyFileException(Reason.NOT_A_KEY_FILE, "key file " + file + " holds no usable keys", e);
        } finally {
            wipe(secrets);
        }
    }

    KgcKeyring keyring(KgcKeyring.Keeper keeper) {
        return new KgcKeyring(trace, epochs, keeper);
    }

    boolean sameCentre(KgcKeyring keyring) {
        return epochs.get(0).publicKey().fingerprint().equals(keyring.centre());
    }

    boolean hasAll(KgcKeyring keyring) {
        List<Integer> here = epochs.stream().map(EpochKeys::number).toList();
        return keyring.epochs().stream().allMatch(epoch -> here.contains(epoch.number()));
    }

    static void wipe(Map<String, byte[]> secrets) {
        secrets.values().forEach(secret -> Arrays.fill(secret, (byte) 0));
    }

    @Override
    public void close() {
        trace.close();
        epochs.forEach(EpochKeys::close);
    }

    @Override
    public String toString() {
        return "***";
    }

    private static SortedSet<Integer> numbers(Map<String, byte[]> secrets) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String name : secrets.keySet()) {
            Matcher master = MASTER.matcher(name);
            if (master.matches()) {
                numbers.add(Integer.parseInt(master.group(1)));
            }
        }
        return numbers;
    }

    private static byte[] secret(Map<String, byte[]> secrets, String name) {
        return Optional.ofNullable(secrets.get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
    }

    private static String master(int epoch) {
        return "ferrymesh-kgc-" + epoch + "-master";
    }

    private static String hpke(int epoch) {
        return "ferrymesh-kgc-" + epoch + "-hpke";
    }
}
