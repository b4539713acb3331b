package io.ferrymesh.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a flat JSON object of strings and integers, read strictly: an unknown or repeated field, another type,
 * something nested, anything after the object is a {@link Problem} that names the field, and never its value. No value
 * becomes a {@link String} unless asked for, and closing overwrites them all, because one of them is a key.
 */
final class JsonFields implements AutoCloseable {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2)
                    .maxNumberLength(20)
                    .maxNameLength(64)
                    .build())
            .build();

    private final Map<String, char[]> strings = new HashMap<>();
    private final Map<String, Long> integers = new HashMap<>();

    private JsonFields() {}

    /** Reads a request's body and overwrites it. */
    static JsonFields parse(Buffer body, Set<String> known) {
        byte[] bytes = body.getBytes();
        JsonFields fields = new JsonFields();
        try (JsonParser parser = JSON.createParser(bytes)) {
            fields.read(parser, known);
            return fields;
        } catch (JsonParseException e) {
            fields.close();
            throw Problem.badRequest(
                    "the body is not valid JSON, at byte " + e.getLocation().getByteOffset());
        } catch (IOException e) {
            fields.close();
            throw Problem.badRequest("the body is not valid JSON, or goes beyond what a request may hold");
        } catch (Problem e) {
            fields.close();
            throw e;
        } finally {
            Arrays.fill(bytes, (byte) 0);
            body.setBytes(0, bytes);
        }
    }

    /** Exactly so many bytes as hex; the caller wipes them. */
    byte[] hex(String name, int length) {
        char[] text = strings.get(name);
        if (text == null) {
            throw Problem.badRequest(missing(name, 2 * length + " hex digits"));
        }
        if (text.length == 2 * length) {
            try {
                return HexFormat.of().parseHex(CharBuffer.wrap(text));
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest(name + " must be " + 2 * length + " hex digits, and has another character");
            }
        }
        throw Problem.badRequest(name + " must be " + 2 * length + " hex digits, not " + text.length);
    }

    /** A string of at most so many bytes of UTF-8, if it is there. */
    Optional<String> string(String name, int maxBytes) {
        char[] text = strings.get(name);
        if (text == null) {
            if (integers.containsKey(name)) {
                throw Problem.badRequest(name + " must be a string");
            }
            return Optional.empty();
        }
        try {
            int length = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
            if (length > maxBytes) {
                throw Problem.badRequest(name + " must have at most " + maxBytes + " bytes, not " + length);
            }
            return Optional.of(new String(text));
        } catch (CharacterCodingException e) {
            throw Problem.badRequest(name + " must be valid Unicode");
        }
    }

    /** An integer within bounds, if it is there. */
    Optional<Long> integer(String name, long min, long max) {
        Long value = integers.get(name);
        boolean bad = value == null ? strings.containsKey(name) : value < min || value > max;
        if (bad) {
            throw Problem.badRequest(name + " must be an integer from " + min + " to " + max);
        }
        return Optional.ofNullable(value);
    }

    @Override
    public void close() {
        strings.values().forEach(text -> Arrays.fill(text, '\0'));
        strings.clear();
    }

    private void read(JsonParser parser, Set<String> known) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw Problem.badRequest("the body must be a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (!known.contains(name)) {
                throw Problem.badRequest("unknown field " + printable(name) + "; known are " + sorted(known));
            }
            value(parser, name);
        }
        if (parser.nextToken() != null) {
            throw Problem.badRequest("there is something after the JSON object");
        }
    }

    private void value(JsonParser parser, String name) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_STRING) {
            int from = parser.getTextOffset();
            char[] text = parser.getTextCharacters();
            strings.put(name, Arrays.copyOfRange(text, from, from + parser.getTextLength()));
        } else if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            integers.put(name, parser.getLongValue());
        } else {
            throw Problem.badRequest(name + " must be a string or an integer of 64 bits");
        }
    }

    private String missing(String name, String wanted) {
        return integers.containsKey(name) ? name + " must be a string of " + wanted : name + " is missing: " + wanted;
    }

    private static String printable(String name) {
        return name.chars().allMatch(c -> c > ' ' && c <= '~') ? name : "with an unprintable name";
    }

    private static String sorted(Set<String> known) {
        return String.join(", ", known.stream().sorted().toList());
    }
}
