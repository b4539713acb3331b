package io.ferrymesh.mesh;

import java.util.regex.Pattern;

/** What a request or a stream is about: 1 to 64 lower-case letters, digits, dots and hyphens. */
public record Topic(String name) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9.-]{1,64}");

    public Topic {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("a topic has 1 to 64 of a-z, 0-9, dot and hyphen: " + name);
        }
    }
}
