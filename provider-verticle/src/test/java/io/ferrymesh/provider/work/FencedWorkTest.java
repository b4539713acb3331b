package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.vertx.core.Promise;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that could not show for long that it lives. */
@OnEachDatabase
class FencedWorkTest {

    private final Site site;

    FencedWorkTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void what_it_lets_go_of_while_it_looks_has_not_failed() {
        Site.Node node = site.process();
        Site.Node other = site.process();
        NewMigration migration = site.migration();
        var unused = node.work().migrations().create(site.account(1), migration);
        node.turn();
        node.engine().asked = () -> {
            node.engine().asked = () -> {};
            site.pass(7_000);
            node.work().watch();
            node.engine().fails(migration.id(), ErrorCode.CANCELLED, true);
        };

        node.turn();

        assertThat(node.engine().calls).contains("stop " + migration.id());
        assertThat(site.value(String.class, "SELECT state FROM migration WHERE id = :id", migration.id()))
                .isEqualTo("CONNECTING");
        site.outlive(other);
        assertThat(other.engine().calls).containsExactly("begin " + migration.id());
    }

    @Test
    void a_grant_that_it_lets_go_of_while_it_looks_goes_on_elsewhere() {
        Site.Node node = site.process();
        Site.Node other = site.process();
        NewGrant grant = site.grant();
        var unused = node.work().grants().create(site.account(1), grant);
        node.turn();
        node.engine().asked = () -> {
            node.engine().asked = () -> {};
            site.pass(7_000);
            node.work().watch();
            node.engine().source(grant.id(), GrantState.WITHDRAWN, Optional.empty());
        };
        site.pass(60_000); // so that it looks at those that only wait, too

        node.turn();

        assertThat(node.engine().calls).contains("release " + grant.id());
        assertThat(site.value(String.class, "SELECT state FROM grant_offer WHERE id = :id", grant.id()))
                .isEqualTo("WAITING");
        site.outlive(other);
        assertThat(other.engine().calls).containsExactly("offer " + grant.id());
    }

    @Test
    void it_takes_on_nothing_before_what_it_let_go_of_has_stopped() {
        Site.Node node = site.process();
        NewMigration migration = site.migration();
        var unused = node.work().migrations().create(site.account(1), migration);
        node.turn();
        assertThat(node.engine().calls).containsExactly("begin " + migration.id());
        Promise<Void> stopped = Promise.promise();
        node.engine().stopping = stopped.future();

        site.pass(7_000);
        node.work().watch();
        for (int i = 0; i < 8; i++) { // the row of whom it was is taken for dead meanwhile
            site.pass(2_000);
            node.turn();
        }
        assertThat(site.count("SELECT COUNT(*) FROM instance")).isEqualTo(1);
        assertThat(node.engine().calls).containsExactly("begin " + migration.id(), "stop " + migration.id());

        stopped.complete();
        node.turn();
        assertThat(node.engine().calls)
                .containsExactly("begin " + migration.id(), "stop " + migration.id(), "begin " + migration.id());
    }
}
