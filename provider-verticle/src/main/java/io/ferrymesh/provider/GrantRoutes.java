package io.ferrymesh.provider;

import io.ferrymesh.provider.Ownership.Owned;
import io.ferrymesh.provider.Requests.NewGrant;
import io.ferrymesh.provider.engine.GrantOffer;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.engine.ReceiptLog;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Grants at the source. Event loop only. */
final class GrantRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(GrantRoutes.class);

    private final MigrationEngine service;
    private final Clock clock;
    private final Ownership grants;

    GrantRoutes(MigrationEngine service, Clock clock, int maxPerUser, UserBudget budget) {
        this.service = service;
        this.clock = clock;
        this.grants =
                new Ownership(maxPerUser, budget, owned -> status(owned).state().ended());
    }

    /** The first time 201, a repetition 200, a contradiction 409. */
    Future<Reply> create(UserAccount user, Buffer body) {
        NewGrant grant = Requests.grant(body);
        try (var psk = grant.psk()) {
            Optional<Owned> known = grants.find(user.name(), grant.id());
            if (known.isPresent()) {
                return repeated(known.get(), grant);
            }
            Instant expiresAt = clock.instant().plusSeconds(grant.expiresInSeconds());
            Owned owned = grants.claim(user.name(), grant.id(), grant.content(), expiresAt);
            owned.accepted = service.offer(
                            new GrantOffer(grant.id(), psk, user.store(), grant.prefix(), expiresAt, ReceiptLog.NONE))
                    .onFailure(refused -> grants.release(owned));
            LOG.info("grant {} of user {} until {}", grant.id(), user.name(), expiresAt);
            return owned.accepted.map(done -> Reply.json(201, json(owned)));
        }
    }

    Future<Reply> show(UserAccount user, MigrationId id) {
        return Future.succeededFuture(Reply.json(200, json(mine(user, id))));
    }

    Future<Reply> withdraw(UserAccount user, MigrationId id) {
        Owned owned = mine(user, id);
        if (status(owned).state() == GrantState.COMPLETED) {
            throw Problem.conflict("the migration has completed; there is nothing to withdraw");
        }
        LOG.info("grant {} withdrawn by user {}", id, user.name());
        return service.withdraw(id).map(done -> Reply.nothing());
    }

    Future<Reply> receipt(UserAccount user, MigrationId id) {
        byte[] receipt = status(mine(user, id))
                .receipt()
                .orElseThrow(() -> new Problem(404, "NOT_FOUND", "there is no receipt yet"));
        return Future.succeededFuture(Reply.bytes(receipt));
    }

    private Future<Reply> repeated(Owned known, NewGrant grant) {
        if (!known.content.equals(grant.content())) {
            throw Problem.conflict("you have a grant by this migrationId with other content");
        }
        return known.accepted.map(done -> Reply.json(200, json(known)));
    }

    private Owned mine(UserAccount user, MigrationId id) {
        return grants.find(user.name(), id).orElseThrow(Problem::notFound);
    }

    private JsonObject json(Owned owned) {
        return StatusJson.grant(owned.id, status(owned), owned.expiresAt);
    }

    /** The engine's word; where it knows nothing (any more), the grant waits until it expires. */
    private SourceStatus status(Owned owned) {
        return service.source(owned.id).orElseGet(() -> {
            boolean expired = !clock.instant().isBefore(owned.expiresAt);
            GrantState state = expired ? GrantState.EXPIRED : GrantState.WAITING;
            return new SourceStatus(
                    state, 0, 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        });
    }
}
