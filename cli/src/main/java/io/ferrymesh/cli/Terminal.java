package io.ferrymesh.cli;

import java.io.Console;
import java.util.Optional;

/** Whether a person watches. */
final class Terminal {

    private Terminal() {}

    /**
     * Whether standard output is a terminal. From Java 22 on there is a console object even when there is no terminal, and a
     * method of its own to ask.
     */
    @SuppressWarnings("SystemConsoleNull") // the newer method is asked as well
    static boolean isOutput() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** A line typed by a person, which is not shown; empty where there is nobody. */
    @SuppressWarnings("SystemConsoleNull") // isOutput asks the newer method
    static Optional<char[]> password(String prompt) {
        Console console = System.console();
        return console == null || !isOutput()
                ? Optional.empty()
                : Optional.ofNullable(console.readPassword("%s: ", prompt));
    }
}
