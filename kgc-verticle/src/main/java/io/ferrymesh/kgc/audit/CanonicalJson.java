package io.ferrymesh.kgc.audit;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON in the one form RFC 8785 allows: keys sorted by UTF-16 code units, no spaces, nothing escaped that need not be. Of
 * numbers only integers that every JSON reader keeps exactly. Pure.
 */
public final class CanonicalJson {

    private static final long MAX_INTEGER = (1L << 53) - 1;

    private CanonicalJson() {}

    /** An object of texts, integers, booleans, and lists and objects of such; IllegalArgumentException for anything else. */
    public static String object(Map<String, ?> members) {
        StringBuilder out = new StringBuilder();
        append(out, members);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        if (value instanceof String text) {
            appendText(out, text);
        } else if (value instanceof Integer || value instanceof Long) {
            appendInteger(out, ((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            out.append(truth.booleanValue());
        } else if (value instanceof Collection<?> list) {
            appendList(out, list);
        } else if (value instanceof Map<?, ?> object) {
            appendObject(out, object);
        } else {
            throw new IllegalArgumentException("no audit entry holds a " + value.getClass());
        }
    }

    private static void appendObject(StringBuilder out, Map<?, ?> object) {
        TreeMap<String, Object> sorted = new TreeMap<>();
        object.forEach((key, value) -> sorted.put((String) key, value));
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Object> member : sorted.entrySet()) {
            out.append(separator);
            appendText(out, member.getKey());
            out.append(':');
            append(out, member.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private static void appendList(StringBuilder out, Collection<?> list) {
        out.append('[');
        for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
            append(out, items.next());
            if (items.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private static void appendInteger(StringBuilder out, long value) {
        if (value > MAX_INTEGER || value < -MAX_INTEGER) {
            throw new IllegalArgumentException("an integer in JSON is at most 2^53 - 1: " + value);
        }
        out.append(value);
    }

    private static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            appendCharacter(out, text.charAt(i));
        }
        out.append('"');
    }

    private static void appendCharacter(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ') {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
