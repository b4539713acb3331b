package io.ferrymesh.mesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.cluster.ClusterState;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.EntryListenerConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MapStoreConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.util.ConcurrentReferenceHashMap;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.Sinks;
import com.hazelcast.jet.pipeline.test.TestSources;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.nio.serialization.genericrecord.GenericRecord;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.TestCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Hazelcast member that keeps to none of the limits of ours, and what it cannot make ours do. */
class HardeningIT {

    private static final TestCluster CLUSTER = new TestCluster();
    private static final long GENEROUS_S = 60;

    private static HazelcastInstance victim;
    private static HazelcastInstance hostile;

    @BeforeAll
    static void start() throws Exception {
        Mesh unused = CLUSTER.join(options -> options.eventBusPort(eventBusPort()));
        victim = Hazelcast.getAllHazelcastInstances().stream()
                .filter(member -> member.getConfig().getClusterName().equals(CLUSTER.name()))
                .findFirst()
                .orElseThrow();
        Config config = HazelcastSettings.of(CLUSTER.options(1).build());
        config.setInstanceName("hostile").setClassLoader(HardeningIT.class.getClassLoader());
        config.getSerializationConfig().setJavaSerializationFilterConfig(new JavaSerializationFilterConfig());
        config.getJetConfig().setEnabled(true).setResourceUploadEnabled(true);
        hostile = Hazelcast.newHazelcastInstance(config);
        assertThat(victim.getCluster().getMembers()).hasSize(2);
    }

    @AfterAll
    static void stop() {
        hostile.shutdown();
        CLUSTER.close();
    }

    /** Whatever ran, ran on the hostile member's own threads. */
    @AfterEach
    void nothing_ran() {
        assertThat(Gadgets.FIRED).allMatch(thread -> thread.startsWith("hz.hostile."));
        Gadgets.FIRED.clear();
    }

    private static Member victimMember() {
        return victim.getCluster().getLocalMember();
    }

    private static String keyOfVictim() {
        return IntStream.range(0, 100_000)
                .mapToObj(i -> "key " + i)
                .filter(key -> victimMember()
                        .equals(hostile.getPartitionService().getPartition(key).getOwner()))
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable Object read(Object planted) {
        String map = "planted-" + UUID.randomUUID();
        hostile.getMap(map).set("key", planted);
        return victim.getMap(map).get("key");
    }

    /** As the part of a divided cluster that gives way does with its members before it joins the other. */
    @Test
    void the_state_that_a_cluster_is_in_is_read() {
        for (HazelcastInstance each : List.of(victim, hostile)) {
            assertThat(each.getPartitionService().forceLocalMemberToBeSafe(GENEROUS_S, TimeUnit.SECONDS))
                    .isTrue();
        }
        hostile.getCluster().changeClusterState(ClusterState.FROZEN);
        assertThat(victim.getCluster().getClusterState()).isEqualTo(ClusterState.FROZEN);
        hostile.getCluster().changeClusterState(ClusterState.ACTIVE);
        assertThat(victim.getCluster().getClusterState()).isEqualTo(ClusterState.ACTIVE);
    }

    @Test
    void no_object_of_a_class_that_it_names_is_made() {
        for (Object planted :
                new Object[] {new Gadgets.OfJava(), new Gadgets.OfJavaByName(true), new Gadgets.OfHazelcast(true)}) {
            assertThatThrownBy(() -> read(planted))
                    .isInstanceOf(HazelcastSerializationException.class)
                    .hasStackTraceContaining(planted.getClass().getName());
        }
        assertThat(read(new Gadgets.OfHazelcastByFields(7))).isInstanceOf(GenericRecord.class);
        assertThat(new Gadgets.OfHazelcastByFields(7).field()).isEqualTo(7);
    }

    @Test
    void none_of_hazelcasts_own_classes_is_read_as_a_java_object_unless_it_is_listed() {
        assertThatThrownBy(() -> read(new ConcurrentReferenceHashMap<String, String>()))
                .isInstanceOf(HazelcastSerializationException.class)
                .hasRootCauseInstanceOf(SecurityException.class);
    }

    @Test
    void tasks_are_not_run() {
        assertThatThrownBy(() -> hostile.getExecutorService("any")
                        .submitToMember(new Gadgets.OfJava(), victimMember())
                        .get(GENEROUS_S, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> hostile.getScheduledExecutorService("any")
                        .<String>scheduleOnMember(
                                (Callable<String>) new Gadgets.OfJava(), victimMember(), 0, TimeUnit.SECONDS)
                        .get(GENEROUS_S, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> hostile.getDurableExecutorService("any")
                        .submitToKeyOwner((Runnable) new Gadgets.OfJava(), keyOfVictim())
                        .get(GENEROUS_S, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(SecurityException.class);
    }

    @Test
    void entries_are_not_processed() {
        assertThatThrownBy(() ->
                        hostile.<String, String>getMap("processed").executeOnKey(keyOfVictim(), new Gadgets.OfJava()))
                .hasRootCauseInstanceOf(SecurityException.class);
    }

    @Test
    void what_is_published_is_not_read() throws Exception {
        CompletableFuture<Object> got = new CompletableFuture<>();
        UUID unused = victim.getTopic("topic").addMessageListener(message -> {
            try {
                boolean unusedDone = got.complete(message.getMessageObject());
            } catch (RuntimeException e) {
                boolean unusedDone = got.completeExceptionally(e);
            }
        });
        hostile.getTopic("topic").publish(new Gadgets.OfJava());
        assertThatThrownBy(() -> got.get(GENEROUS_S, TimeUnit.SECONDS)).hasRootCauseInstanceOf(SecurityException.class);
    }

    @Test
    void a_configuration_that_it_spreads_has_no_class_loaded() {
        MapConfig stored = new MapConfig("stored")
                .setMapStoreConfig(
                        new MapStoreConfig().setEnabled(true).setClassName(Gadgets.Listener.class.getName()));
        assertThatThrownBy(() -> hostile.getConfig().addMapConfig(stored))
                .isInstanceOf(HazelcastSerializationException.class)
                .hasStackTraceContaining("SecurityException");
        Config unused = hostile.getConfig()
                .addMultiMapConfig(new MultiMapConfig("heard")
                        .addEntryListenerConfig(new EntryListenerConfig(Gadgets.Listener.class.getName(), true, true)));
        assertThatThrownBy(() -> victim.getMultiMap("heard"))
                .hasStackTraceContaining("SecurityException")
                .hasStackTraceContaining(Gadgets.Listener.class.getName());
    }

    @Test
    void jobs_are_not_run() {
        Pipeline pipeline = Pipeline.create();
        pipeline.readFrom(TestSources.items(1)).writeTo(Sinks.noop());
        assertThatThrownBy(
                        () -> hostile.getJet().newLightJob(pipeline).getFuture().get(GENEROUS_S, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    void clients_are_not_let_in() {
        ClientConfig config = new ClientConfig().setClusterName(CLUSTER.name());
        config.getNetworkConfig()
                .addAddress("127.0.0.1:" + CLUSTER.ports().get(0))
                .setSmartRouting(false);
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(0);
        config.setProperty("hazelcast.client.statistics.enabled", "false");
        assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(config)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void neither_rest_nor_memcache_is_answered() throws IOException {
        for (String said : new String[] {"GET /hazelcast/health HTTP/1.1\r\n\r\n", "version\r\n"}) {
            try (Socket socket =
                    new Socket(InetAddress.getLoopbackAddress(), CLUSTER.ports().get(0))) {
                socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    private static int eventBusPort() {
        return CLUSTER.ports().get(3);
    }

    @Test
    void both_ports_are_open_at_the_given_address_only() {
        for (int port : new int[] {CLUSTER.ports().get(0), eventBusPort()}) {
            assertThatCode(() -> connect("127.0.0.1", port)).doesNotThrowAnyException();
            assertThatThrownBy(() -> connect("127.0.0.2", port)).isInstanceOf(IOException.class);
        }
    }

    private static void connect(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port));
        }
    }
}
