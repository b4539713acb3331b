package io.ferrymesh.provider.api;

import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.Estimate;
import io.ferrymesh.provider.options.Finding;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.options.Preflight;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.EventService;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.MirrorView;
import io.ferrymesh.provider.service.MovedView;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.provider.service.ProofView;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.InclusionProof;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A grant and a migration for whoever asks. */
final class FakeMoves {

    private static final Preflight PREFLIGHT = new Preflight(
            OptionalLong.of(5),
            OptionalLong.empty(),
            3,
            4,
            List.of(new Finding(
                    Finding.Kind.SPACE,
                    Finding.Severity.BLOCKS,
                    1,
                    2,
                    List.of("a/b"),
                    "make room at the destination")));

    static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    static final byte[] RECEIPT = "a receipt".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final Optional<Pseudonym> OWN = Optional.of(Pseudonym.parse("ab".repeat(16)));
    private static final Optional<FailureView> FAILURE = Optional.of(new FailureView("PEER_LOST", "it went away"));

    private static final MigrationOptions OPTIONS = OptionsJson.options(new JsonObject()
            .put(
                    "selection",
                    new JsonObject()
                            .put("prefix", "photos/")
                            .put("include", new JsonArray().add("**/*.jpg"))
                            .put("maxBytes", 1_000)
                            .put("modifiedFrom", "2025-01-01T00:00:00Z")));

    /** Whether the feed fails when there is nothing new, which ends its streams. */
    volatile boolean feedEnds;

    volatile boolean fresh = true;
    volatile Schedule schedule = Schedule.NONE;
    volatile State state = State.RUNNING;
    volatile ProgressView progress = ProgressView.NONE;
    final List<MigrationEvent> events = new CopyOnWriteArrayList<>();
    final List<AccountEvent> told = new CopyOnWriteArrayList<>();
    final List<ReportEntry> report = new CopyOnWriteArrayList<>();

    /** Runs whenever somebody asks for events. */
    volatile Runnable asked = () -> {};

    GrantService grants() {
        return new Grants();
    }

    /** What accounts are told, and one that tells everything. */
    EventService feed() {
        return (account, after, limit) -> {
            if (feedEnds && after > told.size()) {
                throw new IllegalStateException("the fake was told to end");
            }
            return feed(after, limit);
        };
    }

    private List<AccountEvent> feed(long after, int limit) {
        return Stream.concat(
                        Stream.of(new AccountEvent(
                                1,
                                AT,
                                EventType.GRANT_REFUSED,
                                Optional.of(MigrationId.parse("00".repeat(16))),
                                Optional.of(State.FAILED),
                                OWN,
                                FAILURE,
                                OptionalLong.of(3),
                                Optional.of(new AccountEvent.Removed(3, 30, 1, 1, Optional.of("TOO_MANY"))),
                                Optional.of("my-hook"))),
                        told.stream())
                .filter(event -> event.number() > after)
                .limit(limit)
                .toList();
    }

    MigrationService migrations() {
        return new Migrations();
    }

    /** A change of state, which is what it is in from then on. */
    void happens(State next) {
        events.add(new MigrationEvent(events.size() + 1L, AT, next, next == State.FAILED ? FAILURE : Optional.empty()));
        state = next;
    }

    private MigrationView migration(MigrationId id) {
        return new MigrationView(
                id,
                state,
                AT,
                Optional.of(AT),
                Optional.empty(),
                progress,
                Optional.of(5L),
                OWN,
                OWN,
                Optional.of(Digest.sha256(RECEIPT)),
                FAILURE,
                Optional.of("a provider"),
                true,
                OPTIONS,
                schedule,
                Optional.of(new DryRunTotals(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)
                        .with(Estimate.UNKNOWN)
                        .with(PREFLIGHT)),
                Optional.of(new MirrorView(
                        MirrorView.State.LEFT, Optional.of(MirrorView.Reason.TOO_MANY), 5, 50, 1, 10, 2)),
                state == State.QUEUED ? Optional.of(AT) : Optional.empty());
    }

    private MigrationView created(NewMigration asked) {
        schedule = asked.schedule();
        return migration(asked.id());
    }

    private final class Grants implements GrantService {

        @Override
        public GrantService.Created create(Account account, NewGrant grant) {
            return new GrantService.Created(fresh, grant(grant.id(), grant.prefix()));
        }

        @Override
        public Page<GrantView> list(Account account, Optional<String> cursor, int limit) {
            return new Page<>(List.of(show(account, MigrationId.parse("00".repeat(16)))), Optional.of("next-1"));
        }

        @Override
        public GrantView show(Account account, MigrationId id) {
            return grant(id, "photos/");
        }

        @Override
        public void withdraw(Account account, MigrationId id) {}

        @Override
        public byte[] receipt(Account account, MigrationId id, long number) {
            return RECEIPT.clone();
        }

        private GrantView grant(MigrationId id, String prefix) {
            return new GrantView(
                    id,
                    GrantView.State.FAILED,
                    prefix,
                    AT,
                    AT.plusSeconds(60),
                    4,
                    3,
                    1,
                    99,
                    OWN,
                    OWN,
                    FAILURE,
                    false,
                    Optional.of(new MovedView(MovedView.State.ERASING, 2, 20, 1, 0)));
        }
    }

    private final class Migrations implements MigrationService {

        @Override
        public MigrationService.Created create(Account account, NewMigration migration) {
            return new MigrationService.Created(fresh, created(migration));
        }

        @Override
        public Page<MigrationView> list(Account account, Optional<String> cursor, int limit) {
            return new Page<>(List.of(migration(MigrationId.parse("00".repeat(16)))), Optional.empty());
        }

        @Override
        public MigrationView show(Account account, MigrationId id) {
            return migration(id);
        }

        @Override
        public MigrationView pause(Account account, MigrationId id) {
            return migration(id);
        }

        @Override
        public MigrationView resume(Account account, MigrationId id) {
            return migration(id);
        }

        @Override
        public MigrationView retry(Account account, MigrationId id) {
            return migration(id);
        }

        @Override
        public MigrationView change(Account account, MigrationId id, UnaryOperator<Schedule> change) {
            schedule = change.apply(schedule);
            return migration(id);
        }

        @Override
        public void cancel(Account account, MigrationId id) {}

        @Override
        public List<ReportEntry> report(Account account, MigrationId id, long after, int limit) {
            return report.stream()
                    .filter(entry -> entry.number() > after)
                    .limit(limit)
                    .toList();
        }

        @Override
        public ProofView proof(Account account, MigrationId id, String path) {
            Digest digest = Digest.sha256(RECEIPT);
            return new ProofView(id, path, 5, digest, new InclusionProof(1, 2, List.of(digest)), digest);
        }

        @Override
        public List<MigrationEvent> events(Account account, MigrationId id, long after, int limit) {
            asked.run();
            return events.stream()
                    .filter(event -> event.number() > after)
                    .limit(limit)
                    .toList();
        }

        @Override
        public byte[] receipt(Account account, MigrationId id, long number) {
            return RECEIPT.clone();
        }
    }
}
