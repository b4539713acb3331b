package io.ferrymesh.mesh;

/** The keys of what log lines say besides their text, one vocabulary for every module. */
public final class LogFields {

    /** Which migration a line is about: its id, in hex. */
    public static final String MIGRATION = "migration";

    private LogFields() {}
}
