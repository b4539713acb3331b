package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.NewMigration;
import io.vertx.core.Promise;
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
