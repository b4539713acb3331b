package io.ferrymesh.mesh.bus;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import io.ferrymesh.mesh.JavaObjects;
import io.ferrymesh.mesh.MeshOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        Path file = file(
                """
                  <cluster-name>north</cluster-name>
                  <network>
                    <port>5801</port>
                    <join>
                      <multicast enabled="false"/>
                      <kubernetes enabled="true"><service-dns>others</service-dns></kubernetes>
                    </join>
                  </network>
                """);
        Config config = HazelcastSettings.of(
                MeshOptions.builder().clusterXml(file).dns(List.of("members")).build());
        JoinConfig join = config.getNetworkConfig().getJoin();
        assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
        assertThat(join.getDiscoveryConfig().getDiscoveryStrategyConfigs())
                .extracting(HazelcastSettingsTest::asked)
                .containsExactly("members:5801");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<jet enabled='true'/> | jet",
                "<jet resource-upload-enabled='true'/> | jet resource-upload",
                "<user-code-deployment enabled='true'/> | user-code-deployment",
                "<management-center scripting-enabled='true'/> | management-center scripting",
                "<management-center console-enabled='true'/> | management-center console",
                "<network><rest-api enabled='true'/></network> | rest-api",
                "<network><memcache-protocol enabled='true'/></network> | memcache-protocol",
                "<network><join><multicast enabled='true'/></join></network> | multicast",
                "<advanced-network enabled='true'><member-server-socket-endpoint-config/></advanced-network>"
                        + " | advanced-network",
            })
    void a_file_that_turns_on_what_is_not_used_is_refused(String xml, String what) throws Exception {
        Path file = file(xml);
        assertThatThrownBy(() -> HazelcastSettings.of(MeshOptions.builder()
                        .clusterXml(file)
                        .clusterName("north")
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("clusterXml must leave " + what + " off: enabled");
    }

    @Test
    void limits_hold_whatever_a_file_says() throws Exception {
        Path file = file(
                """
                  <properties>
                    <property name="hazelcast.phone.home.enabled">true</property>
                    <property name="hazelcast.socket.bind.any">true</property>
                  </properties>
                  <serialization>
                    <java-serialization-filter defaults-disabled="false">
                      <whitelist><prefix>java</prefix></whitelist>
                    </java-serialization-filter>
                  </serialization>
                """);
        Config config = HazelcastSettings.of(MeshOptions.builder()
                .clusterXml(file)
                .clusterName("north")
                .members(List.of("127.0.0.1"))
                .build());
        JavaSerializationFilterConfig filter =
                requireNonNull(config.getSerializationConfig().getJavaSerializationFilterConfig());
        assertThat(filter.isDefaultsDisabled()).isTrue();
        assertThat(filter.getWhitelist().getClasses()).isEqualTo(JavaObjects.CLASSES);
        assertThat(filter.getWhitelist().getPrefixes()).isEmpty();
        assertThat(filter.getWhitelist().getPackages()).isEmpty();
        assertThat(config.getClassLoader()).isSameAs(HazelcastClasses.ONLY);
        assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
        assertThat(config.getManagementCenterConfig().isDataAccessEnabled()).isFalse();
        assertThat(config.getNetworkConfig().getJoin().isAutoDetectionEnabled()).isFalse();
    }

    @Test
    void a_cluster_that_nobody_named_or_that_finds_nobody_by_a_name_is_refused() throws Exception {
        Path file = file("<network><port>5801</port></network>");
        assertThatThrownBy(() -> HazelcastSettings.of(MeshOptions.builder()
                        .clusterXml(file)
                        .members(List.of("127.0.0.1"))
                        .build()))
                .hasMessage("clusterName must be set where clusterXml has no cluster-name of its own: dev");
        assertThatThrownBy(() -> HazelcastSettings.of(MeshOptions.builder()
                        .clusterXml(file)
                        .clusterName("north")
                        .build()))
                .hasMessage("members or dns must be set where clusterXml has no way to join: none");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(
                directory.resolve("hazelcast.xml"),
                "<hazelcast xmlns=\"http://www.hazelcast.com/schema/config\">" + content + "</hazelcast>");
    }

    private static String asked(DiscoveryStrategyConfig lookup) {
        return lookup.getProperties().get("service-dns") + ":"
                + lookup.getProperties().get("service-port");
    }
}
