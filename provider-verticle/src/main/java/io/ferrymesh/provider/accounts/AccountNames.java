package io.ferrymesh.provider.accounts;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an account may be called. */
final class AccountNames {

    /** ASCII only, so that no two names look alike; begins and ends with a letter or digit, so that none is a path. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]");

    private AccountNames() {}

    /** In lower case; empty if no account can have it. */
    static Optional<String> known(String given) {
        if (!given.chars().allMatch(each -> each > ' ' && each < 0x7f)) {
            return Optional.empty();
        }
        String name = given.toLowerCase(Locale.ROOT);
        return NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
    }

    /** In lower case; INVALID. */
    static String chosen(String given) {
        return known(given)
                .orElseThrow(() -> new ServiceException(
                        ServiceError.INVALID,
                        "name: 3 to 64 of a-z, 0-9, dot, hyphen and underscore, with a letter or digit at both ends"));
    }
}
