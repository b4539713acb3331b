package io.ferrymesh.kgc.audit;

import io.ferrymesh.scheme.Digest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What an entry says, member by member. What is not there, or of another type, is an IllegalArgumentException that says so. */
final class EntryDetails {

    private final JsonObject members;

    private EntryDetails(JsonObject members) {
        this.members = members;
    }

    /** Of details in the one form they can have. */
    static EntryDetails parse(String details) {
        JsonObject members;
        try {
            members = new JsonObject(details);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("its details are no JSON object");
        }
        if (holdsNull(members.getMap())
                || !CanonicalJson.object(members.getMap()).equals(details)) {
            throw new IllegalArgumentException("its details are not canonical JSON");
        }
        return new EntryDetails(members);
    }

    private static boolean holdsNull(Object value) {
        Collection<?> inside =
                value instanceof Map<?, ?> map ? map.values() : value instanceof Collection<?> list ? list : List.of();
        return inside.stream().anyMatch(each -> each == null || holdsNull(each));
    }

    long number(String name) {
        return optionalNumber(name).orElseThrow(() -> missing(name, "a number"));
    }

    OptionalLong optionalNumber(String name) {
        Object value = members.getValue(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Integer || value instanceof Long) {
            return OptionalLong.of(((Number) value).longValue());
        }
        throw missing(name, "a number");
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name, "a text"));
    }

    Optional<String> optionalText(String name) {
        Object value = members.getValue(name);
        if (value != null && !(value instanceof String)) {
            throw missing(name, "a text");
        }
        return Optional.ofNullable((String) value);
    }

    byte[] bytes(String name) {
        try {
            return HexFormat.of().parseHex(text(name));
        } catch (IllegalArgumentException e) {
            throw missing(name, "hex digits");
        }
    }

    Digest digest(String name) {
        try {
            return Digest.parse(text(name));
        } catch (RuntimeException e) {
            throw missing(name, "a SHA-256");
        }
    }

    /** An object's members. */
    Map<String, Object> object(String name) {
        Object value = members.getValue(name);
        if (value instanceof JsonObject object) {
            return object.getMap();
        }
        throw missing(name, "an object");
    }

    /** All members. */
    Map<String, Object> all() {
        return members.getMap();
    }

    private static IllegalArgumentException missing(String name, String what) {
        return new IllegalArgumentException("its details have no " + name + " that is " + what);
    }
}
