package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.ferrymesh.cli.user.AccountClient;
import io.ferrymesh.cli.user.Printable;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a provider says is shown, whatever it is, and commands nothing. */
class HostileTextTest {

    private static final String HOSTILE = "\u001b]0;owned\u0007\r\n\u009b2J\u202eevil\u007f";
    private static final String SHOWN = "\\x1b]0;owned\\x07\\x0d\\x0a\\x9b2J\\u{202e}evil\\x7f";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void signs_of_all_languages_stay_as_they_are() {
        assertThat(Printable.text("Grüße, 世界 \uD83D\uDE00")).isEqualTo("Grüße, 世界 \uD83D\uDE00");
        assertThat(Printable.text(HOSTILE)).isEqualTo(SHOWN);
    }

    @Test
    void json_says_the_same_and_commands_nothing() {
        String encoded = new JsonObject().put("path", HOSTILE + "\uD83D\uDE00").encode();
        String printed = Printable.json(encoded);
        assertThat(printed).doesNotContain("\u001b", "\u009b", "\u202e", "\u007f");
        assertThat(new JsonObject(printed).getString("path")).isEqualTo(HOSTILE + "\uD83D\uDE00");
    }

    @Test
    void the_end_of_a_migration_and_its_report_show_what_was_said() {
        JsonObject failure = new JsonObject().put("code", HOSTILE).put("message", HOSTILE);
        MigrationView view = new MigrationView(new JsonObject()
                .put("state", "FAILED")
                .put("peerPseudonym", HOSTILE)
                .put("cryptoProvider", HOSTILE)
                .put("failure", failure));
        Summary.print(view, "nothing", Optional.empty(), out);
        new Report(out)
                .entry(new JsonObject()
                        .put("outcome", "FAILED")
                        .put("code", HOSTILE)
                        .put("path", HOSTILE));
        String printed = bytes.toString(StandardCharsets.UTF_8);
        assertThat(printed).contains(SHOWN).doesNotContain("\u001b", "\u009b", "\u202e", "\u007f", "\r");
    }

    @Test
    void a_refusal_is_on_one_line() throws Exception {
        byte[] problem = new JsonObject()
                .put("code", HOSTILE)
                .put("detail", HOSTILE)
                .encode()
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var unused = server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, problem.length);
            exchange.getResponseBody().write(problem);
            exchange.close();
        });
        server.start();
        try {
            URI provider = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            AccountClient client = new AccountClient(provider, Optional.empty());
            assertThatThrownBy(() -> client.register("alex", "a password"))
                    .hasMessageContaining(SHOWN + " " + SHOWN)
                    .hasMessageNotContainingAny("\u001b", "\r", "\n");
        } finally {
            server.stop(0);
        }
    }
}
