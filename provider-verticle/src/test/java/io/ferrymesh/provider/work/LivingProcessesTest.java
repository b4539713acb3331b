package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class LivingProcessesTest {

    private final Site site;

    LivingProcessesTest(TestDatabase databases) {
        site = new Site(databases);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void who_beats_or_is_new_lives_and_who_stands_still_or_left_does_not() {
        Site.Node beating = site.process();
        Site.Node still = site.process();
        Site.Node leaving = site.process();
        beating.turn();
        still.turn();
        leaving.turn();
        Map<String, Long> first = LivingProcesses.look(site.database);
        assertThat(first).hasSize(3);
        assertThat(LivingProcesses.living(first, LivingProcesses.look(site.database)))
                .isZero();

        site.pass(2_000);
        beating.turn();
        leaving.work().handOver();
        Site.Node fresh = site.process();
        fresh.turn();
        Map<String, Long> second = LivingProcesses.look(site.database);
        assertThat(second).hasSize(3);
        assertThat(LivingProcesses.living(first, second)).isEqualTo(2);
    }
}
