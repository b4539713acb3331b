package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.OperatorDesk;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.web.ClientAddress;
import io.ferrymesh.web.Problem;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongSupplier;
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
        String address = ClientAddress.of(ctx.request().remoteAddress());
        long wait = throttle.waitSeconds(address, digest, seconds());
        if (wait > 0) {
            return Future.failedFuture(tooMany(wait));
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

    private static Problem tooMany(long seconds) {
        String detail = "too many bad tokens from this address; try again in " + seconds + " s";
        return new Problem(429, "OVERLOADED", detail).retryAfter(seconds);
    }
}
