package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationView.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is revoked when a key follows another, perhaps because the older one was stolen. */
class RevocationRotationTest {

    private static final Pseudonym SOMEBODY = Pseudonym.parse("ab".repeat(16));
    private static final Pseudonym ANOTHER = Pseudonym.parse("cd".repeat(16));

    private final Deployment provider = new Deployment();
    private final LocalKgc kgc = provider.kgc;
    private final LocalMesh mesh = provider.mesh;
    private final RevocationWatch watch = provider.watch;
    private final AtomicInteger told = new AtomicInteger();

    RevocationRotationTest() {
        Deployment.done(provider.trust.start());
        watch.onRevoked(told::incrementAndGet);
    }

    @Test
    void a_bulletin_under_an_older_key_counts_for_nothing_from_the_announcement_of_the_next_on() {
        Deployment.done(watch.refresh());
        announced();
        provider.clock.advanceSeconds(50);
        kgc.revoke(SOMEBODY);
        watch.heard(published(1));
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        provider.clock.advanceSeconds(11);
        watch.heard(published(1));
        assertThat(status(ANOTHER)).isEqualTo(Status.UNKNOWN);
        watch.heard(published(2));
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
        assertThat(status(ANOTHER)).isEqualTo(Status.GOOD);
    }

    @Test
    void who_says_that_the_newest_key_is_retired_is_not_asked_for_a_bulletin_under_an_older_one() {
        Deployment.done(watch.refresh());
        announced();
        provider.clock.advanceSeconds(61);
        kgc.epochs.remove(1);
        Future<Void> refused = watch.refresh();
        assertThat(refused.cause()).isInstanceOfSatisfying(MeshException.class, why -> assertThat(why.code())
                .isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(mesh.asked(KgcServices.BULLETIN)).isEqualTo(2);
        assertThat(status(SOMEBODY)).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void what_a_thief_of_the_old_key_said_is_forgotten_when_the_next_is_announced() {
        Digest truth = kgc.auditHash;
        kgc.auditEntries = Long.MAX_VALUE;
        watch.heard(published(1));
        kgc.auditEntries = 7;
        Deployment.done(watch.refresh());
        kgc.auditEntries = Long.MAX_VALUE;
        kgc.auditHash = Digest.sha256(new byte[] {1});
        watch.heard(published(1));
        assertThat(codes()).containsExactly("KGC_CONTRADICTION");
        kgc.auditEntries = 7;
        kgc.auditHash = truth;
        provider.clock.advanceSeconds(61);
        Deployment.done(watch.refresh());
        assertThat(status(SOMEBODY)).as("nothing counts behind that").isEqualTo(Status.UNKNOWN);
        announced();
        Deployment.done(watch.refresh());
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        assertThat(codes()).as("somebody should still look into it").containsExactly("KGC_CONTRADICTION");
    }

    @Test
    void a_revocation_that_a_thief_of_the_old_key_hid_is_found_under_the_next() {
        kgc.revoke(SOMEBODY);
        kgc.base = 1;
        watch.heard(published(1));
        kgc.base = 0;
        Deployment.done(watch.refresh());
        assertThat(status(SOMEBODY)).isEqualTo(Status.GOOD);
        int before = told.get();
        announced();
        Deployment.done(watch.refresh());
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
        assertThat(told.get() - before).isEqualTo(1);
    }

    @Test
    void what_is_known_answers_until_all_of_it_is_known_under_the_next_key() {
        kgc.revoke(SOMEBODY);
        Deployment.done(watch.refresh());
        announced();
        mesh.hold = true;
        Future<Void> learning = watch.refresh();
        mesh.release();
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
        assertThat(status(ANOTHER)).isEqualTo(Status.GOOD);
        mesh.release();
        Deployment.done(learning);
        assertThat(status(SOMEBODY)).isEqualTo(Status.REVOKED);
    }

    /** A second key, which the provider has heard of. */
    private void announced() {
        kgc.announce(600, 1_200);
        Deployment.done(provider.trust.refresh());
    }

    private Buffer published(int epoch) {
        return Buffer.buffer(kgc.bulletin(kgc.epochs.get(epoch - 1)));
    }

    private Status status(Pseudonym pseudonym) {
        return watch.status(pseudonym, provider.now());
    }

    private List<String> codes() {
        return watch.problems().stream().map(HealthReason::code).toList();
    }
}
