package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import java.util.ArrayList;
import java.util.List;
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
    void who_beats_within_a_whole_lease_or_is_new_lives_and_who_stands_still_or_left_does_not() throws Exception {
        Site.Node beating = site.process();
        Site.Node still = site.process();
        Site.Node leaving = site.process();
        List<Long> waited = new ArrayList<>();

        long living = LivingProcesses.count(site.database, 90_000, ms -> {
            waited.add(ms);
            site.pass(2_000);
            beating.turn(); // whenever it is: it is waited for as long as one may be silent
            leaving.work().handOver();
            Site.Node unused = site.process();
        });

        assertThat(living).isEqualTo(2);
        assertThat(still.engine().calls).isEmpty();
        assertThat(waited).containsExactly(90_000L);
    }

    @Test
    void nobody_lives_where_all_stand_still() throws Exception {
        Site.Node one = site.process();
        Site.Node two = site.process();
        assertThat(one).isNotEqualTo(two);

        assertThat(LivingProcesses.count(site.database, 10_000, ms -> site.pass(ms)))
                .isZero();
    }

    @Test
    void nobody_is_waited_for_where_nobody_is() throws Exception {
        assertThat(LivingProcesses.count(site.database, 10_000, ms -> {
                    throw new IllegalStateException("waited " + ms);
                }))
                .isZero();
    }
}
