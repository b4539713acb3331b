package io.ferrymesh.web;

import static io.ferrymesh.web.ServerUnderTest.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that keep the server waiting, and such that only seem to. */
class SlowClientTest {

    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4096\r\n\r\n";
    private static final Buffer PART = Buffer.buffer(new byte[64 << 10]);
    private static final Reply DONE = Reply.json(200, new JsonObject());

    @Test
    void a_connection_without_a_whole_header_is_closed() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), SlowClientTest::readAll);
                Socket socket = server.connect()) {
            write(socket, "GET / HTTP/1.1\r\nX-A");
            assertThat(server.restInTime(socket, 6_000)).isEmpty();
        }
    }

    @Test
    void a_connection_without_a_next_request_is_closed() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), SlowClientTest::readAll);
                Socket socket = server.connect()) {
            write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(server.restInTime(socket, 31_000)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void a_client_that_sends_a_byte_of_a_body_now_and_then_is_cut_off() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), SlowClientTest::readAll);
                Socket socket = server.connect()) {
            write(socket, POST + "a");
            assertThat(server.restInTime(socket, 6_000)).isEmpty();
        }
    }

    @Test
    void pausing_and_going_on_in_one_breath_does_not_hide_who_is_waited_for() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), request -> request.pause()
                        .handler(part -> {})
                        .exceptionHandler(failure -> {})
                        .endHandler(end -> {})
                        .resume());
                Socket socket = server.connect()) {
            write(socket, POST + "a");
            assertThat(server.restInTime(socket, 6_000)).isEmpty();
        }
    }

    @Test
    void a_body_that_is_passed_over_by_fetching_is_waited_for_no_longer() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), request -> {
                    request.pause();
                    request.handler(part -> request.fetch(1));
                    request.fetch(1);
                });
                Socket socket = server.connect()) {
            write(socket, POST + "a");
            assertThat(server.restInTime(socket, 6_000)).isEmpty();
        }
    }

    @Test
    void a_body_that_the_server_does_not_want_yet_may_take_as_long_as_it_likes() throws Exception {
        BlockingQueue<HttpServerRequest> paused = new ArrayBlockingQueue<>(1);
        try (ServerUnderTest server =
                        new ServerUnderTest(ServerUnderTest.options(), request -> paused.add(request.pause()));
                Socket socket = server.connect()) {
            write(socket, POST + "a");
            HttpServerRequest request = paused.take();
            long resuming = server.vertx.setTimer(2_000, timer -> readAll(request.resume()));
            assertThat(resuming).isNotNegative();
            server.nowMs.addAndGet(10_000_000);
            write(socket, "b".repeat(4_095));
            assertThat(server.restInTime(socket, 31_000)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void the_time_before_a_request_is_not_counted_against_it() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), SlowClientTest::readAll);
                Socket socket = server.connect()) {
            write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.nowMs.addAndGet(20_000);
            write(socket, POST + "a");
            long swept = ServerUnderTest.await(server.vertx.timer(1_200).map(1L)); // at least one sweep
            write(socket, "b".repeat(4_095));
            assertThat(server.restInTime(socket, 31_000 * swept)).containsSubsequence("HTTP/1.1 200", "HTTP/1.1 200");
        }
    }

    @Test
    void a_client_that_sends_on_after_its_answer_is_cut_off() throws IOException {
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), SlowClientTest::refuse);
                Socket socket = server.connect()) {
            write(socket, POST + "a");
            assertThat(server.restInTime(socket, 1_500)).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void a_client_that_does_not_take_its_answer_is_cut_off() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (ServerUnderTest server = new ServerUnderTest(ServerUnderTest.options(), request -> {
                    request.response().setChunked(true).closeHandler(closed -> gone.countDown());
                    pour(request.response());
                });
                Socket socket = server.connect()) {
            write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            long hurrying = server.vertx.setPeriodic(500, timer -> server.nowMs.addAndGet(16_000));
            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.vertx.cancelTimer(hurrying)).isTrue();
        }
    }

    /** As much as anybody takes. */
    private static void pour(HttpServerResponse response) {
        while (!response.writeQueueFull()) {
            var unused = response.write(PART);
        }
        response.drainHandler(drained -> pour(response));
    }

    private static void refuse(HttpServerRequest request) {
        var unused = Reply.problem(Problem.badRequest("no")).send(request);
    }

    private static void readAll(HttpServerRequest request) {
        request.endHandler(end -> {
            var unused = DONE.send(request);
        });
    }
}
