package io.ferrymesh.web;

import java.util.LinkedHashMap;
import java.util.Map;

/** What every answer says to browsers unless a path says otherwise: keep nothing, guess nothing, run nothing, tell nobody. */
final class SecurityHeaders {

    private static final Map<String, String> ALWAYS = Map.of(
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer");

    private SecurityHeaders() {}

    /** With TLS, also to come back with nothing else for a year. */
    static Map<String, String> of(boolean tls) {
        Map<String, String> headers = new LinkedHashMap<>(ALWAYS);
        if (tls) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
        return Map.copyOf(headers);
    }
}
