package io.ferrymesh.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Passes TCP connections on until it is told not to: by closing both sides, or by passing nothing on any more. */
public final class CuttableProxy implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicLong passed = new AtomicLong();
    private volatile int target;
    private volatile long cutAfter = Long.MAX_VALUE;
    private volatile long freezeAfter = Long.MAX_VALUE;

    /** Listens on loopback. */
    public CuttableProxy() throws IOException {
        start(this::accept);
    }

    /** Where it listens. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Where connections go. */
    public void leadTo(int port) {
        target = port;
    }

    /** Cuts everything once so many bytes more have passed. */
    public void cutAfter(long bytes) {
        cutAfter = passed.get() + bytes;
    }

    /** Passes nothing on once so many bytes more have passed. */
    public void freezeAfter(long bytes) {
        freezeAfter = passed.get() + bytes;
    }

    /** Connections are whole again, new ones at least. */
    public void mend() {
        cutAfter = Long.MAX_VALUE;
        freezeAfter = Long.MAX_VALUE;
    }

    private void accept() throws IOException {
        while (true) {
            Socket from = listening.accept();
            Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.addAll(List.of(from, to));
            start(() -> pass(from, to));
            start(() -> pass(to, from));
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                long before = passed.getAndAdd(read);
                if (before + read > cutAfter) {
                    out.write(buffer, 0, (int) Math.max(0, Math.min(read, cutAfter - before)));
                    return;
                }
                if (before + read <= freezeAfter) {
                    out.write(buffer, 0, read);
                }
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // closed by one side
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
