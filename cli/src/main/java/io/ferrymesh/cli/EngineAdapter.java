package io.ferrymesh.cli;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.migration.DestinationOrder;
import io.ferrymesh.migration.MigrationCounts;
import io.ferrymesh.migration.MigrationStatus;
import io.ferrymesh.migration.MigrationVerticle;
import io.ferrymesh.migration.SourceOffer;
import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.engine.ReceiptLog;
import io.ferrymesh.provider.engine.ReportLine;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.provider.options.RecentRate;
import io.ferrymesh.provider.options.Selection;
import io.ferrymesh.scheme.CryptoProvider;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.stores.ObjectInfo;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The migration engine as a provider wants to see it. */
record EngineAdapter(MigrationVerticle engine) implements MigrationEngine {

    @Override
    public Future<Void> offer(GrantOffer offer) {
        return engine.offer(new SourceOffer(
                offer.id(),
                copy(offer.psk()),
                offer.vouchers().another(),
                offer.store(),
                offer.prefix(),
                offer.expiresAt(),
                receipts(offer.receipts()),
                offer.owner(),
                offer.departures().map(DeparturesAdapter::new)));
    }

    @Override
    public Future<Void> withdraw(MigrationId id) {
        return engine.withdraw(id);
    }

    @Override
    public Future<Void> begin(MigrationOrder order) {
        return engine.begin(new DestinationOrder(
                order.id(),
                copy(order.psk()),
                order.store(),
                new JournalAdapter(order.journal()),
                receipts(order.receipts()),
                OptionsAdapter.of(order.options(), order.bytesPerSecond()),
                order.owner()));
    }

    @Override
    public Future<Void> limit(MigrationId id, OptionalLong bytesPerSecond) {
        engine.limit(id, bytesPerSecond);
        return Future.succeededFuture();
    }

    @Override
    public long steps(MigrationId id) {
        return engine.steps(id);
    }

    @Override
    public int waitingTasks() {
        return engine.waitingTasks();
    }

    @Override
    public Future<Void> release(MigrationId id) {
        return engine.release(id);
    }

    @Override
    public Future<Void> stop(MigrationId id) {
        return engine.stop(id);
    }

    @Override
    public boolean hasRoom() {
        return engine.hasRoom();
    }

    @Override
    public Optional<RecentRate> recentRate() {
        return engine.recentThroughput().map(recent -> new RecentRate(recent.bytesPerSecond(), recent.objectBytes()));
    }

    @Override
    public Future<Void> cancel(MigrationId id) {
        engine.cancel(id);
        return Future.succeededFuture();
    }

    @Override
    public Predicate<ObjectInfo> selects(Selection selection) {
        return OptionsAdapter.of(selection)::takes;
    }

    @Override
    public Optional<SourceStatus> source(MigrationId id) {
        return engine.source(id).map(status -> source(status, engine.refused(id)));
    }

    @Override
    public Optional<DestinationStatus> destination(MigrationId id) {
        return engine.destination(id).map(EngineAdapter::destination);
    }

    private static io.ferrymesh.migration.ReceiptLog receipts(ReceiptLog log) {
        return signed -> log.keep(signed.encoded(), signed.receipt().root());
    }

    private static SourceStatus source(MigrationStatus status, long refused) {
        MigrationCounts counts = status.counts();
        return new SourceStatus(
                grantState(status),
                counts.objectsListed(),
                counts.objectsStored() + counts.objectsPresent(),
                counts.objectsFailed(),
                counts.bytesDone(),
                grantState(status) == GrantState.WAITING ? Optional.empty() : failure(status),
                status.own(),
                status.peer(),
                status.receipt().map(SignedReceipt::encoded),
                refused);
    }

    private static DestinationStatus destination(MigrationStatus status) {
        List<ReportLine> problems = status.problems().stream()
                .map(problem -> new ReportLine(problem.name(), problem.code()))
                .toList();
        MigrationCounts counts = status.counts();
        return new DestinationStatus(
                migrationState(status),
                progress(counts),
                status.startedAt().orElse(status.createdAt()),
                status.finishedAt(),
                status.handshake().map(took -> took.toNanos() / 1_000),
                status.own(),
                status.peer(),
                status.root(),
                failure(status),
                CryptoProvider.description(),
                problems,
                counts.objectsFailed() + counts.objectsSkipped(),
                status.receipt().map(SignedReceipt::encoded),
                status.dryRun().map(OptionsAdapter::of));
    }

    private static Progress progress(MigrationCounts counts) {
        return new Progress(
                counts.objectsListed(),
                counts.listingComplete(),
                counts.objectsStored(),
                counts.objectsPresent(),
                counts.objectsFailed(),
                counts.objectsSkipped(),
                counts.bytesListed(),
                counts.bytesMoved(),
                counts.bytesDone(),
                counts.objectsExcluded());
    }

    private static GrantState grantState(MigrationStatus status) {
        return switch (status.state()) {
            case WAITING -> GrantState.WAITING;
            case CONNECTING, COPYING, VERIFYING -> GrantState.RUNNING;
            case COMPLETED -> GrantState.COMPLETED;
            case FAILED -> stoppedByDestination(status) ? GrantState.WAITING : GrantState.FAILED;
            case CANCELLED -> GrantState.WITHDRAWN;
        };
    }

    /** It paused, or another process of its provider goes on: the grant waits for it. */
    private static boolean stoppedByDestination(MigrationStatus status) {
        return status.failure().equals(Optional.of(ErrorCode.CANCELLED));
    }

    private static MigrationState migrationState(MigrationStatus status) {
        return switch (status.state()) {
            case WAITING, CONNECTING -> MigrationState.CONNECTING;
            case COPYING, VERIFYING -> MigrationState.RUNNING;
            case COMPLETED -> MigrationState.COMPLETED;
            case FAILED -> MigrationState.FAILED;
            case CANCELLED -> MigrationState.CANCELLED;
        };
    }

    private static Optional<Failure> failure(MigrationStatus status) {
        return status.failure()
                .map(code -> new Failure(
                        code,
                        code == ErrorCode.INTERNAL
                                ? "unexpected failure"
                                : status.message().orElse("")));
    }

    private static Psk copy(Psk psk) {
        byte[] bytes = psk.copy();
        try {
            return Psk.of(bytes);
        } finally {
            java.util.Arrays.fill(bytes, (byte) 0);
        }
    }
}
