package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two processes that work by themselves, as they do in a provider. */
@OnEachDatabase
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
        one.work().start();
        one.work().attach(one.engine());
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        assertThat(next(atOne)).isEqualTo("offer " + grant.id());
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        assertThat(next(atOne)).isEqualTo("begin " + migration.id());

        two.work().start();
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
    void hand_over_does_not_wait_for_anybody_to_be_taken_for_dead() throws Exception {
        NewGrant grant = site.grant();
        one.work().start();
        one.work().attach(one.engine());
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        assertThat(next(atOne)).isEqualTo("offer " + grant.id());

        one.work().handOver();
        assertThat(next(atOne)).isEqualTo("release " + grant.id());
        assertThat(site.count("SELECT COUNT(*) FROM instance")).isZero();
        two.work().start();
        two.work().attach(two.engine());

        assertThat(next(atTwo)).isEqualTo("offer " + grant.id());
    }

    private static String next(BlockingQueue<String> calls) throws InterruptedException {
        String call = calls.poll(30, TimeUnit.SECONDS);
        return call == null ? "nothing" : call;
    }
}
