package io.ferrymesh.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may use an API from a browser: those of exactly these origins, with tokens they hold themselves; never with
 * cookies. Without any, browsers are told nothing and refuse.
 *
 * @param origins such as {@code https://console.example.org}, without a path
 */
public record Cors(Set<String> origins) {

    /** For no page of another origin. */
    public static final Cors OFF = new Cors(Set.of());

    private static final Pattern HEADER_NAMES =
            Pattern.compile("[A-Za-z0-9-]{1,128}(?:[ \t]*,[ \t]*[A-Za-z0-9-]{1,128}){0,63}");
    private static final String METHODS = "GET, HEAD, PUT, POST, DELETE";
    private static final String ASKED_AGAIN_AFTER_SECONDS = "600";

    /** Checks every origin. */
    public Cors {
        origins = Set.copyOf(origins);
        for (String origin : origins) {
            if (!isOrigin(origin)) {
                throw new IllegalArgumentException(
                        "an origin must be https://HOST or http://HOST in lower case, with a port unless it is the usual one,"
                                + " and without a path: " + origin);
            }
        }
    }

    /** Lets the page know, if it may; answers a preflight. False if the request is still to be answered. */
    boolean answer(HttpServerRequest request) {
        if (origins.isEmpty()) {
            return false;
        }
        HttpServerResponse response = request.response().putHeader("Vary", "Origin");
        String origin = request.getHeader("Origin");
        if (origin == null || !origins.contains(origin)) {
            return false;
        }
        response.putHeader("Access-Control-Allow-Origin", origin).putHeader("Access-Control-Expose-Headers", "*");
        if (!request.method().equals(HttpMethod.OPTIONS)
                || request.getHeader("Access-Control-Request-Method") == null) {
            return false;
        }
        response.putHeader("Access-Control-Allow-Methods", METHODS)
                .putHeader("Access-Control-Max-Age", ASKED_AGAIN_AFTER_SECONDS);
        String wanted = request.getHeader("Access-Control-Request-Headers");
        if (wanted != null && HEADER_NAMES.matcher(wanted).matches()) {
            response.putHeader("Access-Control-Allow-Headers", wanted);
        }
        Reply.empty(204).send(request).onFailure(gone -> WebServer.LOG.debug("the client went away", gone));
        return true;
    }

    private static boolean isOrigin(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
        @Nullable String scheme = uri.getScheme();
        boolean web = "https".equals(scheme) || "http".equals(scheme);
        if (!web || uri.getHost() == null || !text.equals(text.toLowerCase(Locale.ROOT))) {
            return false;
        }
        int usual = "https".equals(scheme) ? 443 : 80;
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getPort() != usual && text.equals(scheme + "://" + uri.getHost() + port);
    }
}
