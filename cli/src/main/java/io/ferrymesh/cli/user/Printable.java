package io.ferrymesh.cli.user;

/** What others say, as it may stand on a terminal: a provider, or whom it speaks with, sends no commands to it. */
public final class Printable {

    private Printable() {}

    /** On one line, and in the order in which it is read. */
    public static String text(String said) {
        StringBuilder text = new StringBuilder();
        said.codePoints().forEach(c -> text.append(shown(c)));
        return text.toString();
    }

    /** JSON that says the same. */
    public static String json(String encoded) {
        StringBuilder text = new StringBuilder();
        encoded.chars().forEach(c -> text.append(isSign(c) ? Character.toString(c) : "\\u%04x".formatted(c)));
        return text.toString();
    }

    private static String shown(int c) {
        if (isSign(c)) {
            return Character.toString(c);
        }
        return c < 256 ? "\\x%02x".formatted(c) : "\\u{%x}".formatted(c);
    }

    /** Neither a control nor what changes how others are shown; in JSON, halves of signs are shown together. */
    private static boolean isSign(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
