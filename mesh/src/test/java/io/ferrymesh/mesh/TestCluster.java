package io.ferrymesh.mesh;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A cluster of its own on loopback: a random name and free ports, so that test runs do not meet. */
public final class TestCluster implements AutoCloseable {

    private static final long GENEROUS_S = 60;

    private final String name = "test-" + UUID.randomUUID();
    private final List<Integer> ports = freePorts(4);
    private final List<Mesh> meshes = new ArrayList<>();

    /** Starts one more member and waits until it is one. */
    public Mesh join() {
        return join(options -> options);
    }

    /** Starts one more member with other options. */
    public Mesh join(UnaryOperator<MeshOptions.Builder> change) {
        Mesh mesh = await(Meshes.start(change.apply(options(meshes.size())).build()));
        meshes.add(mesh);
        return mesh;
    }

    /** The options of the member with that number. */
    public MeshOptions.Builder options(int member) {
        return MeshOptions.builder()
                .clusterName(name)
                .clusterPort(ports.get(member))
                .members(ports.stream().map(port -> "127.0.0.1:" + port).toList());
    }

    public String name() {
        return name;
    }

    public List<Integer> ports() {
        return ports;
    }

    @Override
    public void close() {
        meshes.forEach(mesh -> await(mesh.close()));
    }

    /** The future's result, or its failure, within a generous time. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(GENEROUS_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MeshException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** The code that the future fails with. */
    public static ErrorCode failure(Future<?> future) {
        try {
            Object result = await(future);
            throw new AssertionError("did not fail: " + result);
        } catch (MeshException e) {
            return e.code();
        }
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> free =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return free;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
