package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationEntry;
import io.ferrymesh.scheme.RevocationPage;
import io.ferrymesh.scheme.RevocationView.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RevocationWatchTest {

    private static final Pseudonym SOMEBODY = Pseudonym.parse("ab".repeat(16));
    private static final Pseudonym ANOTHER = Pseudonym.parse("cd".repeat(16));

    private final Deployment provider = new Deployment();
    private final LocalKgc kgc = provider.kgc;
    private final LocalMesh mesh = provider.mesh;
    private final RevocationWatch watch = provider.watch;
    private final AtomicInteger told = new AtomicInteger();

    RevocationWatchTest() {
        Deployment.done(provider.trust.start());
        watch.onRevoked(told::incrementAndGet);
    }

    @Test
    void without_a_bulletin_nobody_is_good() {
        mesh.away = true;
        assertThat(watch.refresh().failed()).isTrue();
        assertThat(status(SOMEBODY)).isEqualTo(Status.UNKNOWN);
        assertThat(codes()).containsExactly("REVOCATION_STALE");
    }

    @Test
    void the_newest_bulletin_answers_until_it_is_too_old() {
        Deployment.done(watch.refresh());
        mesh.away = true;
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        provider.clock.advanceSeconds(60);
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        assertThat(codes()).isEmpty();
        provider.clock.advanceSeconds(1);
        assertThat(status(SOMEBODY)).isEqualTo(Status.UNKNOWN);
        assertThat(codes()).containsExactly("REVOCATION_STALE");
        mesh.away = false;
        Deployment.done(watch.refresh());
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        assertThat(codes()).isEmpty();
    }

    @Test
    void a_revocation_takes_effect_with_the_next_bulletin_and_listeners_are_told() {
        Deployment.done(watch.refresh());
        kgc.revoke(SOMEBODY);
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        Deployment.done(watch.refresh());
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
        assertThat(status(ANOTHER)).isEqualTo(Status.GOOD);
        assertThat(told).hasValue(1);
        Deployment.done(watch.refresh());
        assertThat(told).hasValue(1);
    }

    @Test
    void a_published_bulletin_takes_effect_before_the_next_question() {
        Deployment.done(watch.refresh());
        kgc.revoke(SOMEBODY);
        watch.heard(Buffer.buffer(kgc.bulletin(kgc.newest())));
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
        assertThat(told).hasValue(1);
    }

    @Test
    void what_is_revoked_stays_so_when_nothing_is_heard_any_more() {
        kgc.revoke(SOMEBODY);
        Deployment.done(watch.refresh());
        mesh.away = true;
        provider.clock.advanceSeconds(3_600);
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
    }

    @Test
    void an_older_bulletin_brings_nobody_back() {
        Buffer before = Buffer.buffer(kgc.bulletin(kgc.newest()));
        kgc.revoke(SOMEBODY);
        Deployment.done(watch.refresh());
        watch.heard(before);
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
        assertThat(codes()).isEmpty();
    }

    @Test
    void two_histories_are_reported_and_the_first_is_kept() {
        kgc.revoke(SOMEBODY);
        Deployment.done(watch.refresh());
        kgc.log = new ArrayList<>(List.of(new RevocationEntry(ANOTHER, provider.now() + 1_000)));
        assertThat(watch.refresh().failed()).isTrue();
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
        assertThat(status(ANOTHER)).isEqualTo(Status.GOOD);
        assertThat(codes()).containsExactly("KGC_CONTRADICTION");
        provider.clock.advanceSeconds(61);
        assertThat(watch.refresh().failed()).isTrue();
        assertThat(status(ANOTHER)).isEqualTo(Status.UNKNOWN);
        assertThat(codes()).containsExactly("REVOCATION_STALE", "KGC_CONTRADICTION");
    }

    @Test
    void another_history_of_what_was_done_is_reported_too() {
        Deployment.done(watch.refresh());
        kgc.auditHash = Digest.sha256(new byte[] {1});
        watch.heard(Buffer.buffer(kgc.bulletin(kgc.newest())));
        assertThat(codes()).containsExactly("KGC_CONTRADICTION");
    }

    @Test
    void a_page_that_does_not_fit_the_chain_is_not_taken() {
        Deployment.done(watch.refresh());
        kgc.revoke(SOMEBODY);
        RevocationPage forged = new RevocationPage(1, List.of(new RevocationEntry(ANOTHER, provider.now() + 1_000)));
        mesh.onTheWay = reply -> reply.length() == forged.encoded().length ? Buffer.buffer(forged.encoded()) : reply;
        assertThat(watch.refresh().failed()).isTrue();
        assertThat(status(ANOTHER)).isEqualTo(Status.GOOD);
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        mesh.onTheWay = reply -> reply;
        Deployment.done(watch.refresh());
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
    }

    @Test
    void a_log_is_fetched_page_by_page() {
        kgc.revoke(SOMEBODY, ANOTHER, Pseudonym.parse("ef".repeat(16)));
        mesh.onTheWay = RevocationWatchTest::firstEntryOnly;
        Deployment.done(watch.refresh());
        assertThat(mesh.asked(KgcServices.REVOCATIONS)).isEqualTo(3);
        assertThat(status(ANOTHER)).isEqualTo(Status.REVOKED);
    }

    @Test
    void nothing_of_a_log_counts_before_all_of_it_is_there() {
        Deployment.done(watch.refresh());
        kgc.revoke(SOMEBODY, ANOTHER);
        mesh.onTheWay = RevocationWatchTest::firstEntryOnly;
        mesh.hold = true;
        Future<Void> refreshing = watch.refresh();
        mesh.release();
        mesh.release();
        assertThat(refreshing.isComplete()).isFalse();
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        mesh.release();
        assertThat(refreshing.succeeded()).isTrue();
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
    }

    @Test
    void one_question_runs_at_a_time() {
        mesh.hold = true;
        Future<Void> first = watch.refresh();
        assertThat(watch.refresh().succeeded()).isTrue();
        assertThat(mesh.waiting()).isEqualTo(1);
        mesh.release();
        assertThat(first.succeeded()).isTrue();
        assertThat(watch.refresh().isComplete()).isFalse();
    }

    @Test
    void a_flood_of_forged_bulletins_costs_few_verifications_and_the_next_question_still_helps() {
        Deployment.done(watch.refresh());
        Buffer forged = Buffer.buffer(kgc.bulletin(kgc.newest()));
        forged.setByte(forged.length() - 1, (byte) ~forged.getByte(forged.length() - 1));
        Counting work = new Counting();
        RevocationWatch flooded = watching(work);
        for (int i = 0; i < 10_000; i++) {
            flooded.heard(forged);
        }
        assertThat(work.tasks).isEqualTo(RevocationWatch.MAX_HEARD_A_SECOND);
        kgc.revoke(SOMEBODY);
        Deployment.done(flooded.refresh());
        assertThat(flooded.status(SOMEBODY, provider.now())).isEqualTo(Status.REVOKED);
        provider.clock.advanceSeconds(1);
        kgc.revoke(ANOTHER);
        flooded.heard(Buffer.buffer(kgc.bulletin(kgc.newest())));
        assertThat(flooded.status(ANOTHER, provider.now())).isEqualTo(Status.REVOKED);
    }

    @Test
    void what_is_not_even_a_bulletin_of_a_trusted_key_is_not_taken() {
        Deployment stranger = new Deployment();
        watch.heard(Buffer.buffer());
        watch.heard(Buffer.buffer(new byte[Bulletin.SIGNED_LENGTH]));
        watch.heard(Buffer.buffer(stranger.kgc.bulletin(stranger.kgc.newest())));
        assertThat(status(SOMEBODY)).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void a_second_bulletin_is_not_verified_before_the_first_is_done() {
        Deployment.done(watch.refresh());
        kgc.revoke(SOMEBODY);
        mesh.hold = true;
        Buffer bulletin = Buffer.buffer(kgc.bulletin(kgc.newest()));
        watch.heard(bulletin);
        watch.heard(bulletin);
        watch.heard(bulletin);
        assertThat(mesh.waiting()).isEqualTo(1);
    }

    @Test
    void a_bulletin_under_a_key_that_is_not_trusted_costs_no_verification() {
        Deployment.done(watch.refresh());
        Counting work = new Counting();
        RevocationWatch young = watching(work);
        LocalKgc other = new LocalKgc(provider.clock);
        young.heard(Buffer.buffer(other.bulletin(other.newest())));
        assertThat(work.tasks).isZero();
    }

    @Test
    void nothing_is_heard_after_the_end() {
        kgc.revoke(SOMEBODY);
        watch.close();
        watch.heard(Buffer.buffer(kgc.bulletin(kgc.newest())));
        assertThat(status(SOMEBODY)).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void it_is_said_once_that_nobody_can_be_trusted_and_once_that_they_can_again() {
        try (Said said = new Said(RevocationWatch.class)) {
            provider.pass(100);
            mesh.away = true;
            provider.pass(600);
            mesh.away = false;
            provider.pass(100);
            assertThat(said.atLeast(Level.INFO))
                    .containsExactly(
                            "revocations are known up to number 0",
                            "no fresh bulletin of the key centre: every handshake is refused until there is one",
                            "revocations are known up to number 0");
        }
    }

    private RevocationWatch watching(Workers work) {
        KgcClient client = new KgcClient(mesh, work, provider.clock, new SecureRandom());
        return new RevocationWatch(client, provider.trust::newest, 60, provider.clock);
    }

    private static Buffer firstEntryOnly(Buffer reply) {
        try {
            RevocationPage page = RevocationPage.decode(reply.getBytes());
            return Buffer.buffer(new RevocationPage(page.first(), page.entries().subList(0, 1)).encoded());
        } catch (MalformedException notAPage) {
            return reply;
        }
    }

    private Status status(Pseudonym pseudonym) {
        return watch.status(pseudonym, provider.now());
    }

    private List<String> codes() {
        return watch.problems().stream().map(HealthReason::code).toList();
    }

    /** Counts what is verified. */
    private static final class Counting implements Workers {
        int tasks;

        @Override
        public <T> Future<T> run(Callable<T> task) {
            tasks++;
            return LocalMesh.INLINE.run(task);
        }
    }
}
