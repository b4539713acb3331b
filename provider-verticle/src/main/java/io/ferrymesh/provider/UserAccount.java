package io.ferrymesh.provider;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectStore;
import java.util.regex.Pattern;

/**
 * Somebody with data here.
 *
 * @param name 1 to 64 letters, digits, dots, hyphens and underscores
 * @param tokenSha256 SHA-256 of the bearer token; the token itself is kept nowhere
 * @param store what is theirs
 */
public record UserAccount(String name, Digest tokenSha256, ObjectStore store) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public UserAccount {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a user's name has 1 to 64 of A-Z, a-z, 0-9, '.', '-', '_': " + name);
        }
    }

    @Override
    public String toString() {
        return "UserAccount[" + name + "]";
    }
}
