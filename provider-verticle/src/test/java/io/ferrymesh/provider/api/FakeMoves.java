package io.ferrymesh.provider.api;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.Page;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A grant and a migration for whoever asks. */
final class FakeMoves {

    static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    static final byte[] RECEIPT = "a receipt".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final Optional<Pseudonym> OWN = Optional.of(Pseudonym.parse("ab".repeat(16)));
    private static final Optional<FailureView> FAILURE = Optional.of(new FailureView("PEER_LOST", "it went away"));

    volatile boolean fresh = true;
    volatile State state = State.RUNNING;
    volatile ProgressView progress = ProgressView.NONE;
    final List<MigrationEvent> events = new CopyOnWriteArrayList<>();
    final List<ReportEntry> report = new CopyOnWriteArrayList<>();

    /** Runs whenever somebody asks for events. */
    volatile Runnable asked = () -> {};

    GrantService grants() {
        return new Grants();
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
                true);
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
        public byte[] receipt(Account account, MigrationId id) {
            return RECEIPT.clone();
        }

        private GrantView grant(MigrationId id, String prefix) {
            return new GrantView(
                    id, GrantView.State.FAILED, prefix, AT, AT.plusSeconds(60), 4, 3, 1, 99, OWN, OWN, FAILURE, false);
        }
    }

    private final class Migrations implements MigrationService {

        @Override
        public MigrationService.Created create(Account account, NewMigration migration) {
            return new MigrationService.Created(fresh, migration(migration.id()));
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
        public void cancel(Account account, MigrationId id) {}

        @Override
        public List<ReportEntry> report(Account account, MigrationId id, long after, int limit) {
            return report.stream()
                    .filter(entry -> entry.number() > after)
                    .limit(limit)
                    .toList();
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
        public byte[] receipt(Account account, MigrationId id) {
            return RECEIPT.clone();
        }
    }
}
