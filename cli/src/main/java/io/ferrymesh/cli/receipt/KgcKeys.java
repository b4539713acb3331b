package io.ferrymesh.cli.receipt;

import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MalformedException;
import java.util.HexFormat;
import java.util.List;

/** A file of the key centre's public keys: 66 hex digits a line. Empty lines, and what follows {@code #}, are passed over. */
public final class KgcKeys {

    private KgcKeys() {}

    /** The keys in it. IllegalArgumentException names the line that is none. */
    public static List<KgcPublicKey> parse(String text) {
        List<KgcPublicKey> keys = text.lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .map(KgcKeys::key)
                .toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key in it: one a line, 66 hex digits");
        }
        return keys;
    }

    private static KgcPublicKey key(String line) {
        try {
            return KgcPublicKey.decode(HexFormat.of().parseHex(line));
        } catch (IllegalArgumentException | MalformedException e) {
            throw new IllegalArgumentException("not a public key of a key centre, 66 hex digits: " + line, e);
        }
    }
}
