package io.ferrymesh.provider.api.streams;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Accept headers. RFC 9110, 12.5.1; parameters of media types other than q are passed over. */
final class MediaRanges {

    private static final Pattern QUALITY = Pattern.compile(";\\s*q\\s*=\\s*([01](?:\\.\\d{0,3})?)\\s*(?:;|$)");

    private MediaRanges() {}

    /** Whether a media type may be the answer; without a header, any may. */
    static boolean accepts(@Nullable String accept, String mediaType) {
        return accept == null || quality(accept, mediaType) > 0;
    }

    /** How much a media type is wanted, 0 for not at all: what the most specific range says that fits. */
    static double quality(String accept, String mediaType) {
        String anySubtype = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
        int specific = -1;
        double quality = 0;
        for (String each : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String range = each.split(";", 2)[0].strip();
            int fits = range.equals(mediaType) ? 2 : range.equals(anySubtype) ? 1 : range.equals("*/*") ? 0 : -1;
            if (fits > specific) {
                specific = fits;
                Matcher said = QUALITY.matcher(each);
                quality = said.find() ? Math.min(1, Double.parseDouble(said.group(1))) : 1;
            }
        }
        return quality;
    }
}
