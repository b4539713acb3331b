package io.ferrymesh.cli;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the program in this JVM. */
final class Program {

    private Program() {}

    /** What a command line came to. */
    record Result(int status, String out, String err) {

        /** What it printed, if it succeeded. */
        List<JsonObject> succeeded() {
            if (status != 0) {
                throw new AssertionError("status " + status + ": " + err);
            }
            return out.lines().map(JsonObject::new).toList();
        }

        JsonObject json() {
            List<JsonObject> lines = succeeded();
            if (lines.size() != 1) {
                throw new AssertionError("not one line: " + out);
            }
            return lines.get(0);
        }
    }

    static Result run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream toOut = new ByteArrayOutputStream();
        ByteArrayOutputStream toErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
        try {
            int status = Ferrymesh.run(arguments);
            return new Result(status, toOut.toString(StandardCharsets.UTF_8), toErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
