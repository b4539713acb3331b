package io.ferrymesh.cli;

import io.ferrymesh.migration.ConflictPolicy;
import io.ferrymesh.migration.DryRun;
import io.ferrymesh.migration.Glob;
import io.ferrymesh.migration.MetadataPolicy;
import io.ferrymesh.migration.Selection;
import io.ferrymesh.migration.SourceChangedPolicy;
import io.ferrymesh.migration.TransferOptions;
import io.ferrymesh.migration.Verification;
import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.Finding;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.Preflight;
import java.util.List;
import java.util.OptionalLong;

/** A migration's options from the provider's words into the engine's, and what a dry run has found back. */
final class OptionsAdapter {

    private OptionsAdapter() {}

    static TransferOptions of(MigrationOptions options, OptionalLong bytesPerSecond) {
        return new TransferOptions(
                of(options.selection()),
                ConflictPolicy.valueOf(options.conflict().name()),
                MetadataPolicy.valueOf(options.metadata().name()),
                Verification.valueOf(options.verification().name()),
                SourceChangedPolicy.valueOf(options.sourceChanged().name()),
                options.attempts(),
                TransferOptions.DEFAULTS.firstPause(),
                options.dryRun(),
                options.mirror(),
                bytesPerSecond);
    }

    static DryRunTotals of(DryRun found) {
        DryRunTotals totals = new DryRunTotals(
                found.objectsWanted(),
                found.bytesWanted(),
                found.objectsReplaced(),
                found.objectsPresent(),
                found.bytesPresent(),
                found.objectsToCompare(),
                found.bytesToCompare(),
                found.conflicts(),
                found.objectsNewerThere(),
                found.objectsExcluded(),
                found.bytesExcluded(),
                found.unsupportedPaths(),
                found.objectsFailed());
        return totals.with(of(found.preflight()));
    }

    private static Preflight of(io.ferrymesh.migration.Preflight found) {
        return new Preflight(
                found.freeBytes(),
                found.quotaBytes(),
                found.objectsProbed(),
                found.objectsNotProbed(),
                found.findings().stream().map(OptionsAdapter::of).toList());
    }

    private static Finding of(io.ferrymesh.migration.Finding finding) {
        return new Finding(
                Finding.Kind.valueOf(finding.kind().name()),
                Finding.Severity.valueOf(finding.severity().name()),
                finding.objects(),
                finding.bytes(),
                finding.examples(),
                finding.message());
    }

    static Selection of(io.ferrymesh.provider.options.Selection selection) {
        return new Selection(
                selection.prefix(),
                globs(selection.include()),
                globs(selection.exclude()),
                selection.minBytes(),
                selection.maxBytes(),
                selection.modifiedFrom(),
                selection.modifiedUntil());
    }

    private static List<Glob> globs(List<String> patterns) {
        return patterns.stream().map(Glob::of).toList();
    }
}
