package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.REASON;
import static io.ferrymesh.it.KgcCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.kgc.operator.KeyEpochInfo;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.migration.DestinationOrder;
import io.ferrymesh.migration.Journal;
import io.ferrymesh.migration.MigrationState;
import io.ferrymesh.migration.MigrationStatus;
import io.ferrymesh.migration.ReceiptLog;
import io.ferrymesh.migration.SourceOffer;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.RevocationView.Status;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What migrations make of what happens at the key centre: revocation, new keys, its absence. Real engines on a real cluster. */
class KeyCentreIT {

    private static final Logger LOG = LoggerFactory.getLogger(KeyCentreIT.class);
    private static final String GATE = "many/7";

    @TempDir
    private Path temporary;

    /** A migration of forty objects, one of which the source keeps back until it is told. */
    private record Moving(MigrationId id, GatedStore gate, Path to) {}

    @Test
    void revoking_a_provider_ends_its_live_migrations_and_nobody_shakes_hands_with_it_again() throws Exception {
        try (Engines engines = new Engines()) {
            Moving live = begin(engines, "live");
            assertThat(live.gate().awaitReached()).isTrue();
            ProviderInfo source = engines.kgc.as(Role.ENROLMENT).providers(0, 1).get(0);
            Instant before = Instant.now();
            int revoked = engines.kgc
                    .as(Role.REVOCATION)
                    .revokeProvider(source.number(), REASON)
                    .revoked();
            MigrationStatus destination = ended(engines.destination, live);
            MigrationStatus given = ended(engines.source, live);
            LOG.warn(
                    "both ends of a live migration knew after {} ms",
                    Duration.between(before, Instant.now()).toMillis());
            live.gate().open();
            assertThat(revoked).isPositive();
            assertThat(destination.failure()).contains(ErrorCode.REVOKED);
            assertThat(given.failure()).contains(ErrorCode.REVOKED);
            assertThat(destination.receipt()).isEmpty();
            Moving another = begin(engines, "another");
            assertThat(ended(engines.destination, another).state()).isEqualTo(MigrationState.FAILED);
            assertThat(another.to().toFile().list((where, name) -> !name.startsWith(".")))
                    .isEmpty();
        }
    }

    @Test
    void revoking_one_pseudonym_ends_what_runs_under_it_and_leaves_its_provider_the_others() throws Exception {
        try (Engines engines = new Engines()) {
            Moving live = begin(engines, "live");
            assertThat(live.gate().awaitReached()).isTrue();
            Pseudonym own = status(engines.destination, live).own().orElseThrow();
            int revoked =
                    engines.kgc.as(Role.REVOCATION).revokePseudonym(own, REASON).revoked();
            assertThat(revoked).isEqualTo(1);
            assertThat(ended(engines.source, live).failure()).contains(ErrorCode.REVOKED);
            live.gate().open();
            Moving another = begin(engines, "another");
            another.gate().open();
            assertThat(ended(engines.destination, another).state()).isEqualTo(MigrationState.COMPLETED);
        }
    }

    @Test
    void a_new_master_key_is_taken_into_use_while_what_runs_under_the_old_one_goes_on() throws Exception {
        try (Engines engines = new Engines()) {
            KgcPublicKey old = engines.source.kgc();
            Moving live = begin(engines, "live");
            assertThat(live.gate().awaitReached()).isTrue();
            KeyEpochInfo fresh = engines.kgc.as(Role.ADMIN).rotate(1);
            for (Engines.Provider each : new Engines.Provider[] {engines.source, engines.destination}) {
                KgcPublicKey key = Awaiting.until(
                        "the new key", () -> Optional.of(each.kgc()).filter(now -> !now.equals(old)));
                assertThat(key.fingerprint().hex()).isEqualTo(fresh.fingerprint());
            }
            Moving another = begin(engines, "another");
            another.gate().open();
            MigrationStatus after = ended(engines.destination, another);
            assertThat(after.state()).isEqualTo(MigrationState.COMPLETED);
            assertThat(after.receipt().orElseThrow().verify(engines.source.kgc()))
                    .isTrue();
            live.gate().open();
            MigrationStatus before = ended(engines.destination, live);
            assertThat(before.state()).isEqualTo(MigrationState.COMPLETED);
            assertThat(before.receipt().orElseThrow().verify(old)).isTrue();
            assertThat(before.receipt().orElseThrow().verify(engines.source.kgc()))
                    .isFalse();
        }
    }

    @Test
    void without_the_key_centre_what_runs_is_finished_and_nothing_new_begins() throws Exception {
        try (Engines engines = Engines.withBulletinsGoodFor(6)) {
            Moving live = begin(engines, "live");
            assertThat(live.gate().awaitReached()).isTrue();
            Pseudonym peer = status(engines.destination, live).peer().orElseThrow();
            engines.kgc.kill();
            for (Engines.Provider each : new Engines.Provider[] {engines.source, engines.destination}) {
                Status status = Awaiting.until("the end of the last bulletin", () -> Optional.of(each.keys()
                                .revocation()
                                .status(peer, Instant.now().getEpochSecond()))
                        .filter(now -> now != Status.GOOD));
                assertThat(status).isEqualTo(Status.UNKNOWN);
            }
            Moving another = begin(engines, "another");
            assertThat(ended(engines.destination, another).state()).isEqualTo(MigrationState.FAILED);
            live.gate().open();
            MigrationStatus finished = ended(engines.destination, live);
            assertThat(finished.state()).isEqualTo(MigrationState.COMPLETED);
            assertThat(finished.receipt()).isPresent();
        }
    }

    private Moving begin(Engines engines, String name) throws Exception {
        Path from = Files.createDirectories(temporary.resolve(name + "-from"));
        Path to = Files.createDirectories(temporary.resolve(name + "-to"));
        for (int i = 0; i < 40; i++) {
            Trees.file(from.resolve("many/" + i), 30_000 + i);
        }
        MigrationId id = MigrationId.random(engines.random);
        byte[] psk = new byte[Psk.LENGTH];
        engines.random.nextBytes(psk);
        GatedStore gate = new GatedStore(DirectoryStore.open(from), GATE);
        Instant end = Instant.now().plus(Duration.ofHours(1));
        Object offered = await(engines.source
                .engine()
                .offer(new SourceOffer(
                        id, Psk.of(psk), VoucherKey.random(engines.random), gate, "", end, ReceiptLog.NONE))
                .map(true));
        Object begun = await(engines.destination
                .engine()
                .begin(new DestinationOrder(id, Psk.of(psk), DirectoryStore.open(to), Journal.none(), ReceiptLog.NONE))
                .map(true));
        assertThat(Arrays.asList(offered, begun)).containsOnly(true);
        return new Moving(id, gate, to);
    }

    private static MigrationStatus ended(Engines.Provider provider, Moving moving) throws Exception {
        return Awaiting.until("the end of " + moving.id(), () -> Optional.of(status(provider, moving))
                .filter(now -> now.state() == MigrationState.COMPLETED
                        || now.state() == MigrationState.FAILED
                        || now.state() == MigrationState.CANCELLED));
    }

    private static MigrationStatus status(Engines.Provider provider, Moving moving) {
        return provider.engine()
                .destination(moving.id())
                .or(() -> provider.engine().source(moving.id()))
                .orElseThrow();
    }
}
