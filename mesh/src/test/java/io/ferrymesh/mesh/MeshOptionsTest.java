package io.ferrymesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshOptionsTest {

    @Test
    void an_empty_environment_means_loopback_and_the_packaged_file() {
        MeshOptions options = MeshOptions.fromEnvironment(Map.of("FERRYMESH_CLUSTER_NAME", " "));
        assertThat(options).isEqualTo(MeshOptions.builder().build());
        assertThat(options.host()).isEqualTo("127.0.0.1");
        assertThat(options.clusterPort()).isEmpty();
    }

    @Test
    void every_variable_is_read() {
        MeshOptions options = MeshOptions.fromEnvironment(Map.of(
                "FERRYMESH_CLUSTER_NAME", "north",
                "FERRYMESH_CLUSTER_HOST", "0.0.0.0",
                "FERRYMESH_CLUSTER_PUBLIC_HOST", "node-1.example",
                "FERRYMESH_CLUSTER_PORT", "5800",
                "FERRYMESH_CLUSTER_MEMBERS", "10.0.0.1, node-2:5801,::1,[fe80::1%eth0]:5802,[::1]",
                "FERRYMESH_EVENTBUS_PORT", "5900"));
        assertThat(options.clusterName()).contains("north");
        assertThat(options.host()).isEqualTo("0.0.0.0");
        assertThat(options.publicHost()).contains("node-1.example");
        assertThat(options.clusterPort()).hasValue(5800);
        assertThat(options.members()).containsExactly("10.0.0.1", "node-2:5801", "::1", "[fe80::1%eth0]:5802", "[::1]");
        assertThat(options.eventBusPort()).isEqualTo(5900);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FERRYMESH_CLUSTER_NAME | a b | 1 to 64 letters",
                "FERRYMESH_CLUSTER_XML | /no/such/file.xml | a Hazelcast XML file",
                "FERRYMESH_CLUSTER_HOST | host:5701 | without a port",
                "FERRYMESH_CLUSTER_HOST | http://host | a host name",
                "FERRYMESH_CLUSTER_PUBLIC_HOST | 0.0.0.0 | others can reach",
                "FERRYMESH_CLUSTER_PUBLIC_HOST | :: | others can reach",
                "FERRYMESH_CLUSTER_PORT | 0 | from 1 to 65535",
                "FERRYMESH_CLUSTER_PORT | 65536 | from 1 to 65535",
                "FERRYMESH_CLUSTER_PORT | 99999999999 | from 1 to 65535",
                "FERRYMESH_CLUSTER_PORT | -1 | from 1 to 65535",
                "FERRYMESH_CLUSTER_MEMBERS | a,,b | host:port",
                "FERRYMESH_CLUSTER_MEMBERS | a:0 | host:port",
                "FERRYMESH_CLUSTER_MEMBERS | a:70000 | host:port",
                "FERRYMESH_CLUSTER_MEMBERS | [::1]:0 | host:port",
                "FERRYMESH_CLUSTER_MEMBERS | a b | host:port",
                "FERRYMESH_CLUSTER_DNS | a,,b | a host name",
                "FERRYMESH_CLUSTER_DNS | members:5701 | without a port",
                "FERRYMESH_EVENTBUS_PORT | 65536 | from 0 to 65535",
                "FERRYMESH_EVENTBUS_PORT | x | from 0 to 65535",
            })
    void a_bad_value_is_refused_with_its_key_itself_and_what_would_be_right(String key, String value, String wanted) {
        assertThatThrownBy(() -> MeshOptions.fromEnvironment(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(wanted);
    }

    @Test
    void names_stand_in_place_of_members_and_never_beside_them() {
        MeshOptions options = MeshOptions.fromEnvironment(
                Map.of("FERRYMESH_CLUSTER_DNS", "old-members.old.svc.cluster.local, new-members.new.svc"));
        assertThat(options.dns()).containsExactly("old-members.old.svc.cluster.local", "new-members.new.svc");
        assertThat(options.members()).isEmpty();
        assertThatThrownBy(() -> MeshOptions.fromEnvironment(
                        Map.of("FERRYMESH_CLUSTER_DNS", "members", "FERRYMESH_CLUSTER_MEMBERS", "10.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FERRYMESH_CLUSTER_DNS must be unset where FERRYMESH_CLUSTER_MEMBERS is set: members");
        assertThatThrownBy(() -> MeshOptions.builder()
                        .members(List.of("10.0.0.1"))
                        .dns(List.of("members"))
                        .build())
                .hasMessage("dns must be unset where members is set: members");
    }

    @Test
    void listening_everywhere_needs_an_address_to_be_known_by() {
        for (String everywhere : new String[] {"0.0.0.0", "::", "0:0:0:0:0:0:0:0"}) {
            assertThatThrownBy(() -> MeshOptions.fromEnvironment(Map.of("FERRYMESH_CLUSTER_HOST", everywhere)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "FERRYMESH_CLUSTER_PUBLIC_HOST must be set when FERRYMESH_CLUSTER_HOST is " + everywhere);
        }
    }

    @Test
    void a_peer_timeout_too_short_for_the_heartbeat_is_refused() {
        assertThatThrownBy(() -> MeshOptions.builder()
                        .heartbeatIntervalMs(1_000)
                        .peerTimeoutMs(1_999)
                        .build())
                .hasMessage("peerTimeoutMs must be from 2000 to 3600000: 1999");
    }

    @Test
    void numbers_out_of_bounds_are_refused() {
        assertThatThrownBy(() -> MeshOptions.builder().requestTimeoutMs(0).build())
                .hasMessageStartingWith("requestTimeoutMs must be");
        assertThatThrownBy(() -> MeshOptions.builder().maxStreams(0).build())
                .hasMessageStartingWith("maxStreams must be");
        assertThatThrownBy(() -> MeshOptions.builder().maxRequests(-1).build())
                .hasMessageStartingWith("maxRequests must be");
        assertThatThrownBy(() -> MeshOptions.builder().eventBusPort(-1).build())
                .hasMessageStartingWith("eventBusPort must be");
    }
}
