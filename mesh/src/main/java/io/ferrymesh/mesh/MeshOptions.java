package io.ferrymesh.mesh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a process joins the mesh. Everything is checked here: a bad value is refused with its name, itself, and what would
 * be right. What is empty stays as the Hazelcast file has it.
 *
 * @param clusterName processes join those of the same name
 * @param clusterXml a Hazelcast configuration to use instead of the packaged cluster.xml
 * @param host the address that Hazelcast and the event bus listen on, and no other
 * @param publicHost the address that others reach this process by, if not {@code host}
 * @param clusterPort the port Hazelcast listens on; when empty, the first free one from 5701 on
 * @param members where to look for the cluster, as host or host:port, IPv6 as [host]:port
 * @param dns names that stand for all members' addresses, asked again whenever members are looked for; instead of members,
 *     and all members have the same port
 * @param eventBusPort the port the event bus listens on, 0 for any
 * @param eventBusTls with what members prove themselves on the event bus; when empty, it is plain
 * @param requestTimeoutMs how long a peer may take to answer a request or to accept a stream
 * @param heartbeatIntervalMs how often the ends of a stream say that they are there
 * @param peerTimeoutMs after how long without a word a stream's peer is lost
 * @param maxStreams most ends of streams in this process
 * @param maxRequests most requests of others that this process works on at once, and most of its own that wait
 * @param direct whether it takes part in direct connections
 */
public record MeshOptions(
        Optional<String> clusterName,
        Optional<Path> clusterXml,
        String host,
        Optional<String> publicHost,
        OptionalInt clusterPort,
        List<String> members,
        List<String> dns,
        int eventBusPort,
        Optional<BusTls> eventBusTls,
        long requestTimeoutMs,
        long heartbeatIntervalMs,
        long peerTimeoutMs,
        int maxStreams,
        int maxRequests,
        DirectOptions direct) {

    public MeshOptions {
        members = List.copyOf(members);
        dns = List.copyOf(dns);
        OptionChecks.name("clusterName", clusterName);
        OptionChecks.host("host", host);
        publicHost.ifPresent(h -> OptionChecks.reachable("publicHost", h));
        OptionChecks.advertised(host, publicHost);
        clusterPort.ifPresent(port -> OptionChecks.between("clusterPort", port, 1, 65_535));
        members.forEach(member -> OptionChecks.member("members", member));
        dns.forEach(name -> OptionChecks.host("dns", name));
        OptionChecks.either("dns", dns, "members", members);
        OptionChecks.between("eventBusPort", eventBusPort, 0, 65_535);
        OptionChecks.between("requestTimeoutMs", requestTimeoutMs, 1, 3_600_000);
        OptionChecks.between("heartbeatIntervalMs", heartbeatIntervalMs, 1, 60_000);
        OptionChecks.between("peerTimeoutMs", peerTimeoutMs, 2 * heartbeatIntervalMs, 3_600_000);
        OptionChecks.between("maxStreams", maxStreams, 1, 1_000_000);
        OptionChecks.between("maxRequests", maxRequests, 1, 1_000_000);
        clusterXml.ifPresent(file -> OptionChecks.require(
                Files.isReadable(file), "clusterXml", file.toString(), "a Hazelcast XML file that can be read"));
    }

    /** A process on its own machine: loopback only, the packaged cluster.xml. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads FERRYMESH_CLUSTER_NAME, FERRYMESH_CLUSTER_XML, FERRYMESH_CLUSTER_HOST, FERRYMESH_CLUSTER_PUBLIC_HOST,
     * FERRYMESH_CLUSTER_PORT, FERRYMESH_CLUSTER_MEMBERS, FERRYMESH_CLUSTER_DNS, FERRYMESH_EVENTBUS_PORT,
     * FERRYMESH_EVENTBUS_TLS_CERTIFICATE, FERRYMESH_EVENTBUS_TLS_KEY and FERRYMESH_EVENTBUS_TLS_CA. An empty value is as good
     * as none.
     *
     * @throws IllegalArgumentException for a bad value, with its key, the value, and what would be right
     */
    public static MeshOptions fromEnvironment(Map<String, String> environment) {
        return new Environment(environment).options();
    }

    /** The same with direct connections as said. */
    public MeshOptions with(DirectOptions newDirect) {
        return new MeshOptions(
                clusterName,
                clusterXml,
                host,
                publicHost,
                clusterPort,
                members,
                dns,
                eventBusPort,
                eventBusTls,
                requestTimeoutMs,
                heartbeatIntervalMs,
                peerTimeoutMs,
                maxStreams,
                maxRequests,
                newDirect);
    }

    /** Collects options; {@link #build} checks them. */
    public static final class Builder {
        private Optional<String> clusterName = Optional.empty();
        private Optional<Path> clusterXml = Optional.empty();
        private String host = "127.0.0.1";
        private Optional<String> publicHost = Optional.empty();
        private OptionalInt clusterPort = OptionalInt.empty();
        private List<String> members = List.of();
        private List<String> dns = List.of();
        private int eventBusPort;
        private Optional<BusTls> eventBusTls = Optional.empty();
        private long requestTimeoutMs = 10_000;
        private long heartbeatIntervalMs = 2_000;
        private long peerTimeoutMs = 10_000;
        private int maxStreams = 20_000;
        private int maxRequests = 1_024;
        private DirectOptions direct = DirectOptions.OFF;

        private Builder() {}

        /** Processes join those of the same name. */
        public Builder clusterName(String newClusterName) {
            clusterName = Optional.of(newClusterName);
            return this;
        }

        /** A Hazelcast configuration to use instead of the packaged one. */
        public Builder clusterXml(Path newClusterXml) {
            clusterXml = Optional.of(newClusterXml);
            return this;
        }

        /** The address to listen on. */
        public Builder host(String newHost) {
            host = newHost;
            return this;
        }

        /** The address that others use. */
        public Builder publicHost(String newPublicHost) {
            publicHost = Optional.of(newPublicHost);
            return this;
        }

        /** The port Hazelcast listens on; no other is tried. */
        public Builder clusterPort(int newClusterPort) {
            clusterPort = OptionalInt.of(newClusterPort);
            return this;
        }

        /** Where to look for the cluster. */
        public Builder members(List<String> newMembers) {
            members = newMembers;
            return this;
        }

        /** Names that stand for all members' addresses. */
        public Builder dns(List<String> newDns) {
            dns = newDns;
            return this;
        }

        /** The port the event bus listens on, 0 for any. */
        public Builder eventBusPort(int newEventBusPort) {
            eventBusPort = newEventBusPort;
            return this;
        }

        /** With what members prove themselves on the event bus. */
        public Builder eventBusTls(BusTls newEventBusTls) {
            eventBusTls = Optional.of(newEventBusTls);
            return this;
        }

        /** How long a peer may take to answer or to accept. */
        public Builder requestTimeoutMs(long newRequestTimeoutMs) {
            requestTimeoutMs = newRequestTimeoutMs;
            return this;
        }

        /** How often the ends of a stream say that they are there. */
        public Builder heartbeatIntervalMs(long newHeartbeatIntervalMs) {
            heartbeatIntervalMs = newHeartbeatIntervalMs;
            return this;
        }

        /** After how long without a word a peer is lost. */
        public Builder peerTimeoutMs(long newPeerTimeoutMs) {
            peerTimeoutMs = newPeerTimeoutMs;
            return this;
        }

        /** Most ends of streams in this process. */
        public Builder maxStreams(int newMaxStreams) {
            maxStreams = newMaxStreams;
            return this;
        }

        /** Most requests worked on at once. */
        public Builder maxRequests(int newMaxRequests) {
            maxRequests = newMaxRequests;
            return this;
        }

        /** Whether it takes part in direct connections. */
        public Builder direct(DirectOptions newDirect) {
            direct = newDirect;
            return this;
        }

        /** Checks and builds. */
        public MeshOptions build() {
            return new MeshOptions(
                    clusterName,
                    clusterXml,
                    host,
                    publicHost,
                    clusterPort,
                    members,
                    dns,
                    eventBusPort,
                    eventBusTls,
                    requestTimeoutMs,
                    heartbeatIntervalMs,
                    peerTimeoutMs,
                    maxStreams,
                    maxRequests,
                    direct);
        }
    }
}
