package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Pseudonym;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Revoked pseudonyms until their certificates expire. Guarded by {@link KgcRegistry}. */
final class Revocations {

    /** As many as fit one reply on the mesh, with room for the rest of the list. */
    static final int MAX_ENTRIES = 65_000;

    private final Map<Pseudonym, Long> notAfter = new HashMap<>();

    /** Adds one; when it cannot be known how long to keep it, for the longest validity there is. */
    void add(Pseudonym pseudonym, long until) {
        if (notAfter.size() >= MAX_ENTRIES && !notAfter.containsKey(pseudonym)) {
            throw new MeshException(ErrorCode.OVERLOADED, "the revocation list is full: " + MAX_ENTRIES);
        }
        notAfter.merge(pseudonym, until, Math::max);
    }

    /** How many more there is room for. */
    int room(long now) {
        notAfter.values().removeIf(end -> end < now);
        return MAX_ENTRIES - notAfter.size();
    }

    boolean contains(Pseudonym pseudonym) {
        return notAfter.containsKey(pseudonym);
    }

    List<Pseudonym> unexpired(long now) {
        notAfter.values().removeIf(end -> end < now);
        return List.copyOf(notAfter.keySet());
    }
}
