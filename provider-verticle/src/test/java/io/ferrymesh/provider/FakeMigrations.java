package io.ferrymesh.provider;

import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.engine.ReportLine;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An engine that moves nothing and notes what it was told. */
final class FakeMigrations implements MigrationEngine {

    /** What it was told, in order, such as {@code offer <id> <psk> <prefix>}. */
    final List<String> calls = new ArrayList<>();

    final Map<MigrationId, SourceStatus> sources = new ConcurrentHashMap<>();
    final Map<MigrationId, DestinationStatus> destinations = new ConcurrentHashMap<>();
    final Map<MigrationId, GrantOffer> offers = new HashMap<>();
    final Map<MigrationId, MigrationOrder> orders = new HashMap<>();

    /** What the next offer or order fails with. */
    @Nullable
    Throwable refusal;

    @Override
    public Future<Void> offer(GrantOffer offer) {
        byte[] psk = offer.psk().copy();
        calls.add("offer " + offer.id() + " " + HexFormat.of().formatHex(psk) + " " + offer.prefix());
        offers.put(offer.id(), offer);
        return outcome();
    }

    @Override
    public Future<Void> withdraw(MigrationId id) {
        calls.add("withdraw " + id);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> begin(MigrationOrder order) {
        byte[] psk = order.psk().copy();
        calls.add("begin " + order.id() + " " + HexFormat.of().formatHex(psk));
        orders.put(order.id(), order);
        return outcome();
    }

    @Override
    public Future<Void> release(MigrationId id) {
        calls.add("release " + id);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop(MigrationId id) {
        calls.add("stop " + id);
        return Future.succeededFuture();
    }

    @Override
    public Optional<SourceStatus> source(MigrationId id) {
        return Optional.ofNullable(sources.get(id));
    }

    @Override
    public Optional<DestinationStatus> destination(MigrationId id) {
        return Optional.ofNullable(destinations.get(id));
    }

    @Override
    public Future<Void> cancel(MigrationId id) {
        calls.add("cancel " + id);
        return Future.succeededFuture();
    }

    private Future<Void> outcome() {
        Throwable failure = refusal;
        refusal = null;
        return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
    }

    static SourceStatus source(GrantState state) {
        return new SourceStatus(
                state,
                3,
                2,
                1,
                4_096,
                Optional.empty(),
                Optional.of(Pseudonym.parse("11".repeat(16))),
                Optional.of(Pseudonym.parse("22".repeat(16))),
                state == GrantState.COMPLETED ? Optional.of(new byte[] {1, 2, 3}) : Optional.empty());
    }

    static DestinationStatus destination(MigrationState state, List<ReportLine> problems, long problemsTotal) {
        return new DestinationStatus(
                state,
                new Progress(5, true, 2, 1, 1, 1, 8_192, 5_000, 4_096),
                Instant.EPOCH,
                state.ended() ? Optional.of(Instant.EPOCH.plusSeconds(9)) : Optional.empty(),
                Optional.of(1_234L),
                Optional.of(Pseudonym.parse("11".repeat(16))),
                Optional.of(Pseudonym.parse("22".repeat(16))),
                Optional.empty(),
                Optional.empty(),
                "SunJCE",
                problems,
                problemsTotal,
                state == MigrationState.COMPLETED ? Optional.of(new byte[] {4, 5, 6}) : Optional.empty());
    }
}
