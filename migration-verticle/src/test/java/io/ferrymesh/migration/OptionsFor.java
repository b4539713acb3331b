package io.ferrymesh.migration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Options that differ from the defaults in what a test is about, with pauses that nobody notices. */
final class OptionsFor {

    private Selection selection = Selection.ALL;
    private ConflictPolicy conflicts = ConflictPolicy.SKIP_SAME;
    private MetadataPolicy metadata = MetadataPolicy.PREFER;
    private Verification verification = Verification.STREAM;
    private SourceChangedPolicy sourceChanged = SourceChangedPolicy.RETRY;
    private int attempts = 3;
    private boolean mirror;
    private boolean dryRun;
    private OptionalLong bytesPerSecond = OptionalLong.empty();

    static TransferOptions attempts(int attempts) {
        return new OptionsFor().with(attempts).build();
    }

    static OptionsFor conflicts(ConflictPolicy policy) {
        return new OptionsFor().with(policy);
    }

    static Selection globs(List<String> include, List<String> exclude) {
        return new Selection(
                "",
                include.stream().map(Glob::of).toList(),
                exclude.stream().map(Glob::of).toList(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    OptionsFor with(Selection value) {
        selection = value;
        return this;
    }

    OptionsFor with(ConflictPolicy value) {
        conflicts = value;
        return this;
    }

    OptionsFor with(MetadataPolicy value) {
        metadata = value;
        return this;
    }

    OptionsFor with(Verification value) {
        verification = value;
        return this;
    }

    OptionsFor with(SourceChangedPolicy value) {
        sourceChanged = value;
        return this;
    }

    OptionsFor with(int mostAttempts) {
        attempts = mostAttempts;
        return this;
    }

    OptionsFor mirror() {
        mirror = true;
        return this;
    }

    OptionsFor dryRun() {
        dryRun = true;
        return this;
    }

    OptionsFor limitedTo(long rate) {
        bytesPerSecond = OptionalLong.of(rate);
        return this;
    }

    TransferOptions build() {
        return new TransferOptions(
                selection,
                conflicts,
                metadata,
                verification,
                sourceChanged,
                attempts,
                Duration.ofMillis(1),
                dryRun,
                mirror,
                bytesPerSecond);
    }
}
