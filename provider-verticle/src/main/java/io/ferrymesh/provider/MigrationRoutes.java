package io.ferrymesh.provider;

import io.ferrymesh.provider.Ownership.Owned;
import io.ferrymesh.provider.Requests.NewMigration;
import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.ObjectLog;
import io.ferrymesh.provider.engine.ReceiptLog;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Migrations at the destination. Event loop only. */
final class MigrationRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationRoutes.class);

    private final MigrationEngine service;
    private final UserBudget budget;
    private final Ownership migrations;

    MigrationRoutes(MigrationEngine service, int maxPerUser, UserBudget budget) {
        this.service = service;
        this.budget = budget;
        this.migrations = new Ownership(maxPerUser, budget, owned -> service.destination(owned.id)
                .map(status -> status.state().ended())
                .orElse(owned.accepted.isComplete()));
    }

    /** 202, also for a repetition, which resumes a migration that failed and otherwise changes nothing. */
    Future<Reply> create(UserAccount user, Buffer body) {
        NewMigration wanted = Requests.migration(body);
        try (var psk = wanted.psk()) {
            Optional<Owned> known = migrations.find(user.name(), wanted.id());
            if (known.isPresent() && !known.get().content.equals(wanted.content())) {
                throw Problem.conflict("you have a migration by this migrationId with another psk");
            }
            MigrationOrder order = new MigrationOrder(wanted.id(), psk, user.store(), ObjectLog.NONE, ReceiptLog.NONE);
            if (known.isPresent()) {
                resumeIfFailed(known.get(), order);
                return accepted(known.get());
            }
            Owned owned = migrations.claim(user.name(), wanted.id(), wanted.content(), Instant.MAX);
            owned.accepted = service.begin(order).onFailure(refused -> migrations.release(owned));
            LOG.info("migration {} begun by user {}", wanted.id(), user.name());
            return accepted(owned);
        }
    }

    Future<Reply> show(UserAccount user, MigrationId id) {
        DestinationStatus status = status(user, id);
        return Future.succeededFuture(Reply.json(200, StatusJson.migration(id, status)));
    }

    Future<Reply> report(UserAccount user, MigrationId id) {
        return Future.succeededFuture(Reply.lines(StatusJson.report(status(user, id))));
    }

    Future<Reply> receipt(UserAccount user, MigrationId id) {
        byte[] receipt =
                status(user, id).receipt().orElseThrow(() -> new Problem(404, "NOT_FOUND", "there is no receipt yet"));
        return Future.succeededFuture(Reply.bytes(receipt));
    }

    Future<Reply> cancel(UserAccount user, MigrationId id) {
        if (status(user, id).state() == MigrationState.COMPLETED) {
            throw Problem.conflict("the migration has completed; there is nothing to cancel");
        }
        LOG.info("migration {} cancelled by user {}", id, user.name());
        return service.cancel(id).map(done -> Reply.nothing());
    }

    private void resumeIfFailed(Owned owned, MigrationOrder order) {
        boolean failed = service.destination(owned.id)
                .map(status -> status.state() == MigrationState.FAILED)
                .orElse(false);
        if (failed && owned.accepted.isComplete()) {
            budget.spend(owned.user);
            LOG.info("migration {} resumed by user {}", owned.id, owned.user);
            owned.accepted = service.begin(order);
        }
    }

    private Future<Reply> accepted(Owned owned) {
        return owned.accepted.map(done -> Reply.json(202, json(owned.id)));
    }

    private JsonObject json(MigrationId id) {
        return service.destination(id)
                .map(status -> StatusJson.migration(id, status))
                .orElseGet(() ->
                        new JsonObject().put("migrationId", id.hex()).put("state", MigrationState.CONNECTING.name()));
    }

    private DestinationStatus status(UserAccount user, MigrationId id) {
        Owned owned = migrations.find(user.name(), id).orElseThrow(Problem::notFound);
        return service.destination(owned.id).orElseThrow(Problem::notFound);
    }
}
