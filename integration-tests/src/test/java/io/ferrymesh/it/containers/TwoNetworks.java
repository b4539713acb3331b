package io.ferrymesh.it.containers;

import com.github.dockerjava.api.model.ContainerNetwork;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/** A container that is on two networks before its process starts, under a name of its own on either. */
final class TwoNetworks extends GenericContainer<TwoNetworks> {

    private final Network second;
    private final String secondName;

    TwoNetworks(String image, Network first, String firstName, Network second, String secondName) {
        super(DockerImageName.parse(image));
        TwoNetworks unused = withNetwork(first).withNetworkAliases(firstName);
        this.second = second;
        this.secondName = secondName;
    }

    @Override
    protected void containerIsCreated(String id) {
        connect(second, id, secondName);
    }

    /** Puts a container on a network under a name. */
    static void connect(Network network, String id, String name) {
        Containers.docker()
                .connectToNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(id)
                .withContainerNetwork(new ContainerNetwork().withAliases(name))
                .exec();
    }
}
