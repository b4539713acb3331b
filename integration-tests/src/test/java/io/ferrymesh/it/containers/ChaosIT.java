package io.ferrymesh.it.containers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of migrations when processes end, or stand still, in the middle of them. */
@NeedsImage
class ChaosIT {

    /** Longer than the lease in the database and the silence that makes the cluster drop a member, both ten seconds. */
    private static final Duration LONGER_THAN_THE_LEASE = Duration.ofSeconds(16);

    /** So that migrations last for as long as five nodes take to restart. */
    private static final long SLOWLY = 500_000;

    private static ClusterDeployment deployment;
    private static List<ClusterUser> users;

    @BeforeAll
    static void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "chaos"), 2);
        users = Moves.users(deployment);
    }

    @AfterAll
    static void stop() throws Exception {
        if (deployment != null) {
            deployment.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Party.class)
    void another_node_takes_over_from_a_killed_one(Party party) throws Exception {
        Moves moves = Moves.begin(users);
        ClusterNode killed = deployment.busiest(party);
        killed.kill();
        moves.requireArrived();
        killed.startAgain();
    }

    @ParameterizedTest
    @EnumSource(Party.class)
    void a_killed_node_that_starts_again_loses_nothing(Party party) throws Exception {
        Moves moves = Moves.begin(users);
        ClusterNode killed = deployment.busiest(party);
        killed.kill();
        killed.startAgain();
        moves.requireArrived();
    }

    @Test
    void migrations_survive_the_key_centre() throws Exception {
        Moves moves = Moves.begin(users);
        deployment.kgc().kill();
        deployment.kgc().startAgain();
        moves.requireArrived();
    }

    @ParameterizedTest
    @EnumSource(Party.class)
    void a_node_that_stood_still_for_longer_than_its_lease_spoils_nothing(Party party) throws Exception {
        Moves moves = Moves.begin(users);
        ClusterNode still = deployment.busiest(party);
        still.pause();
        Until.over(LONGER_THAN_THE_LEASE);
        still.unpause();
        moves.requireArrived();
        still.awaitReady();
    }

    @Test
    void every_node_is_restarted_in_order_while_migrations_run() throws Exception {
        Moves moves = Moves.begin(users, SLOWLY);
        for (ClusterNode node : deployment.all()) {
            node.stop();
            node.startAgain();
        }
        moves.requireArrived();
    }
}
