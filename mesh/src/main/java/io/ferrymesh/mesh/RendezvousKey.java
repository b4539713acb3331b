package io.ferrymesh.mesh;

import java.util.regex.Pattern;

/** Where a source and a destination find each other: 16 bytes as 32 hex digits, meaningless to everybody else. */
public record RendezvousKey(String hex) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    public RendezvousKey {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a rendezvous is 32 hex digits");
        }
    }
}
