package io.ferrymesh.cli.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;

/**
 * Asks the node in its own container whether it is well: exit status 0 if the answer is 200, 1 if it is another or none. A JVM
 * is started for that every time, so this is one class that knows nothing but sockets.
 *
 * <p>Where to ask is the argument, or {@code FERRYMESH_HEALTH_URL}; without either, where a provider's management listens as
 * far as the environment says, and else where a key centre's API does unless told otherwise.
 */
public final class Health {

    static final String URL = "FERRYMESH_HEALTH_URL";

    private static final int TIMEOUT_MS = 8_000;
    private static final int MOST_BYTES = 4_096;
    private static final String OK = "200";

    private Health() {}

    public static void main(String[] args) {
        System.exit(run(args, System.getenv(), System.out));
    }

    static int run(String[] args, Map<String, String> environment, PrintStream out) {
        String said = "";
        for (String url : places(args, environment)) {
            try {
                String answer = ask(URI.create(url));
                out.println(answer);
                return status(answer).equals(OK) ? 0 : 1;
            } catch (IOException | IllegalArgumentException e) {
                said = said.concat(url)
                        .concat(": ")
                        .concat(String.valueOf(e.getMessage()))
                        .concat("\n");
            }
        }
        out.print(said);
        return 1;
    }

    /** Each is asked only if nobody is there at the one before. */
    private static List<String> places(String[] args, Map<String, String> environment) {
        if (args.length > 0) {
            return List.of(args[0]);
        }
        String given = environment.getOrDefault(URL, "");
        if (!given.isEmpty()) {
            return List.of(given);
        }
        String host = set(environment, "FERRYMESH_PROVIDER_MANAGEMENT_HOST", "127.0.0.1");
        String port = set(environment, "FERRYMESH_PROVIDER_MANAGEMENT_PORT", "8081");
        String bracketed = host.indexOf(':') < 0 ? host : "[".concat(host).concat("]");
        return List.of(
                "http://".concat(bracketed).concat(":").concat(port).concat("/readyz"), "http://127.0.0.1:8090/health");
    }

    private static String set(Map<String, String> environment, String variable, String otherwise) {
        String value = environment.getOrDefault(variable, "");
        return value.isEmpty() ? otherwise : value;
    }

    /** The answer, or as much of it as is worth showing. */
    private static String ask(URI url) throws IOException {
        boolean tls = "https".equals(url.getScheme());
        if ((!tls && !"http".equals(url.getScheme())) || url.getHost() == null) {
            throw new IllegalArgumentException("must be an http or https URL");
        }
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        String host = url.getHost().replace("[", "").replace("]", "");
        try (Socket socket = new Socket()) {
            connect(socket, new InetSocketAddress(host, port));
            socket.setSoTimeout(TIMEOUT_MS);
            if (tls) {
                return exchange(Unverified.over(socket, host, port), url);
            }
            return exchange(socket, url);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void connect(Socket socket, InetSocketAddress address) throws IOException {
        try {
            socket.connect(address, TIMEOUT_MS);
        } catch (IOException e) {
            throw new IOException("nobody is there: ".concat(String.valueOf(e.getMessage())), e);
        }
    }

    private static String exchange(Socket socket, URI url) throws IOException {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String request = "GET "
                .concat(path)
                .concat(" HTTP/1.1\r\nHost: ")
                .concat(url.getRawAuthority())
                .concat("\r\nConnection: close\r\n\r\n");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        InputStream in = socket.getInputStream();
        String answer = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        if (!answer.startsWith("HTTP/1.")) {
            throw new IOException("what answers does not speak HTTP");
        }
        return answer;
    }

    private static String status(String answer) {
        int from = answer.indexOf(' ') + 1;
        return answer.substring(from, Math.min(from + OK.length(), answer.length()));
    }
}
