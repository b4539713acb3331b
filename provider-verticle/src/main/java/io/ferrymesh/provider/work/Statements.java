package io.ferrymesh.provider.work;

import org.jdbi.v3.core.statement.Update;

/** Statements of which nobody asks how many rows they met. */
final class Statements {

    private Statements() {}

    static void run(Update update) {
        int unused = update.execute();
    }
}
