package io.ferrymesh.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Ports that nobody listens on, for nodes that start later. None of those that systems give to connections by themselves: one that was
 * free a moment ago is taken by any connection that somebody makes meanwhile.
 */
final class FreePorts {

    private static final int FROM = 12_000;
    private static final int TO = 32_000;
    private static final int TRIES = 1_000;
    private static final SplittableRandom RANDOM = new SplittableRandom();

    private FreePorts() {}

    /** So many different ones. */
    static List<Integer> take(int count) {
        try {
            return taken(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Integer> taken(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int tries = 0; held.size() < count; tries++) {
                ServerSocket socket = new ServerSocket();
                held.add(socket);
                try {
                    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), next()));
                } catch (IOException e) {
                    held.remove(socket);
                    socket.close();
                    if (tries == TRIES) {
                        throw e;
                    }
                }
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static synchronized int next() {
        return RANDOM.nextInt(FROM, TO);
    }
}
