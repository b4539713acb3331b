package io.ferrymesh.kgc;

import io.ferrymesh.kgc.operator.Operator;

/** Who did something, as the audit log names them. */
final class Actors {

    /** The key centre by itself. */
    static final String CENTRE = "centre";

    /** Whoever has the key file, at its node's command line. */
    static final String KEY_FILE = "keyfile";

    /** Some provider: which one, only the details say, and only to who has the trace key. */
    static final String PROVIDER = "provider";

    private Actors() {}

    static String of(Operator operator) {
        return "operator:" + operator.name();
    }
}
