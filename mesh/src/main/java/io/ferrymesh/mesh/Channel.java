package io.ferrymesh.mesh;

import java.util.regex.Pattern;

/** What is published to whoever listens: 1 to 64 lower-case letters, digits, dots and hyphens. */
public record Channel(String name) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9.-]{1,64}");

    public Channel {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("a channel has 1 to 64 of a-z, 0-9, dot and hyphen: " + name);
        }
    }
}
