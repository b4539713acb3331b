package io.ferrymesh.mesh;

import java.util.regex.Pattern;

/** A service that any of several processes answers for: 1 to 64 lower-case letters, digits, dots and hyphens. */
public record ServiceName(String name) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9.-]{1,64}");

    public ServiceName {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("a service has 1 to 64 of a-z, 0-9, dot and hyphen: " + name);
        }
    }
}
