package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.it.User;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two providers that grow from one node to three and shrink to one again, none of which was there at first, while users move. */
@NeedsImage
class ScaleIT {

    private static final int MOST = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** A slow migration takes five minutes with its limit, and seconds without. */
    private static final long SLOWLY = 50_000;

    private static final long[] MUCH = sizes(150, 100_000);
    private static final long[] LITTLE = sizes(10, 50_000);

    /** What each size begins besides a slow one: as many as an account may have running. */
    private static final int QUICK = 3;

    /** So often some are begun until every node has had one. */
    private static final int ROUNDS = 15;

    private ClusterDeployment deployment;
    private final List<Begun> slow = new ArrayList<>();
    private final List<Begun> quick = new ArrayList<>();

    /** A migration and whose it is. */
    private record Begun(ClusterUser user, ClusterMove move) {

        void requireArrived() throws Exception {
            user.requireArrived(move, PATIENCE);
        }
    }

    @BeforeEach
    void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "scale"), 1);
    }

    @AfterEach
    void stop() throws Exception {
        deployment.close();
    }

    @Test
    void all_that_was_begun_arrives_while_providers_grow_to_three_nodes_and_shrink_to_another_one() throws Exception {
        List<String> first = names();
        requireMembers(1);
        beginSome("of-one");
        for (int size = 2; size <= MOST; size++) {
            onBoth(deployment::add);
            requireMembers(size);
            beginSome("of-" + size);
        }
        requireAllWork();
        for (int size = MOST - 1; size >= 1; size--) {
            onBoth(party -> {
                deployment.removeOldest(party);
                return deployment;
            });
            requireMembers(size);
            beginSome("of-" + size + "-again");
        }
        assertThat(names()).hasSize(Party.values().length).doesNotContainAnyElementsOf(first);
        assertThat(User.over(slow.get(0).user().view(slow.get(0).move())))
                .as("the first migration has ended before the last node went, so it shows nothing")
                .isFalse();
        requireAllArrived();
    }

    private void beginSome(String name) throws Exception {
        ClusterUser user = new ClusterUser(deployment, name);
        ClusterMove slowly = user.write("slow/", MUCH);
        user.begin(slowly, SLOWLY);
        slow.add(new Begun(user, slowly));
        quick.addAll(beginQuick(user, "quick"));
        user.awaitMoved(slowly, 1);
    }

    private List<Begun> beginQuick(ClusterUser user, String name) throws Exception {
        List<Begun> all = new ArrayList<>();
        for (int i = 0; i < QUICK; i++) {
            ClusterMove move = user.write(name + "-" + i + "/", LITTLE);
            user.begin(move);
            all.add(new Begun(user, move));
        }
        return all;
    }

    /** Every new provider's node has completed a migration, every old one's has sent something. */
    private void requireAllWork() throws Exception {
        ClusterUser user = new ClusterUser(deployment, "of-all");
        for (int i = 0; i < ROUNDS && !idle().isEmpty(); i++) {
            for (Begun each : beginQuick(user, "round-" + i)) {
                each.requireArrived();
            }
        }
        assertThat(idle()).as("nodes that did nothing").isEmpty();
    }

    private List<String> idle() throws Exception {
        List<String> idle = new ArrayList<>();
        for (ClusterNode node : deployment.nodes(Party.OLD)) {
            if (node.figure("ferrymesh_mesh_carried_total", "what=\"streams_bus\"") == 0) {
                idle.add(node.name());
            }
        }
        for (ClusterNode node : deployment.nodes(Party.NEW)) {
            if (node.figure("ferrymesh_provider_runs_total", "code=\"completed\"") == 0) {
                idle.add(node.name());
            }
        }
        return idle;
    }

    private void requireAllArrived() throws Exception {
        for (Begun each : slow) {
            each.user().unlimit(each.move());
        }
        for (Begun each : Stream.concat(slow.stream(), quick.stream()).toList()) {
            each.requireArrived();
        }
    }

    /** Every node sees the key centre, and so many of either provider. */
    private void requireMembers(int size) throws Exception {
        double members = 1 + (double) Party.values().length * size;
        for (ClusterNode node : all()) {
            Until.is(members, () -> node.figure("ferrymesh_mesh_members"));
            Until.is((double) size, () -> node.figure("ferrymesh_provider_instances"));
        }
    }

    private List<String> names() {
        return all().stream().map(ClusterNode::name).toList();
    }

    private List<ClusterNode> all() {
        return Stream.of(Party.values())
                .flatMap(party -> deployment.nodes(party).stream())
                .toList();
    }

    /** What is done to a provider; what it returns is of no interest. */
    private interface Change {
        Object of(Party party) throws Exception;
    }

    private static void onBoth(Change change) {
        ClusterDeployment.together(Stream.of(Party.values()).map(party -> () -> {
                    Object unused = change.of(party);
                }))
                .join();
    }

    private static long[] sizes(int count, long each) {
        long[] all = new long[count];
        Arrays.fill(all, each);
        return all;
    }
}
