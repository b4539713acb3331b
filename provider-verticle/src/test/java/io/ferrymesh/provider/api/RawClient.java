package io.ferrymesh.provider.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Says whatever it is told to a server, and hears what comes back. */
final class RawClient implements AutoCloseable {

    static final String AUTHORIZED = "Host: a\r\nAuthorization: Bearer alice-token\r\n";

    private final Socket socket;

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
    }

    /** Bytes, one for each character up to 255. */
    void say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Up to the end of a line, without it; empty when the connection is closed. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = socket.getInputStream().read();
        while (read >= 0 && read != '\n') {
            line.write(read);
            read = socket.getInputStream().read();
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /** The status of the answer that begins now; 0 when there is none. */
    int status() throws IOException {
        String line = line();
        return line.startsWith("HTTP/") ? Integer.parseInt(line.substring(9, 12)) : 0;
    }

    /** Everything until the server closes. */
    String rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[4_096];
        try {
            for (int read = socket.getInputStream().read(part);
                    read >= 0;
                    read = socket.getInputStream().read(part)) {
                all.write(part, 0, read);
            }
        } catch (SocketException reset) {
            // what came before is what counts
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
