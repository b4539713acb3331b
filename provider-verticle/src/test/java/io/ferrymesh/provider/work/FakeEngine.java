package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.Selection;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.stores.ObjectInfo;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An engine that moves nothing, notes what it was told, and says what it is told to say. */
final class FakeEngine implements MigrationEngine {

    static final Pseudonym OWN = Pseudonym.parse("11".repeat(16));
    static final Pseudonym PEER = Pseudonym.parse("22".repeat(16));
    static final Digest ROOT = Digest.parse("ab".repeat(32));

    /** What it was told, in order, such as {@code offer}; each with the id. */
    final List<String> calls = new ArrayList<>();

    /** What each migration has done. */
    long steps;

    final Map<MigrationId, GrantOffer> offers = new HashMap<>();
    final Map<MigrationId, MigrationOrder> orders = new HashMap<>();
    final Map<MigrationId, String> keys = new HashMap<>();
    final Map<MigrationId, String> voucherKeys = new HashMap<>();
    final Map<MigrationId, SourceStatus> sources = new HashMap<>();
    final Map<MigrationId, DestinationStatus> destinations = new HashMap<>();

    /** Hears every call. */
    volatile Consumer<String> heard = call -> {};

    /** Happens before it says how a migration stands. */
    Runnable asked = () -> {};

    /** When what it stops has stopped. */
    Future<Void> stopping = Future.succeededFuture();

    /** What both ends sign next at the destination. */
    byte[] receipt = {7, 8, 9};

    /** Objects that the source says have failed. */
    long failed;

    /** Whether it can begin one migration more. */
    boolean room = true;

    /** What the next offer or order fails with. */
    @Nullable
    Throwable refusal;

    @Override
    public Future<Void> offer(GrantOffer offer) {
        said("offer " + offer.id());
        keys.put(offer.id(), HexFormat.of().formatHex(offer.psk().copy()));
        voucherKeys.put(offer.id(), HexFormat.of().formatHex(offer.vouchers().copy()));
        offers.put(offer.id(), offer);
        source(offer.id(), GrantState.WAITING, Optional.empty());
        return outcome();
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public Future<Void> withdraw(MigrationId id) {
        said("withdraw " + id);
        offers.remove(id);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> release(MigrationId id) {
        said("release " + id);
        offers.remove(id);
        sources.remove(id);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> begin(MigrationOrder order) {
        if (orders.containsKey(order.id())) {
            return Future.failedFuture(new MeshException(ErrorCode.CONFLICT, "it runs already"));
        }
        said("begin " + order.id());
        keys.put(order.id(), HexFormat.of().formatHex(order.psk().copy()));
        orders.put(order.id(), order);
        destination(order.id(), MigrationState.CONNECTING, Progress.NONE, Optional.empty());
        return outcome();
    }

    @Override
    public Future<Void> stop(MigrationId id) {
        said("stop " + id);
        orders.remove(id);
        return stopping;
    }

    @Override
    public Future<Void> limit(MigrationId id, OptionalLong bytesPerSecond) {
        said("limit " + id + " " + (bytesPerSecond.isPresent() ? bytesPerSecond.getAsLong() : "none"));
        return Future.succeededFuture();
    }

    @Override
    public int waitingTasks() {
        return 7;
    }

    @Override
    public long steps(MigrationId id) {
        return steps;
    }

    @Override
    public Future<Void> cancel(MigrationId id) {
        said("cancel " + id);
        orders.remove(id);
        return Future.succeededFuture();
    }

    @Override
    public Predicate<ObjectInfo> selects(Selection selection) {
        return info -> info.path().toString().startsWith(selection.prefix());
    }

    @Override
    public Optional<SourceStatus> source(MigrationId id) {
        asked.run();
        return Optional.ofNullable(sources.get(id));
    }

    @Override
    public Optional<DestinationStatus> destination(MigrationId id) {
        asked.run();
        return Optional.ofNullable(destinations.get(id));
    }

    void source(MigrationId id, GrantState state, Optional<Failure> failure) {
        boolean met = state != GrantState.WAITING;
        sources.put(
                id,
                new SourceStatus(
                        state,
                        met ? 3 : 0,
                        met ? 2 : 0,
                        met ? failed : 0,
                        met ? 4_096 : 0,
                        failure,
                        met ? Optional.of(OWN) : Optional.empty(),
                        met ? Optional.of(PEER) : Optional.empty(),
                        state == GrantState.COMPLETED ? Optional.of(new byte[] {1, 2, 3}) : Optional.empty()));
    }

    void destination(MigrationId id, MigrationState state, Progress progress, Optional<Failure> failure) {
        boolean met = state != MigrationState.CONNECTING;
        destinations.put(
                id,
                new DestinationStatus(
                        state,
                        progress,
                        Instant.EPOCH,
                        Optional.empty(),
                        met ? Optional.of(1_234L) : Optional.empty(),
                        met ? Optional.of(OWN) : Optional.empty(),
                        met ? Optional.of(PEER) : Optional.empty(),
                        Optional.empty(),
                        failure,
                        "SunJCE",
                        List.of(),
                        0,
                        Optional.empty()));
    }

    /** It ends with a failure that says so. */
    void fails(MigrationId id, ErrorCode code, String message) {
        orders.remove(id);
        destination(id, MigrationState.FAILED, Progress.NONE, Optional.of(new Failure(code, message)));
    }

    void fails(MigrationId id, ErrorCode code, boolean met) {
        orders.remove(id);
        destination(id, MigrationState.FAILED, Progress.NONE, Optional.of(new Failure(code, "it failed")));
        if (!met) {
            DestinationStatus was = Objects.requireNonNull(destinations.get(id));
            destinations.put(
                    id,
                    new DestinationStatus(
                            was.state(),
                            was.progress(),
                            was.startedAt(),
                            was.finishedAt(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            was.merkleRoot(),
                            was.failure(),
                            was.cryptoProvider(),
                            was.problems(),
                            was.problemsTotal(),
                            was.receipt()));
        }
    }

    /** As the engine does it: the receipt is durable before anything else says that it is over. */
    void completes(MigrationId id) {
        Objects.requireNonNull(orders.remove(id)).receipts().keep(receipt.clone(), ROOT);
        destination(id, MigrationState.COMPLETED, new Progress(5, true, 4, 1, 0, 0, 10, 10, 10), Optional.empty());
    }

    /** A dry run that has looked at everything. */
    void found(MigrationId id, DryRunTotals totals) {
        MigrationOrder unused = Objects.requireNonNull(orders.remove(id));
        destination(id, MigrationState.COMPLETED, new Progress(5, true, 0, 0, 0, 0, 10, 0, 0), Optional.empty());
        DestinationStatus was = Objects.requireNonNull(destinations.get(id));
        destinations.put(
                id,
                new DestinationStatus(
                        was.state(),
                        was.progress(),
                        was.startedAt(),
                        was.finishedAt(),
                        was.handshakeMicros(),
                        was.own(),
                        was.peer(),
                        was.merkleRoot(),
                        was.failure(),
                        was.cryptoProvider(),
                        was.problems(),
                        was.problemsTotal(),
                        was.receipt(),
                        Optional.of(totals)));
    }

    private void said(String call) {
        calls.add(call);
        heard.accept(call);
    }

    private Future<Void> outcome() {
        Throwable failure = refusal;
        refusal = null;
        return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
    }
}
