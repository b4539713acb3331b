package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.OperatorDesk;
import io.ferrymesh.scheme.Digest;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets only operators through, by their bearer token, before anything of a body is read. Event loop only. */
final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String OPERATOR = "ferrymesh.operator";
    private static final int LONGEST_TOKEN = 256;

    private final OperatorDesk desk;
    private final Function<Callable<Operator>, Future<Operator>> worker;
    private final LongSupplier nowMs;
    private final LoginThrottle throttle = new LoginThrottle();

    Gate(OperatorDesk desk, Function<Callable<Operator>, Future<Operator>> worker, LongSupplier nowMs) {
        this.desk = desk;
        this.worker = worker;
        this.nowMs = nowMs;
    }

    /** Succeeds with the request paused; fails with what is wrong with its token. */
    Future<Void> admit(RoutingContext ctx) {
        Optional<String> token = bearer(ctx);
        if (token.isEmpty()) {
            return Future.failedFuture(noToken());
        }
        Digest digest = Digest.sha256(token.get().getBytes(StandardCharsets.UTF_8));
        String address = address(ctx.request().remoteAddress());
        long wait = throttle.waitSeconds(address, digest, seconds());
        if (wait > 0) {
            return Future.failedFuture(new TooManyBadTokens(wait));
        }
        ctx.request().pause();
        return worker.apply(() -> desk.operators().authenticate(token.get()))
                .onSuccess(operator -> {
                    throttle.succeeded(digest);
                    ctx.put(OPERATOR, operator);
                })
                .onFailure(refused -> {
                    if (refused instanceof OperationException known && known.code() == Code.UNAUTHENTICATED) {
                        throttle.failed(address, digest, seconds());
                        LOG.warn("a bad operator token from {}", address);
                    }
                })
                .mapEmpty();
    }

    static Problem noToken() {
        return new Problem(401, "UNAUTHENTICATED", "an operator's token must be sent as Authorization: Bearer TOKEN");
    }

    static boolean admitted(RoutingContext ctx) {
        return ctx.get(OPERATOR) != null;
    }

    /** Who asks, once admitted. */
    static Operator operator(RoutingContext ctx) {
        return ctx.get(OPERATOR);
    }

    private long seconds() {
        return nowMs.getAsLong() / 1_000;
    }

    private static Optional<String> bearer(RoutingContext ctx) {
        List<String> headers = ctx.request().headers().getAll("Authorization");
        if (headers.size() != 1 || !headers.get(0).regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        String token = headers.get(0).substring(7).strip();
        return token.isEmpty() || token.length() > LONGEST_TOKEN ? Optional.empty() : Optional.of(token);
    }

    /** Whom failures are counted against: an IPv4 address, or the half of an IPv6 address that a customer gets. */
    static String address(@Nullable SocketAddress remote) {
        if (remote == null || remote.hostAddress() == null) {
            return "nowhere";
        }
        try {
            byte[] bytes = InetAddress.getByName(remote.hostAddress()).getAddress();
            return bytes.length == 4
                    ? remote.hostAddress()
                    : HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(bytes, 8)) + "/64";
        } catch (UnknownHostException e) {
            return remote.hostAddress();
        }
    }

    /** This address has to wait. */
    static final class TooManyBadTokens extends RuntimeException {

        private final long seconds;

        TooManyBadTokens(long seconds) {
            super("too many bad tokens from this address", null, false, false);
            this.seconds = seconds;
        }

        Reply reply() {
            String detail = "too many bad tokens from this address; try again in " + seconds + " s";
            return Reply.problem(new Problem(429, "OVERLOADED", detail)).with("Retry-After", String.valueOf(seconds));
        }
    }
}
