package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectPath;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the user of a simulated migration wants it done, and what is to become of each object then.
 *
 * @param lookFirst whether there is a dry run before
 */
record SimOptions(TransferOptions transfer, boolean lookFirst) {

    private static final Selection WITHOUT_SOME = OptionsFor.globs(List.of(), List.of("3/**"));

    /** What becomes of an object. */
    enum Fate {
        /** It is there under its own name. */
        ARRIVES,
        /** It is there under the next name that is free. */
        ARRIVES_BESIDE,
        /** What was there, if anything, is there still. */
        STAYS_AWAY
    }

    /**
     * Draws them.
     *
     * @param conflicts whether a name is taken by something else, where the policy FAIL would never come to an end
     * @param bytes how much there is to move, which a limit must not make last for ever
     */
    static SimOptions draw(SimWorld world, boolean conflicts, long bytes) {
        ConflictPolicy[] policies = ConflictPolicy.values();
        ConflictPolicy policy = policies[world.random.nextInt(policies.length)];
        OptionsFor options = OptionsFor.conflicts(
                        conflicts && policy == ConflictPolicy.FAIL ? ConflictPolicy.SKIP_SAME : policy)
                .with(world.chance(0.2) ? Verification.READ_BACK : Verification.STREAM)
                .with(1 + world.random.nextInt(4))
                .with(world.chance(0.2) ? WITHOUT_SOME : Selection.ALL);
        if (world.chance(0.2)) {
            options = options.limitedTo(Math.max(100_000, bytes / (1 + world.random.nextInt(30))));
        }
        return new SimOptions(options.build(), world.chance(0.1));
    }

    /** The same, moving nothing. */
    TransferOptions dry() {
        return new TransferOptions(
                transfer.selection(),
                transfer.conflicts(),
                transfer.metadata(),
                transfer.verification(),
                transfer.sourceChanged(),
                transfer.attempts(),
                transfer.firstPause(),
                true,
                transfer.bytesPerSecond());
    }

    /** @param before what had its name at the destination */
    Fate fate(SimStore.Stored sent, SimStore.@Nullable Stored before) {
        if (!transfer.selection().exclude().isEmpty()
                && sent.info().path().toString().startsWith("3/")) {
            return Fate.STAYS_AWAY;
        }
        if (before == null || java.util.Arrays.equals(before.bytes(), sent.bytes())) {
            return Fate.ARRIVES;
        }
        return switch (transfer.conflicts()) {
            case OVERWRITE -> Fate.ARRIVES;
            case OVERWRITE_OLDER ->
                sent.info().modified().isAfter(before.info().modified()) ? Fate.ARRIVES : Fate.STAYS_AWAY;
            case KEEP_BOTH -> Fate.ARRIVES_BESIDE;
            case SKIP_SAME, FAIL -> Fate.STAYS_AWAY;
        };
    }

    /** The name beside that of an object. */
    static ObjectPath beside(ObjectPath path) {
        Optional<ObjectPath> beside = NamesBeside.of(path, 2);
        return beside.orElseThrow();
    }
}
