package io.ferrymesh.provider.options;

/**
 * How a migration goes. Stays the same for all its runs.
 *
 * @param attempts how often an object is tried whose failure may pass
 * @param dryRun looks at everything and moves nothing
 * @param mirror removes afterwards what is here, and selected, and not at the source
 * @param mirrorMaxDeletes most objects that are removed so; with more, none is
 */
public record MigrationOptions(
        Selection selection,
        ConflictPolicy conflict,
        MetadataPolicy metadata,
        Verification verification,
        SourceChanged sourceChanged,
        int attempts,
        boolean dryRun,
        boolean mirror,
        long mirrorMaxDeletes) {

    /** How many objects a mirror may remove unless something else is asked for. */
    public static final long DEFAULT_MAX_DELETES = 1_000;

    private static final long MOST_DELETES = 1_000_000_000;

    /** That removes nothing. */
    public MigrationOptions(
            Selection selection,
            ConflictPolicy conflict,
            MetadataPolicy metadata,
            Verification verification,
            SourceChanged sourceChanged,
            int attempts,
            boolean dryRun) {
        this(selection, conflict, metadata, verification, sourceChanged, attempts, dryRun, false, DEFAULT_MAX_DELETES);
    }

    /** What holds unless something else is asked for. */
    public static final MigrationOptions DEFAULTS = new MigrationOptions(
            Selection.ALL,
            ConflictPolicy.SKIP_SAME,
            MetadataPolicy.PREFER,
            Verification.STREAM,
            SourceChanged.RETRY,
            3,
            false);

    private static final int MOST_ATTEMPTS = 10;

    /** Refuses what cannot be meant. */
    public MigrationOptions {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be 1 to " + MOST_ATTEMPTS + ": " + attempts);
        }
        if (mirrorMaxDeletes < 0 || mirrorMaxDeletes > MOST_DELETES) {
            throw new IllegalArgumentException(
                    "mirrorMaxDeletes must be 0 to " + MOST_DELETES + ": " + mirrorMaxDeletes);
        }
        if (mirror && (conflict == ConflictPolicy.KEEP_BOTH || conflict == ConflictPolicy.OVERWRITE_OLDER)) {
            throw new IllegalArgumentException(
                    "with mirror, conflict must be SKIP_SAME, OVERWRITE or FAIL: " + conflict);
        }
    }
}
