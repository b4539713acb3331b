package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes that work by themselves, as they do in a provider. */
@OnEachDatabase
@Timeout(60)
class LivingWorkTest {

    private final Site site;
    private final Node one;
    private final Node two;
    private final Account alice;
    private final BlockingQueue<String> atOne = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> atTwo = new LinkedBlockingQueue<>();

    LivingWorkTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        one = site.living();
        two = site.living();
        one.engine().heard = atOne::add;
        two.engine().heard = atTwo::add;
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void what_a_process_leaves_behind_goes_on_elsewhere_and_what_users_want_is_heard() throws Exception {
        NewGrant grant = site.grant();
        NewMigration migration = site.migration();
        one.work().attach(one.engine());
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        assertThat(next(atOne)).isEqualTo("offer " + grant.id());
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        assertThat(next(atOne)).isEqualTo("begin " + migration.id());

        two.work().attach(two.engine());
        one.work().close(); // as a kill -9 would
        assertThat(java.util.List.of(next(atTwo), next(atTwo)))
                .containsExactlyInAnyOrder("offer " + grant.id(), "begin " + migration.id());

        assertThat(one.work().migrations().pause(alice, migration.id()).state()).isEqualTo(State.PAUSED);
        assertThat(next(atTwo)).isEqualTo("stop " + migration.id());
        one.work().grants().withdraw(alice, grant.id());
        assertThat(next(atTwo)).isEqualTo("withdraw " + grant.id());
    }

    @Test
    void a_process_lives_before_it_has_an_engine() {
        one.work().live();
        while (!one.work().isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(site.count("SELECT COUNT(*) FROM instance")).isEqualTo(1);
        assertThat(one.engine().calls).isEmpty();

        one.work().handOver();

        assertThat(site.count("SELECT COUNT(*) FROM instance")).isZero();
        assertThat(one.work().isAlive()).isFalse();
        one.work().attach(one.engine()); // too late, and no harm
    }

    @Test
    void hand_over_does_not_wait_for_anybody_to_be_taken_for_dead() throws Exception {
        NewGrant grant = site.grant();
        one.work().attach(one.engine());
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        assertThat(next(atOne)).isEqualTo("offer " + grant.id());

        one.work().handOver();
        assertThat(next(atOne)).isEqualTo("release " + grant.id());
        assertThat(site.count("SELECT COUNT(*) FROM instance")).isZero();
        two.work().attach(two.engine());

        assertThat(next(atTwo)).isEqualTo("offer " + grant.id());
    }

    @Test
    void a_process_shows_that_it_lives_until_what_it_hands_over_has_stopped() throws Exception {
        NewMigration migration = site.migration();
        one.work().attach(one.engine());
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        assertThat(next(atOne)).isEqualTo("begin " + migration.id());
        Promise<Void> stopped = Promise.promise();
        one.engine().stopping = stopped.future();

        CompletableFuture<Void> handedOver =
                CompletableFuture.runAsync(() -> one.work().handOver());
        assertThat(next(atOne)).isEqualTo("stop " + migration.id());
        Map<String, Long> before = site.database.read(InstanceTable::beats);
        assertThat(before).hasSize(1);
        while (site.database.read(InstanceTable::beats).equals(before)) {
            assertThat(handedOver).isNotDone();
            Thread.onSpinWait();
        }
        stopped.complete();

        handedOver.join();
        assertThat(site.database.read(InstanceTable::beats)).isEmpty();
    }

    private static String next(BlockingQueue<String> calls) throws InterruptedException {
        String call = calls.poll(30, TimeUnit.SECONDS);
        return call == null ? "nothing" : call;
    }
}
