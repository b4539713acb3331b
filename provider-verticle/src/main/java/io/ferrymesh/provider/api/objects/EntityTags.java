package io.ferrymesh.provider.api.objects;

import io.ferrymesh.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of If-Match or If-None-Match. RFC 9110, 13.1.
 *
 * @param any whether it is {@code *}
 * @param tags otherwise, at least one
 */
record EntityTags(boolean any, List<Tag> tags) {

    /** One tag, without its quotes. */
    record Tag(boolean weak, String value) {}

    private static final Pattern TAG = Pattern.compile("\\G[ \t]*(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"[ \t]*(,|$)");

    EntityTags {
        tags = List.copyOf(tags);
    }

    /** Refuses, with the header's name, what is neither * nor a list of entity tags. */
    static EntityTags parse(String header, String value) {
        if (value.strip().equals("*")) {
            return new EntityTags(true, List.of());
        }
        List<Tag> tags = new ArrayList<>();
        Matcher next = TAG.matcher(value);
        int end = 0;
        boolean more = true;
        while (more && next.find()) {
            tags.add(new Tag(next.group(1) != null, next.group(2)));
            end = next.end();
            more = !next.group(3).isEmpty();
        }
        if (more || end != value.length()) {
            throw Problem.badRequest(header + " must be * or entity tags in double quotes, with commas between them");
        }
        return new EntityTags(false, tags);
    }

    /** Whether the same bytes are named; a weak tag never does. */
    boolean matchesStrongly(String etag) {
        return any || tags.contains(new Tag(false, etag));
    }

    /** Whether something equivalent is named. */
    boolean matchesWeakly(String etag) {
        return any || tags.stream().anyMatch(tag -> tag.value().equals(etag));
    }
}
