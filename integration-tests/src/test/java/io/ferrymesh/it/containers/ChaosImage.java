package io.ferrymesh.it.containers;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/** A shell with iptables and a library that sets a process's clock wrong; docker/build-stand-ins makes it. */
final class ChaosImage {

    static final String TAG = "ferrymesh-chaos:local";

    private static final String OUT = "/out";
    private static final String LIBRARY = "libfaketime.so";
    private static final Duration GENEROUS = Duration.ofMinutes(1);

    private ChaosImage() {}

    /** Makes a container that is over when its script is; starting it waits for that, and fails when the script does. */
    static GenericContainer<?> container(Map<String, String> labels, List<Bind> binds, String script) {
        return new GenericContainer<>(DockerImageName.parse(TAG))
                .withLabels(labels)
                .withCommand("sh", "-euc", script)
                .withCreateContainerCmdModifier(create -> {
                    HostConfig unused =
                            Containers.hostOf(create).withBinds(binds).withCapAdd(Capability.NET_ADMIN);
                })
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(GENEROUS));
    }

    /** Puts the library that sets clocks wrong into a directory. */
    static void putClock(Path directory) {
        List<Bind> binds = List.of(new Bind(directory.toString(), new Volume(OUT), AccessMode.rw));
        try (GenericContainer<?> copy = container(Map.of(), binds, "cp /usr/lib/" + LIBRARY + " " + OUT)) {
            copy.withNetworkMode("none").start();
        }
    }

    /** The environment in which a JVM's clock is off, as "+3m" or "-20s" has it; how fast it goes, and timers, stay right. */
    static Map<String, String> clock(String directory, String off) {
        return Map.of("LD_PRELOAD", directory + "/" + LIBRARY, "FAKETIME", off, "FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
}
