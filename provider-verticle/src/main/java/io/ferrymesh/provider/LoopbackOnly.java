package io.ferrymesh.provider;

import java.util.regex.Pattern;

/** Keeps the API on loopback for as long as it does not speak TLS. */
final class LoopbackOnly {

    /** Literal addresses only: a name may mean something else tomorrow. */
    private static final Pattern LOOPBACK =
            Pattern.compile("127\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){2}|::1");

    private LoopbackOnly() {}

    static void check(String httpHost) {
        if (!LOOPBACK.matcher(httpHost).matches()) {
            throw new IllegalArgumentException(
                    "httpHost must be 127.0.0.1 or ::1, because bearer tokens would travel in the" + " clear: "
                            + httpHost);
        }
    }
}
