package io.ferrymesh.cli.user;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A user's session at a provider. Prints without the tokens.
 *
 * @param trusted PEM certificates to trust instead of those that the system does
 * @param access good until {@code accessUntil}
 * @param refresh good once, for the next pair
 * @param device what this client shows when it logs in with a password again, where it has just done so; kept apart
 */
public record Session(
        URI provider,
        Optional<Path> trusted,
        String name,
        String id,
        String access,
        Instant accessUntil,
        String refresh,
        Optional<String> device) {

    /** Of what logging in or refreshing was answered with, at that time. */
    static Session of(URI provider, Optional<Path> trusted, JsonObject tokens, Instant now) throws IOException {
        try {
            return new Session(
                    provider,
                    trusted,
                    text(tokens, "name"),
                    text(tokens, "sessionId"),
                    text(tokens, "accessToken"),
                    now.plusSeconds(Objects.requireNonNull(tokens.getLong("expiresInSeconds"))),
                    text(tokens, "refreshToken"),
                    Optional.ofNullable(tokens.getString("deviceToken")));
        } catch (NullPointerException | ClassCastException e) {
            throw new IOException(provider + " did not answer with tokens", e);
        }
    }

    /** The next pair of the same session. */
    Session next(JsonObject tokens, Instant now) throws IOException {
        return of(provider, trusted, tokens, now);
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("provider", provider.toString())
                .put("name", name)
                .put("sessionId", id)
                .put("accessToken", access)
                .put("accessUntil", accessUntil.toString())
                .put("refreshToken", refresh);
        trusted.ifPresent(file -> json.put("trusted", file.toString()));
        return json;
    }

    /** What {@link #json} gave; NullPointerException, ClassCastException or IllegalArgumentException for anything else. */
    static Session parse(JsonObject json) {
        return new Session(
                URI.create(text(json, "provider")),
                Optional.ofNullable(json.getString("trusted")).map(Path::of),
                text(json, "name"),
                text(json, "sessionId"),
                text(json, "accessToken"),
                json.getInstant("accessUntil"),
                text(json, "refreshToken"),
                Optional.empty());
    }

    private static String text(JsonObject json, String field) {
        return Objects.requireNonNull(json.getString(field));
    }

    @Override
    public String toString() {
        return "Session[" + name + " at " + provider + "]";
    }
}
