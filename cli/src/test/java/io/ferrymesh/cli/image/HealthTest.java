package io.ferrymesh.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final String MANAGEMENT_HOST = "FERRYMESH_PROVIDER_MANAGEMENT_HOST";
    private static final String MANAGEMENT_PORT = "FERRYMESH_PROVIDER_MANAGEMENT_PORT";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private HttpServer node;

    @BeforeEach
    void start() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/readyz", 200, "{\"status\":\"UP\"}");
        answer("/health", 503, "{\"status\":\"DOWN\"}");
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop(0);
    }

    @Test
    void a_node_that_says_200_is_well_and_its_answer_is_shown() {
        assertThat(health(Map.of(), url("/readyz"))).isZero();
        assertThat(said()).contains("{\"status\":\"UP\"}");
    }

    @Test
    void one_that_says_anything_else_is_not_and_its_answer_is_shown_too() {
        assertThat(health(Map.of(), url("/health"))).isEqualTo(1);
        assertThat(said()).contains("{\"status\":\"DOWN\"}");
        assertThat(health(Map.of(), url("/elsewhere"))).isEqualTo(1);
    }

    @Test
    void where_to_ask_is_the_argument_or_else_the_variable() {
        Map<String, String> variable = Map.of(Health.URL, url("/readyz"));
        assertThat(health(variable)).isZero();
        assertThat(health(variable, url("/health"))).isEqualTo(1);
    }

    @Test
    void otherwise_a_provider_is_asked_where_its_environment_says_its_management_is() {
        Map<String, String> environment = Map.of(MANAGEMENT_HOST, "localhost", MANAGEMENT_PORT, port());
        assertThat(health(environment)).isZero();
    }

    @Test
    void nobody_there_is_not_well_and_it_says_where_it_asked() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(health(Map.of(), "http://127.0.0.1:" + free + "/readyz")).isEqualTo(1);
        assertThat(said()).contains("127.0.0.1:" + free).contains("nobody is there");
    }

    @Test
    void what_is_no_http_is_not_well() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread other = new Thread(() -> sayAndClose(socket));
            other.start();
            assertThat(health(Map.of(), "http://127.0.0.1:" + socket.getLocalPort() + "/"))
                    .isEqualTo(1);
            assertThat(said()).contains("does not speak HTTP");
            other.join();
        }
    }

    @Test
    void nonsense_is_not_well_either() {
        assertThat(health(Map.of(), "ftp://127.0.0.1/")).isEqualTo(1);
        assertThat(health(Map.of(), "http://")).isEqualTo(1);
        assertThat(health(Map.of(), "no address")).isEqualTo(1);
    }

    private static void sayAndClose(ServerSocket socket) {
        try (Socket connection = socket.accept()) {
            connection.getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] unused = connection.getInputStream().readNBytes(16);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private int health(Map<String, String> environment, String... args) {
        return Health.run(args, environment, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private String port() {
        return String.valueOf(node.getAddress().getPort());
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    private void answer(String path, int status, String body) {
        Object unused = node.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
