package io.ferrymesh.provider.work;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectInfo;
import java.nio.ByteBuffer;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What names of a mirror are found by. Stores there are that take names for the same which differ in case only, or in how an accent
 * is written, and list them as they like: so names that such a store could take for the same have the same key.
 */
final class MirrorKey {

    private static final int STATE_BYTES = 16;

    private MirrorKey() {}

    /** Of a name itself. */
    static PathKey of(String name) {
        return PathKey.of(folded(name));
    }

    /** Of all that is below a name. No path of an object begins like this. */
    static PathKey below(String name) {
        return PathKey.of("\0" + folded(name.endsWith("/") ? name : name + "/"));
    }

    /** Of what is below each of the directories that a path leads through, all of the store included. */
    static List<PathKey> above(String path) {
        List<PathKey> all = new ArrayList<>(List.of(below("")));
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            all.add(below(path.substring(0, slash + 1)));
        }
        return all;
    }

    /** What an object is: another name, size or time is another object. */
    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both count
    static byte[] state(ObjectInfo info) {
        byte[] path = info.path().utf8();
        byte[] all = ByteBuffer.allocate(8 + 8 + 4 + path.length)
                .putLong(info.size())
                .putLong(info.modified().getEpochSecond())
                .putInt(info.modified().getNano())
                .put(path)
                .array();
        return Arrays.copyOf(Digest.sha256(all).bytes(), STATE_BYTES);
    }

    private static String folded(String name) {
        String upper = Normalizer.normalize(name, Normalizer.Form.NFD).toUpperCase(Locale.ROOT);
        return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
    }
}
