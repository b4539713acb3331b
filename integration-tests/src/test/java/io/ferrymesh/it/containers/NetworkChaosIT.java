package io.ferrymesh.it.containers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of migrations when the network between nodes is cut, or loses what is sent. */
@NeedsChaosImage
class NetworkChaosIT {

    /** Longer than the silence that makes the cluster drop a member, ten seconds. */
    private static final Duration LONGER_THAN_A_MEMBER_IS_MISSED = Duration.ofSeconds(16);

    private static final String LOSSY = "iptables -A %s -%s %s -m statistic --mode random --probability 0.03 -j DROP";

    private static ClusterDeployment deployment;
    private static List<ClusterUser> users;

    @BeforeAll
    static void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "network-chaos"), 2);
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
    void a_node_that_was_cut_off_comes_back_and_nothing_is_lost(Party party) throws Exception {
        Moves moves = Moves.begin(users);
        ClusterNode cut = deployment.busiest(party);
        cut.disconnect();
        Until.over(LONGER_THAN_A_MEMBER_IS_MISSED);
        cut.reconnect();
        moves.requireArrived();
        requireWhole();
    }

    @Test
    void two_halves_of_the_cluster_find_together_and_nothing_is_lost() throws Exception {
        Moves moves = Moves.begin(users);
        List<ClusterNode> half = List.of(
                deployment.nodes(Party.OLD).get(1), deployment.nodes(Party.NEW).get(1));
        String cut = deployment.all().stream()
                .filter(each -> !half.contains(each))
                .map(ClusterNode::memberAddress)
                .map(other ->
                        "iptables -A INPUT -s %s -j DROP; iptables -A OUTPUT -d %s -j DROP".formatted(other, other))
                .collect(Collectors.joining("; "));
        for (ClusterNode each : half) {
            each.inNetwork(cut);
        }
        Until.over(LONGER_THAN_A_MEMBER_IS_MISSED);
        for (ClusterNode each : half) {
            each.inNetwork("iptables -F");
        }
        moves.requireArrived();
        requireWhole();
    }

    @Test
    void one_packet_in_thirty_that_is_lost_both_ways_does_no_harm() throws Exception {
        ClusterNode lossy = deployment.nodes(Party.NEW).get(0);
        String own = lossy.memberAddress();
        lossy.inNetwork(LOSSY.formatted("INPUT", "d", own) + "; " + LOSSY.formatted("OUTPUT", "s", own));
        Moves moves = Moves.begin(users);
        moves.requireArrived();
        lossy.inNetwork("iptables -F");
        requireWhole();
    }

    /** All nodes see each other, and new migrations arrive. */
    private static void requireWhole() throws Exception {
        deployment.requireWhole();
        Moves.begin(users).requireArrived();
    }
}
