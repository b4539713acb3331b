package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.BusTls;
import io.ferrymesh.mesh.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes that prove themselves to each other on the event bus, and a member that can not. */
@NeedsImage
class BusTlsContainersIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> PARTIES = List.of("kgc", Party.OLD.label(), Party.NEW.label());

    private static ClusterDeployment deployment;

    @BeforeAll
    static void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "bus-tls"), 1, (work, containers) -> {
            TestAuthority authority = new TestAuthority(Files.createDirectory(work.secret("authority")), "cluster");
            for (String party : PARTIES) {
                give(work, party, authority.tls(party));
            }
            return Map.of(
                    "FERRYMESH_EVENTBUS_TLS_CERTIFICATE", Containers.STATE + "/bus-certificate.pem",
                    "FERRYMESH_EVENTBUS_TLS_KEY", Containers.STATE + "/bus-key.pem",
                    "FERRYMESH_EVENTBUS_TLS_CA", Containers.STATE + "/bus-ca.pem");
        });
    }

    @AfterAll
    static void stop() throws Exception {
        if (deployment != null) {
            deployment.close();
        }
    }

    @Test
    void everything_arrives_over_a_bus_of_which_a_member_without_a_certificate_hears_nothing() throws Exception {
        ClusterUser user = new ClusterUser(deployment, "user");
        ClusterMove first = user.write("first/", 0, 10_000, 20 << 20);
        user.begin(first);
        user.requireArrived(first, PATIENCE);
        ClusterMove waiting = user.write("waiting/", 1_000);
        user.allow(waiting);
        try (StrangerContainer stranger = StrangerContainer.start(deployment, Stranger.DROPS)) {
            // It is a member of Hazelcast's cluster, which has no TLS, and reads what is there.
            Until.isTrue(() -> stranger.heard().contains("entry "));
            ClusterMove second = user.write("second/", 0, 10_000, 20 << 20);
            user.begin(second);
            user.requireArrived(second, PATIENCE);
            assertThat(stranger.heard()).doesNotContain(Stranger.MESSAGE);
        }
    }

    private static void give(WorkDirectory work, String party, BusTls tls) throws Exception {
        Path state = work.state(party);
        Path unused = Files.copy(tls.certificate(), state.resolve("bus-certificate.pem"));
        unused = Files.copy(tls.key(), state.resolve("bus-key.pem"));
        unused = Files.copy(tls.authorities(), state.resolve("bus-ca.pem"));
        work.give(state);
    }
}
