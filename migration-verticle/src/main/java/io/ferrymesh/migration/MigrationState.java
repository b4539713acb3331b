package io.ferrymesh.migration;

import java.util.EnumSet;
import java.util.Set;

/** The states of one end of a migration, and which may follow which. docs/migration.md, States. */
public enum MigrationState {
    /** Source only: the grant waits for the destination. */
    WAITING,
    /** The two ends find each other, authenticate, and open their lanes. */
    CONNECTING,
    /** Listing, decisions and objects flow. */
    COPYING,
    /** Every object is decided; the receipt is signed and checked by both. */
    VERIFYING,
    /** Both have the receipt. Final. */
    COMPLETED,
    /** It could not go on; the code says why. A source's grant may be used again. */
    FAILED,
    /** The user took it back, or the grant expired. Final. */
    CANCELLED;

    /** Which states may come next. */
    Set<MigrationState> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(CONNECTING, CANCELLED);
            case CONNECTING -> EnumSet.of(COPYING, FAILED, CANCELLED);
            case COPYING -> EnumSet.of(VERIFYING, FAILED, CANCELLED);
            case VERIFYING -> EnumSet.of(COMPLETED, FAILED, CANCELLED);
            case FAILED -> EnumSet.of(CONNECTING, CANCELLED);
            case COMPLETED, CANCELLED -> EnumSet.noneOf(MigrationState.class);
        };
    }

    /** Whether nothing more happens by itself. */
    public boolean isOver() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
