package io.ferrymesh.provider.work;

import io.ferrymesh.stores.ObjectMetadata;
import java.util.Optional;
import java.util.TreeMap;

/** An object's metadata in one column: the content type, and a line for each of the user's pairs. */
final class MetadataText {

    private MetadataText() {}

    static String of(ObjectMetadata metadata) {
        StringBuilder text = new StringBuilder(metadata.contentType().orElse(""));
        metadata.user().forEach((key, value) -> text.append('\n')
                .append(key)
                .append('=')
                .append(value)); // no text has a line's end, no key a =
        return text.toString();
    }

    /** Fails with IllegalArgumentException for what was never metadata. */
    static ObjectMetadata parse(String text) {
        String[] lines = text.split("\n", -1);
        var user = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int end = lines[i].indexOf('=');
            if (end < 0) {
                throw new IllegalArgumentException("a line without a key");
            }
            user.put(lines[i].substring(0, end), lines[i].substring(end + 1));
        }
        return new ObjectMetadata(Optional.of(lines[0]).filter(type -> !type.isEmpty()), user);
    }
}
