package io.ferrymesh.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One of the demo's providers: what an operator would have written for it. Its one user's objects are a directory of this
 * machine, whole, as they are.
 */
record DemoProvider(String name, int member, Path data) {

    static DemoProvider source(DemoPlan plan) {
        return new DemoProvider(DemoPlan.OLD, DemoPlan.SOURCE, plan.from());
    }

    static DemoProvider destination(DemoPlan plan) {
        return new DemoProvider(DemoPlan.NEW, DemoPlan.DESTINATION, plan.to());
    }

    /** Writes the configuration file, and the passphrase's. */
    Path configure(DemoPlan plan, String fingerprint) throws IOException {
        Path passphrase = DemoPlan.secret(plan.work().resolve(name + "-passphrase"), plan.passphrase());
        String yaml =
                """
                http:
                  port: 0
                management:
                  port: 0
                database:
                  url: %s
                keys:
                  file: %s
                  passphraseFile: %s
                kgc:
                  fingerprint: %s
                accounts:
                  max: 1
                  quotaBytes: %d
                store:
                  type: directory
                  userPrefix: ''
                  directory:
                    root: %s
                """
                        .formatted(
                                quoted("sqlite:" + plan.work().resolve(name + ".db")),
                                quoted(plan.work().resolve(name + ".p12").toString()),
                                quoted(passphrase.toString()),
                                fingerprint,
                                1L << 60,
                                quoted(data.toString()));
        return Files.writeString(plan.work().resolve(name + ".yaml"), yaml);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
