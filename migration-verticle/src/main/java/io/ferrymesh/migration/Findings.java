package io.ferrymesh.migration;

import io.ferrymesh.migration.Finding.Kind;
import io.ferrymesh.migration.Finding.Severity;
import io.ferrymesh.stores.Room;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers what a preflight finds, however many objects there are: for each kind two counts and a few names. One thread at a time.
 */
final class Findings {

    /** Characters of all examples of one kind. */
    static final int MOST_EXAMPLE_CHARS = 8 << 10;

    private final TransferOptions options;
    private final Map<Kind, Group> groups = new EnumMap<>(Kind.class);

    private static final class Group {
        private final List<String> examples = new ArrayList<>();
        private int chars;
        private long objects;
        private long bytes;

        void add(String name, long size) {
            objects++;
            bytes = Sums.add(bytes, size);
            if (examples.size() < Finding.MOST_EXAMPLES && chars + name.length() <= MOST_EXAMPLE_CHARS) {
                examples.add(name);
                chars += name.length();
            }
        }
    }

    Findings(TransferOptions options) {
        this.options = options;
    }

    /** Something was found of an object. */
    void add(Kind kind, String name, long size) {
        groups.computeIfAbsent(kind, first -> new Group()).add(name, size);
    }

    Set<Kind> kinds() {
        return Set.copyOf(groups.keySet());
    }

    /** Everything found, with what does not fit, what blocks first. */
    List<Finding> list(Room room, DryRunTally.Need need) {
        List<Finding> all = new ArrayList<>();
        if (room.lacksSpace(need.bytes())) {
            long free = room.freeBytes().orElseThrow();
            String message =
                    "%d bytes more than now would be needed and %d are free at the destination: make room for %d there, or select less"
                            .formatted(need.bytes(), free, need.bytes() - free);
            all.add(new Finding(Kind.SPACE, Severity.BLOCKS, need.objects(), need.bytes(), List.of(), message));
        }
        if (room.lacksQuota(need.cost())) {
            long left = room.quotaBytes().orElseThrow();
            String message =
                    "%d bytes of the account's quota would be needed and %d are left: have it raised by %d, delete something, or select less"
                            .formatted(need.cost(), left, need.cost() - left);
            all.add(new Finding(Kind.QUOTA, Severity.BLOCKS, need.objects(), need.bytes(), List.of(), message));
        }
        groups.forEach((kind, group) ->
                all.add(new Finding(kind, severity(kind), group.objects, group.bytes, group.examples, message(kind))));
        all.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::kind));
        return all;
    }

    private Severity severity(Kind kind) {
        return switch (kind) {
            case SPACE, QUOTA -> Severity.BLOCKS;
            case UNREADABLE_AT_SOURCE, NAME_NOT_ALLOWED, TOO_LARGE, DESTINATION_FAILED -> Severity.OBJECT_FAILS;
            case CONFLICT -> options.conflicts() == ConflictPolicy.FAIL ? Severity.BLOCKS : Severity.OBJECT_FAILS;
            case METADATA_UNSUPPORTED ->
                options.metadata() == MetadataPolicy.REQUIRE ? Severity.OBJECT_FAILS : Severity.WARNING;
            case GONE_AT_SOURCE, NO_OBJECT_AT_SOURCE -> Severity.WARNING;
        };
    }

    private String message(Kind kind) {
        return switch (kind) {
            case SPACE, QUOTA -> throw new IllegalArgumentException(kind + " is of no single object");
            case UNREADABLE_AT_SOURCE ->
                "the source may not read these: they arrive once its provider has given itself the right to";
            case GONE_AT_SOURCE -> "these were listed and gone a moment later: leave alone what is being moved";
            case NO_OBJECT_AT_SOURCE ->
                "these are no objects, such as symbolic links, and stay behind: put what they mean there as a file";
            case NAME_NOT_ALLOWED ->
                "these names cannot be stored at the destination: rename them at the source, to a shorter name or one that is not reserved";
            case TOO_LARGE ->
                "these are larger than the destination's store takes: split them, or have its provider use another store";
            case METADATA_UNSUPPORTED ->
                options.metadata() == MetadataPolicy.REQUIRE
                        ? "the destination's store cannot keep the metadata of these, which is required: do without it (PREFER or IGNORE)"
                        : "the destination's store cannot keep the metadata of these: they arrive without";
            case CONFLICT ->
                "the destination has something else of these names: choose another conflict policy, or rename them";
            case DESTINATION_FAILED -> "the destination's store could not be asked about these: look again later";
        };
    }
}
