package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ferrymesh.provider.api.exchange.Refusals;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.web.WebLimits;
import io.ferrymesh.web.WebServer;
import io.ferrymesh.web.WebServerOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What happens to every request does not fill the log. */
class StoreAwayLogTest {

    @Test
    void a_store_that_is_away_is_said_once_and_not_for_every_request() {
        ListAppender<ILoggingEvent> said = listen(Refusals.class);
        for (int i = 0; i < 50; i++) {
            assertThat(Refusals.of(new StoreException(StoreError.UNAVAILABLE, "away"))
                            .status())
                    .isEqualTo(503);
        }
        assertThat(said.list).hasSizeLessThanOrEqualTo(2); // a test may take longer than it is quiet for
        assertThat(said.list.get(0).getThrowableProxy()).isNotNull();
    }

    @Test
    void connections_that_are_too_many_are_said_once_and_not_each() throws Exception {
        Vertx vertx = Vertx.vertx();
        ListAppender<ILoggingEvent> said = listen(WebServer.class);
        try {
            WebServer server = WebServer.start(
                            vertx,
                            WebServerOptions.loopback("the API", 0).with(WebLimits.DEFAULT.withConnections(1, 1)),
                            request -> request.response().end(),
                            () -> 1)
                    .await(20, TimeUnit.SECONDS);
            try (Socket first = connect(server)) {
                first.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(first.getInputStream().read()).isEqualTo('H');
                for (int i = 0; i < 20; i++) {
                    try (Socket more = connect(server)) {
                        assertThat(closed(more)).isTrue();
                    }
                }
            }
            assertThat(said.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.startsWith("too many connections to the API"))
                    .hasSize(1);
        } finally {
            Void unused = vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    private static boolean closed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static Socket connect(WebServer server) throws IOException {
        Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static ListAppender<ILoggingEvent> listen(Class<?> to) {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        ((Logger) LoggerFactory.getLogger(to)).addAppender(said);
        return said;
    }
}
