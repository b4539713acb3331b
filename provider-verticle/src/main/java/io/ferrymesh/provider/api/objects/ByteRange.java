package io.ferrymesh.provider.api.objects;

import io.ferrymesh.web.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of an object. RFC 9110, 14.
 *
 * @param first position of its first byte
 * @param length at least 1, but for an empty whole
 */
record ByteRange(long first, long length) {

    private static final Pattern ONE = Pattern.compile("(?i:bytes)[ \t]*=[ \t]*([0-9]*)-([0-9]*)[ \t]*");
    private static final int LONGEST = 200;
    private static final int DIGITS_OF_A_LONG = 18;

    /** All of it. */
    static ByteRange whole(long size) {
        return new ByteRange(0, size);
    }

    /**
     * What a Range header asks for. Empty when that is to be passed over: it makes no sense, is of another unit or of several
     * parts. Fails with 416 when nothing of the object is in it.
     */
    static Optional<ByteRange> parse(@Nullable String header, long size) {
        if (header == null || header.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher range = ONE.matcher(header);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (range.group(1).isEmpty()) {
            return Optional.of(last(number(range.group(2)), size));
        }
        long first = number(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : number(range.group(2));
        if (last < first) {
            return Optional.empty();
        }
        if (first >= size) {
            throw unsatisfiable(size);
        }
        return Optional.of(new ByteRange(first, Math.min(last, size - 1) - first + 1));
    }

    /** The value of Content-Range. */
    String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }

    private static ByteRange last(long length, long size) {
        if (length == 0 || size == 0) {
            throw unsatisfiable(size);
        }
        long there = Math.min(length, size);
        return new ByteRange(size - there, there);
    }

    /** A number that no object reaches stands for every larger one. */
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > DIGITS_OF_A_LONG ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    private static Problem unsatisfiable(long size) {
        return new Problem(
                        416,
                        "RANGE_NOT_SATISFIABLE",
                        "the object has " + size + " bytes, and none of them is in the range")
                .with("Content-Range", "bytes */" + size);
    }
}
