package io.ferrymesh.mesh;

import java.util.regex.Pattern;

/** What a direct connection is for, agreed by both ends beforehand: 16 bytes as 32 hex digits. No secret. */
public record DirectSession(String hex) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    public DirectSession {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a session is 32 hex digits");
        }
    }
}
