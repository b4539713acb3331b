package io.ferrymesh.benchmarks.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A client that costs next to nothing, so that what is measured is the server: one request on one connection, the file from the
 * page cache to the socket by the kernel alone, a download read into one buffer and summed up. HTTP/1.1 with Content-Length only.
 */
final class Wire implements AutoCloseable {

    private static final int MOST_HEAD_BYTES = 64 << 10;
    private static final int BUFFER = 256 << 10;
    private static final long SENT_AT_ONCE = 8L << 20;

    private final SocketChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).flip();

    /** The first lines of an answer. */
    record Head(int status, Map<String, String> headers) {

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        long length() {
            return Long.parseLong(header("Content-Length"));
        }
    }

    private Wire(URI server) throws IOException {
        this.socket = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
    }

    /** PUT of a file; returns when it is answered, whatever the answer is. */
    static Head put(URI uri, Map<String, String> headers, LargeFile file) throws IOException {
        try (Wire wire = new Wire(uri);
                FileChannel from = FileChannel.open(file.path())) {
            wire.request("PUT", uri, headers, file.bytes());
            try {
                wire.send(from, file.bytes());
            } catch (IOException refused) {
                return wire.head(); // a server that does not want it says why and closes
            }
            return wire.head();
        }
    }

    /** GET of the same file; fails unless it is that, byte for byte. */
    static Head get(URI uri, Map<String, String> headers, LargeFile file) throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.request("GET", uri, headers, 0);
            Head head = wire.head();
            if (head.status() == 200 && wire.crc32c(head.length()) != file.crc32c()) {
                throw new IOException(uri + ": other bytes than were put there");
            }
            return head;
        }
    }

    static Head delete(URI uri, Map<String, String> headers) throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.request("DELETE", uri, headers, 0);
            return wire.head();
        }
    }

    private void request(String method, URI uri, Map<String, String> headers, long length) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + uri.getRawPath() + " HTTP/1.1\r\n");
        head.append("Host: ").append(uri.getAuthority()).append("\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(length).append("\r\n\r\n");
        ByteBuffer bytes = ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            int unused = socket.write(bytes);
        }
    }

    private void send(FileChannel from, long length) throws IOException {
        long sent = 0;
        while (sent < length) {
            sent += from.transferTo(sent, Math.min(SENT_AT_ONCE, length - sent), socket);
        }
    }

    private Head head() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            if (text.length() > MOST_HEAD_BYTES) {
                throw new IOException("no end of an answer's headers: " + text);
            }
            text.append((char) (next() & 0xff));
        }
        String[] lines = text.toString().split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            String unused = headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(lines[0].split(" ", -1)[1]), headers);
    }

    private byte next() throws IOException {
        if (!buffer.hasRemaining()) {
            fill();
        }
        return buffer.get();
    }

    private void fill() throws IOException {
        if (socket.read(buffer.clear()) < 0) {
            throw new EOFException("the server closed the connection");
        }
        buffer.flip();
    }

    private long crc32c(long length) throws IOException {
        CRC32C crc = new CRC32C();
        long left = length;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                fill();
            }
            left -= buffer.remaining();
            crc.update(buffer);
        }
        if (left < 0) {
            throw new IOException("more bytes than were announced");
        }
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
