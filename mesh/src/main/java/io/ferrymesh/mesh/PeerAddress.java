package io.ferrymesh.mesh;

import java.util.regex.Pattern;

/** A process's private address: opaque, random, and no secret. */
public record PeerAddress(String value) {

    /** What every private address begins with. */
    public static final String PREFIX = "ferrymesh.node.";

    private static final Pattern FORM = Pattern.compile("ferrymesh\\.node\\.[0-9a-f]{32}");

    public PeerAddress {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a peer address is ferrymesh.node. and 32 hex digits");
        }
    }
}
