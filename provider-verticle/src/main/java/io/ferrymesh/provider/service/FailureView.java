package io.ferrymesh.provider.service;

/**
 * What stopped a migration.
 *
 * @param code of the project's closed set, or {@link #JOURNAL_FULL}
 * @param message for the user
 */
public record FailureView(String code, String message) {

    /** A mirror has more names than the account's journals have room for. */
    public static final String JOURNAL_FULL = "JOURNAL_FULL";
}
