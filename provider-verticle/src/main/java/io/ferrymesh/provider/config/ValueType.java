package io.ferrymesh.provider.config;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.web.AddressRange;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a key's value may be.
 *
 * @param right what would be right, for a person
 * @param read makes the value of its text; IllegalArgumentException when the text is none
 * @param isList whether the text is several, with commas between
 */
record ValueType<T>(String right, Function<String, T> read, boolean isList) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern LOOPBACK_ADDRESS = Pattern.compile("127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

    static ValueType<Long> number(long min, long max) {
        return new ValueType<>(
                min + " to " + max,
                text -> {
                    long value = Long.parseLong(text);
                    if (value < min || value > max || !text.equals(Long.toString(value))) {
                        throw new IllegalArgumentException(text);
                    }
                    return value;
                },
                false);
    }

    static ValueType<String> text(String right, String pattern) {
        return checked(right, text -> text.matches(pattern));
    }

    static ValueType<String> choice(String... values) {
        Set<String> known = Set.of(values);
        return checked(String.join(", ", values), known::contains);
    }

    static ValueType<Boolean> flag() {
        return choice("true", "false").map(Boolean::parseBoolean);
    }

    static ValueType<Path> path(String what) {
        return new ValueType<>(what, ValueType::parsedPath, false);
    }

    static ValueType<Digest> digest() {
        return text("64 lower-case hex digits", "[0-9a-f]{64}").map(Digest::parse);
    }

    /** Where secrets go, or come from: TLS, or nowhere but this machine. No query, no user, no fragment. */
    static ValueType<URI> url() {
        return checked("an https URL, or http on loopback", ValueType::isSafeUrl)
                .map(URI::create);
    }

    /** A server that is never sent a secret: http is allowed, though what is read and written then travels in the clear. */
    static ValueType<URI> endpoint() {
        return checked("an https or http URL without a path", text -> {
                    URI url = URI.create(text);
                    return text.matches("https?://[^/?#@]+") && url.getHost() != null;
                })
                .map(URI::create);
    }

    /** A scheme, a host and maybe a port, as browsers send it. */
    static ValueType<String> origin() {
        return checked(
                "origins such as https://app.example.org, or http on loopback",
                text -> isSafeUrl(text)
                        && URI.create(text).getPath().isEmpty()
                        && text.equals(text.toLowerCase(java.util.Locale.ROOT)));
    }

    /** IP addresses. */
    static ValueType<AddressRange> network() {
        return new ValueType<>(
                "addresses such as 10.0.0.7, or networks such as 10.0.0.0/8", AddressRange::parse, false);
    }

    /** Several. */
    ValueType<List<T>> list() {
        return new ValueType<>(
                right + "; several, in the environment with commas between",
                text -> text.isEmpty()
                        ? List.of()
                        : Stream.of(text.split(",", -1))
                                .map(String::strip)
                                .map(read)
                                .toList(),
                true);
    }

    /** The same text read further. */
    <R> ValueType<R> map(Function<T, R> further) {
        return new ValueType<>(right, read.andThen(further), isList);
    }

    /** Whether an address is this machine's own for sure. */
    static boolean isLoopback(String address) {
        return LOOPBACK_ADDRESS.matcher(address).matches();
    }

    private static ValueType<String> checked(String right, Predicate<String> isRight) {
        return new ValueType<>(
                right,
                text -> {
                    if (!isRight.test(text)) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                false);
    }

    private static Path parsedPath(String text) {
        if (text.isBlank()) {
            throw new InvalidPathException(text, "empty");
        }
        return Path.of(text);
    }

    private static boolean isSafeUrl(String text) {
        URI url = URI.create(text);
        String host = String.valueOf(url.getHost());
        boolean plain = url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
        boolean tls = "https".equals(url.getScheme()) && url.getHost() != null;
        boolean local = "http".equals(url.getScheme()) && LOOPBACK.contains(host);
        return plain && (tls || local);
    }
}
