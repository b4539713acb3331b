package io.ferrymesh.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Another process that writes to the same SQLite file. */
final class SecondWriter {

    private SecondWriter() {}

    /** The file, and how often to write or "hold": one transaction that lasts until standard input ends. */
    public static void main(String[] arguments) {
        DatabaseOptions options = new DatabaseOptions.Sqlite(Path.of(arguments[0]));
        try (Database database = Database.open(options, "io/ferrymesh/database/first")) {
            if (arguments[1].equals("hold")) {
                hold(database);
                return;
            }
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                long unused = increment(database);
            }
            System.out.println("done");
        }
    }

    private static void hold(Database database) {
        int unused = database.transaction(handle -> {
            System.out.println("holding");
            try {
                int changed = handle.execute("UPDATE account SET balance = balance + 1");
                int end = System.in.read();
                System.out.println("letting go");
                return changed + end;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static long increment(Database database) {
        return database.transaction(
                handle -> handle.createQuery("UPDATE account SET balance = balance + 1 RETURNING balance")
                        .mapTo(Long.class)
                        .one());
    }
}
