package io.ferrymesh.provider.api;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request that the document allows.
 *
 * @param caller who asks; null where nobody has to say
 * @param from the client's address, as far as it is known
 * @param parameters of the path, the query and the headers: strings and longs
 * @param body empty where there is none
 */
record Call(@Nullable Authenticated caller, String from, Map<String, Object> parameters, JsonObject body) {

    private static final int DEFAULT_LIMIT = 100;

    /** Who asks, where the document wants a token. */
    Authenticated who() {
        Authenticated known = caller;
        if (known == null) {
            throw new IllegalStateException("an operation for everybody wants to know who asks");
        }
        return known;
    }

    Account account() {
        return who().account();
    }

    /** A string that the document requires. */
    String text(String field) {
        return body.getString(field);
    }

    Optional<String> optionalText(String field) {
        return Optional.ofNullable(body.getString(field));
    }

    /** False where it is left out. */
    boolean flag(String field) {
        return Boolean.TRUE.equals(body.getBoolean(field));
    }

    /** A secret as bytes, which whoever gets them wipes. */
    byte[] secret(String field) {
        return text(field).getBytes(StandardCharsets.UTF_8);
    }

    /** An object that the document requires, as JSON. */
    String json(String field) {
        return body.getJsonObject(field).encode();
    }

    /** A parameter of the path. */
    String named(String parameter) {
        return optional(parameter).orElseThrow();
    }

    Optional<String> optional(String parameter) {
        return Optional.ofNullable((String) parameters.get(parameter));
    }

    long number(String parameter, long otherwise) {
        return parameters.get(parameter) instanceof Long given ? given : otherwise;
    }

    /** How many a page may have. */
    int limit() {
        return Math.toIntExact(number("limit", DEFAULT_LIMIT));
    }

    Optional<String> cursor() {
        return optional("cursor");
    }

    /** The migration in the path. */
    MigrationId migrationId() {
        return MigrationId.parse(named("migrationId"));
    }
}
