package io.ferrymesh.stores;

import io.ferrymesh.stores.Skipped.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How far a listing reaches: to what starts with a prefix and comes after a path, both in UTF-8. */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record Reach(byte[] prefix, byte[] after) {

    /** Whether an object by this name is listed. */
    public boolean holds(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return starts(prefix, utf8) && Arrays.compareUnsigned(utf8, after) > 0;
    }

    /** Whether it is to be said that something is skipped: also when what it hides would be listed. */
    public boolean holds(String name, Reason reason) {
        return holds(name) || (reason.hides() && leads(name));
    }

    private boolean leads(String name) {
        byte[] below = (name.endsWith("/") ? name : name + "/").getBytes(StandardCharsets.UTF_8);
        boolean within = starts(prefix, below) || starts(below, prefix);
        return within && (Arrays.compareUnsigned(below, after) > 0 || starts(below, after));
    }

    private static boolean starts(byte[] start, byte[] of) {
        return start.length <= of.length && Arrays.equals(start, 0, start.length, of, 0, start.length);
    }
}
