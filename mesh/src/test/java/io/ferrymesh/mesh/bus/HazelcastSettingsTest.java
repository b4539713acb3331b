package io.ferrymesh.mesh.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.JoinConfig;
import io.ferrymesh.mesh.MeshOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HazelcastSettingsTest {

    private static final String DISCOVERY = "hazelcast.discovery.enabled";

    @TempDir
    private Path directory;

    @Test
    void the_packaged_file_looks_on_loopback_only() throws Exception {
        Config config = HazelcastSettings.of(MeshOptions.builder().build());
        JoinConfig join = config.getNetworkConfig().getJoin();
        assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
        assertThat(join.getTcpIpConfig().getMembers()).containsExactly("127.0.0.1");
        assertThat(config.getProperty(DISCOVERY)).isNull();
    }

    @Test
    void each_name_is_looked_up_for_itself_at_the_own_port_and_nothing_else_joins() throws Exception {
        Config config = HazelcastSettings.of(MeshOptions.builder()
                .clusterPort(5777)
                .dns(List.of("old-members.old.svc", "new-members.new.svc"))
                .build());
        JoinConfig join = config.getNetworkConfig().getJoin();
        assertThat(config.getProperty(DISCOVERY)).isEqualTo("true");
        assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
        assertThat(join.getMulticastConfig().isEnabled()).isFalse();
        assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
        assertThat(join.getDiscoveryConfig().getDiscoveryStrategyConfigs())
                .extracting(HazelcastSettingsTest::asked)
                .containsExactly("old-members.old.svc:5777", "new-members.new.svc:5777");
    }

    @Test
    void names_replace_whatever_way_to_join_a_given_file_has() throws Exception {
        Path file = Files.writeString(
                directory.resolve("hazelcast.xml"),
                """
                <hazelcast xmlns="http://www.hazelcast.com/schema/config">
                  <network>
                    <port>5801</port>
                    <join>
                      <multicast enabled="false"/>
                      <kubernetes enabled="true"><service-dns>others</service-dns></kubernetes>
                    </join>
                  </network>
                </hazelcast>
                """);
        Config config = HazelcastSettings.of(
                MeshOptions.builder().clusterXml(file).dns(List.of("members")).build());
        JoinConfig join = config.getNetworkConfig().getJoin();
        assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
        assertThat(join.getDiscoveryConfig().getDiscoveryStrategyConfigs())
                .extracting(HazelcastSettingsTest::asked)
                .containsExactly("members:5801");
    }

    private static String asked(DiscoveryStrategyConfig lookup) {
        return lookup.getProperties().get("service-dns") + ":"
                + lookup.getProperties().get("service-port");
    }
}
