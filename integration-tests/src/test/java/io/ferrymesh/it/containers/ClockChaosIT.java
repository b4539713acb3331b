package io.ferrymesh.it.containers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of migrations when nodes' clocks are wrong. */
@NeedsChaosImage
class ClockChaosIT {

    private static final long SLOWLY = 1_000_000;

    private static ClusterDeployment deployment;
    private static List<ClusterUser> users;

    @BeforeAll
    static void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "clock-chaos"), 2);
        users = Moves.users(deployment);
        for (Party party : Party.values()) {
            ChaosImage.putClock(deployment.work().state(party.label()));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (deployment != null) {
            deployment.close();
        }
    }

    @Test
    void clocks_that_are_twenty_seconds_off_make_no_difference() throws Exception {
        ClusterNode unused = set(Party.OLD, "+20s");
        unused = set(Party.NEW, "-20s");
        Moves.begin(users).requireArrived();
        unused = set(Party.OLD, "-20s");
        unused = set(Party.NEW, "+20s");
        Moves.begin(users).requireArrived();
    }

    @Test
    void what_ran_while_a_clock_was_three_minutes_off_arrives_when_it_is_right_again() throws Exception {
        Moves moves = Moves.begin(users, SLOWLY);
        ClusterNode early = set(Party.NEW, "+3m");
        ClusterNode late = set(Party.OLD, "-3m");
        ClusterNode unused = deployment.replace(early);
        unused = deployment.replace(late);
        moves.requireArrived();
    }

    /** Puts another node in place of the first of a provider's, with a clock that is wrong by as much. */
    private static ClusterNode set(Party party, String off) throws Exception {
        Map<String, String> clock = ChaosImage.clock(Containers.STATE, off);
        return deployment.replace(deployment.nodes(party).get(0), clock);
    }
}
