package io.ferrymesh.mesh.bus;

import com.hazelcast.client.impl.ClientSelectors;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ManagementCenterConfig;
import com.hazelcast.config.MemcacheProtocolConfig;
import com.hazelcast.config.RestApiConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import io.ferrymesh.mesh.JavaObjects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps Hazelcast from doing for others what this project does not use it for. A file that turns such a thing on is refused;
 * what is on by default is turned off, whatever the file says.
 */
final class Hardening {

    private static final String WITHOUT_NAME = "dev"; // what Hazelcast calls a cluster that nobody named

    private Hardening() {}

    static void refuseWhatIsNotUsed(Config config) {
        ManagementCenterConfig management = config.getManagementCenterConfig();
        off("jet", config.getJetConfig().isEnabled());
        off("jet resource-upload", config.getJetConfig().isResourceUploadEnabled());
        off("user-code-deployment", config.getUserCodeDeploymentConfig().isEnabled());
        off("management-center scripting", management.isScriptingEnabled());
        off("management-center console", management.isConsoleEnabled());
        off("advanced-network", config.getAdvancedNetworkConfig().isEnabled());
        off(
                "rest-api",
                Optional.ofNullable(config.getNetworkConfig().getRestApiConfig())
                        .map(RestApiConfig::isEnabled)
                        .orElse(false));
        off(
                "memcache-protocol",
                Optional.ofNullable(config.getNetworkConfig().getMemcacheProtocolConfig())
                        .map(MemcacheProtocolConfig::isEnabled)
                        .orElse(false));
        ManagementCenterConfig unused = management.setDataAccessEnabled(false);
        config.setProperty("hazelcast.phone.home.enabled", "false");
    }

    private static void off(String what, boolean on) {
        if (on) {
            throw new IllegalArgumentException("clusterXml must leave " + what + " off: enabled");
        }
    }

    /** Neither another member nor the file has any class loaded, or object read, but those that are meant to be. */
    static void limitClasses(Config config) {
        config.setClassLoader(HazelcastClasses.ONLY);
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        filter.getWhitelist().addClasses(JavaObjects.CLASSES.toArray(String[]::new));
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
    }

    /** Nobody is joined who merely happens to be on the network. */
    static void requireExplicitMembers(Config config) {
        if (config.getClusterName().equals(WITHOUT_NAME)) {
            throw new IllegalArgumentException(
                    "clusterName must be set where clusterXml has no cluster-name of its own: "
                            + config.getClusterName());
        }
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        off("multicast", join.getMulticastConfig().isEnabled());
        boolean named = join.getTcpIpConfig().isEnabled()
                || !join.getDiscoveryConfig().getDiscoveryStrategyConfigs().isEmpty()
                || Stream.of(
                                join.getKubernetesConfig(),
                                join.getAwsConfig(),
                                join.getGcpConfig(),
                                join.getAzureConfig(),
                                join.getEurekaConfig())
                        .anyMatch(discovery -> discovery.isEnabled());
        if (!named) {
            throw new IllegalArgumentException("members or dns must be set where clusterXml has no way to join: none");
        }
    }

    /** Only members talk to this one: Hazelcast's clients are not let in, and who has come already is sent away. */
    static void refuseClients(HazelcastInstance hazelcast) {
        if (!(hazelcast instanceof HazelcastInstanceProxy proxy)) {
            throw new IllegalStateException("not a member: " + hazelcast.getClass());
        }
        proxy.getOriginal().node.getClientEngine().applySelector(ClientSelectors.none());
    }
}
