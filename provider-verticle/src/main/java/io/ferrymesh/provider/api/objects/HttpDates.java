package io.ferrymesh.provider.api.objects;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** HTTP's dates, in whole seconds. RFC 9110, 5.6.7; the two obsolete forms are no dates here. */
final class HttpDates {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private HttpDates() {}

    /** Empty for what is no such date, which HTTP passes over. */
    static Optional<Instant> parse(@Nullable String value) {
        try {
            return value == null ? Optional.empty() : Optional.of(FORMAT.parse(value.strip(), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What a modification time is in HTTP: never in the future, and not before 1970. */
    static Instant lastModified(Instant modified, Instant now) {
        Instant latest = modified.isAfter(now) ? now : modified;
        Instant known = latest.isBefore(Instant.EPOCH) ? Instant.EPOCH : latest;
        return known.truncatedTo(ChronoUnit.SECONDS);
    }

    static String format(Instant time) {
        return FORMAT.format(time);
    }
}
