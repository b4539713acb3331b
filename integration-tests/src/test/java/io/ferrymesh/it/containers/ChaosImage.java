package io.ferrymesh.it.containers;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/** A shell with iptables; docker/build-stand-ins makes it. */
final class ChaosImage {

    static final String TAG = "ferrymesh-chaos:local";

    private static final Duration GENEROUS = Duration.ofMinutes(1);

    private ChaosImage() {}

    /** Makes a container that is over when its script is; starting it waits for that, and fails when the script does. */
    static GenericContainer<?> container(Map<String, String> labels, String script) {
        return new GenericContainer<>(DockerImageName.parse(TAG))
                .withLabels(labels)
                .withCommand("sh", "-euc", script)
                .withCreateContainerCmdModifier(create -> {
                    HostConfig unused = Containers.hostOf(create).withCapAdd(Capability.NET_ADMIN);
                })
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(GENEROUS));
    }
}
