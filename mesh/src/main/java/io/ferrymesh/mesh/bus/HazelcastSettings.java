package io.ferrymesh.mesh.bus;

import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryConfig;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.kubernetes.HazelcastKubernetesDiscoveryStrategyFactory;
import io.ferrymesh.mesh.MeshOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Hazelcast's configuration: the packaged cluster.xml or a given file, and over it what the options say. */
final class HazelcastSettings {

    private static final String PACKAGED = "/io/ferrymesh/mesh/cluster.xml";

    private HazelcastSettings() {}

    static Config of(MeshOptions options) throws IOException {
        Config config = load(options);
        options.clusterName().ifPresent(config::setClusterName);
        Hardening.refuseWhatIsNotUsed(config);
        Hardening.limitClasses(config);
        Membership.announce(config, options);
        // Only what was asked for is listened on, whatever the file says.
        config.setProperty("hazelcast.local.localAddress", options.host());
        config.setProperty("hazelcast.socket.bind.any", "false");
        if (options.host().contains(":")) {
            config.setProperty("hazelcast.prefer.ipv4.stack", "false");
        }
        NetworkConfig network = config.getNetworkConfig();
        options.publicHost().ifPresent(network::setPublicAddress);
        options.clusterPort().ifPresent(port -> network.setPort(port).setPortAutoIncrement(false));
        if (!options.members().isEmpty()) {
            alone(network.getJoin()).getTcpIpConfig().setEnabled(true).setMembers(options.members());
        }
        if (!options.dns().isEmpty()) {
            alone(network.getJoin()).setDiscoveryConfig(lookups(options.dns(), network.getPort()));
            config.setProperty("hazelcast.discovery.enabled", "true");
        }
        Hardening.requireExplicitMembers(config);
        return config;
    }

    /** Without any way to join. */
    private static JoinConfig alone(JoinConfig join) {
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(false);
        List.of(
                        join.getKubernetesConfig(),
                        join.getAwsConfig(),
                        join.getGcpConfig(),
                        join.getAzureConfig(),
                        join.getEurekaConfig())
                .forEach(discovery -> discovery.setEnabled(false));
        return join;
    }

    /** Hazelcast's discovery for Kubernetes by DNS, once for each name: it takes one, and all that is found counts. */
    private static DiscoveryConfig lookups(List<String> names, int port) {
        DiscoveryConfig discovery = new DiscoveryConfig();
        for (String name : names) {
            DiscoveryStrategyConfig lookup =
                    new DiscoveryStrategyConfig(new HazelcastKubernetesDiscoveryStrategyFactory());
            lookup.addProperty("service-dns", name);
            lookup.addProperty("service-port", Integer.toString(port));
            discovery.addDiscoveryStrategyConfig(lookup);
        }
        return discovery;
    }

    private static Config load(MeshOptions options) throws IOException {
        Path file = options.clusterXml().orElse(null);
        try (InputStream xml =
                file == null ? HazelcastSettings.class.getResourceAsStream(PACKAGED) : Files.newInputStream(file)) {
            if (xml == null) {
                throw new IOException("cluster.xml is not packaged");
            }
            return new XmlConfigBuilder(xml).build();
        } catch (InvalidConfigurationException e) {
            throw new IllegalArgumentException(
                    "clusterXml must be a valid Hazelcast XML file: " + (file == null ? PACKAGED : file), e);
        }
    }
}
