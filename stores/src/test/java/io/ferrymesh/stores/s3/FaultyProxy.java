package io.ferrymesh.stores.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stands between a client and a real server and does to requests what networks and servers do at times. One request a
 * connection, so that each meets the faults of its own. Requests that no fault waits for pass unharmed.
 */
final class FaultyProxy implements AutoCloseable {

    /** What is done to a request. */
    sealed interface Fault {

        /** The server does not see it; the client gets this status, with header lines if any. */
        record Answer(int status, String headers) implements Fault {}

        /** The server does not see it; the client gets this document. */
        record Document(String text) implements Fault {}

        /** The server does not see it; the connection is reset. */
        record Reset() implements Fault {}

        /** Nobody answers, until the client hangs up. */
        record Silence() implements Fault {}

        /** The server answers; the client gets only so many bytes of the body and a closed connection. */
        record CutShort(int bodyBytes) implements Fault {}

        /** The server did it; the client hears nothing but a reset. */
        record LoseAnswer() implements Fault {}
    }

    private record Planned(Predicate<String> requestLine, Fault fault) {}

    private final ServerSocket listener;
    private final int serverPort;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Planned> planned = new ArrayDeque<>(); // guarded by itself
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private final Semaphore hangUps = new Semaphore(0);

    FaultyProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The next request whose method and target start with these meets the fault. Faults wait for their requests in order. */
    void next(String method, Fault fault) {
        synchronized (planned) {
            planned.add(new Planned(line -> line.startsWith(method + " "), fault));
        }
    }

    /** The same for {@code times} requests. */
    void next(String method, int times, Fault fault) {
        for (int i = 0; i < times; i++) {
            next(method, fault);
        }
    }

    /** Whether every fault has met its request. */
    boolean isDone() {
        synchronized (planned) {
            return planned.isEmpty();
        }
    }

    /** The request lines that start with {@code method}, in order. */
    List<String> seen(String method) {
        return seen.stream().filter(line -> line.startsWith(method + " ")).toList();
    }

    /** Waits until a client hung up on silence; false when none does for ten seconds. */
    boolean awaitHangUp() throws InterruptedException {
        return hangUps.tryAcquire(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            Request request = Request.read(client.getInputStream());
            seen.add(request.line);
            Fault fault = take(request.line);
            if (fault instanceof Fault.Answer answer) {
                client.getOutputStream()
                        .write(("HTTP/1.1 " + answer.status + " Fault\r\nContent-Length: 0\r\nConnection: close\r\n"
                                        + answer.headers + "\r\n")
                                .getBytes(ISO_8859_1));
            } else if (fault instanceof Fault.Document document) {
                byte[] body = document.text.getBytes(UTF_8);
                client.getOutputStream()
                        .write(
                                ("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
                                                + body.length + "\r\n\r\n")
                                        .getBytes(ISO_8859_1));
                client.getOutputStream().write(body);
            } else if (fault instanceof Fault.Silence) {
                int unused = client.getInputStream().read();
                hangUps.release();
                return;
            } else if (fault instanceof Fault.Reset) {
                client.setSoLinger(true, 0);
            } else {
                byte[] response = ask(request);
                if (fault instanceof Fault.LoseAnswer) {
                    client.setSoLinger(true, 0);
                } else {
                    int length = fault instanceof Fault.CutShort cut
                            ? Math.min(response.length, headLength(response) + cut.bodyBytes)
                            : response.length;
                    client.getOutputStream().write(response, 0, length);
                }
            }
            client.getOutputStream().flush();
        } catch (IOException e) {
            // the client went away, or no request came
        }
    }

    private Fault take(String line) {
        synchronized (planned) {
            for (Planned each : planned) {
                if (each.requestLine.test(line)) {
                    planned.remove(each);
                    return each.fault;
                }
            }
        }
        return new Fault.CutShort(Integer.MAX_VALUE / 2);
    }

    private byte[] ask(Request request) throws IOException {
        try (var server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            OutputStream out = server.getOutputStream();
            out.write((request.line + "\r\n" + request.headers + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
            out.write(request.body);
            out.flush();
            return withLength(request, server.getInputStream().readAllBytes());
        }
    }

    /** A body that ends with the connection gets a length: the client's CRT knows no such bodies. */
    private static byte[] withLength(Request request, byte[] response) {
        int headLength = headLength(response);
        String head = new String(response, 0, headLength, ISO_8859_1);
        String lower = head.toLowerCase(Locale.ROOT);
        if (request.line.startsWith("HEAD ")
                || lower.contains("\r\ncontent-length:")
                || lower.contains("\r\ntransfer-encoding:")
                || lower.startsWith("http/1.1 204")) {
            return response;
        }
        var whole = new ByteArrayOutputStream();
        String longer =
                head.substring(0, headLength - 2) + "Content-Length: " + (response.length - headLength) + "\r\n\r\n";
        whole.writeBytes(longer.getBytes(ISO_8859_1));
        whole.write(response, headLength, response.length - headLength);
        return whole.toByteArray();
    }

    private static int headLength(byte[] response) {
        return new String(response, ISO_8859_1).indexOf("\r\n\r\n") + 4;
    }

    /** A request read to its end. */
    private static final class Request {

        private final String line;
        private final String headers;
        private final byte[] body;

        private Request(String line, String headers, byte[] body) {
            this.line = line;
            this.headers = headers;
            this.body = body;
        }

        static Request read(InputStream in) throws IOException {
            var head = new ByteArrayOutputStream();
            while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException();
                }
                head.write(next);
            }
            String text = head.toString(ISO_8859_1);
            int end = text.indexOf("\r\n");
            var headers = new StringBuilder();
            int length = 0;
            for (String header : text.substring(end + 2).strip().lines().toList()) {
                String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
                if (name.equals("content-length")) {
                    length = Integer.parseInt(
                            header.substring(header.indexOf(':') + 1).strip());
                }
                if (!name.equals("connection")) {
                    headers.append(header).append("\r\n");
                }
            }
            return new Request(text.substring(0, end), headers.toString(), in.readNBytes(length));
        }
    }
}
