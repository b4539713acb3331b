package io.ferrymesh.kgc;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What operators may write. Refuses with INVALID. */
final class Texts {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MIN_REASON = 10;
    private static final int MAX_REASON = 500;

    private Texts() {}

    /** A name of a provider or an operator. */
    static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new OperationException(
                    Code.INVALID, "a name has 1 to 64 of A-Z, a-z, 0-9, '.', '-' and '_': \"" + name + "\"");
        }
    }

    /** Why something is done, for who reads the audit log: nothing in it moves what is shown elsewhere, or hides it. */
    static void requireReason(String reason) {
        int length = reason.strip().length();
        boolean text = StandardCharsets.UTF_8.newEncoder().canEncode(reason)
                && reason.codePoints().noneMatch(Texts::isInvisible);
        if (length < MIN_REASON || reason.length() > MAX_REASON || !text) {
            throw new OperationException(
                    Code.INVALID,
                    "a reason has " + MIN_REASON + " to " + MAX_REASON
                            + " characters on one line, none of them invisible; this has " + length);
        }
    }

    /** Controls; formats, among them those that turn the direction of writing; separators of lines and paragraphs. */
    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
