package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.ServiceName;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.IssuanceClient.Order;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationList;
import io.ferrymesh.scheme.SchemeException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * What a provider asks of the key centre. Nothing that comes back is used before it is verified against the configured
 * fingerprint. Failures are {@link MeshException}s: what the key centre refused with, UNAVAILABLE, or INVALID_MESSAGE when
 * its answer cannot be trusted. Any thread; curve work is done on the given pool.
 */
public final class KgcClient {

    /** How often a request nobody answered is sent again, with the same bytes, so that it is never issued twice. */
    private static final int ATTEMPTS = 3;

    private final Mesh mesh;
    private final Digest fingerprint;
    private final WorkerExecutor workers;
    private final Clock clock;
    private final SecureRandom random;
    private final AtomicLong highestSerial = new AtomicLong();

    /** A client of the key centre with this fingerprint. */
    public KgcClient(Mesh mesh, Digest fingerprint, WorkerExecutor workers, Clock clock, SecureRandom random) {
        this.mesh = mesh;
        this.fingerprint = fingerprint;
        this.workers = workers;
        this.clock = clock;
        this.random = random;
    }

    /** The parameters as they are now. */
    public Future<KgcParameters> parameters() {
        return call(KgcServices.PARAMETERS, Buffer.buffer())
                .compose(signed -> work(() -> KgcParameters.verify(signed.getBytes(), fingerprint, now())))
                .map(this::newest);
    }

    /** The revocation list as it is now. */
    public Future<RevocationList> revocations(KgcPublicKey kgc) {
        return call(KgcServices.REVOCATIONS, Buffer.buffer())
                .compose(signed -> work(() -> RevocationList.verify(signed.getBytes(), kgc, now())));
    }

    /** The first credentials, for a token, which is spent then and stays the caller's to close. */
    public Future<List<Credential>> enrol(EnrolmentToken token, List<Line> lines, long validitySeconds) {
        return issue(lines, validitySeconds, order -> IssuanceClient.enrol(order, token, random));
    }

    /** More credentials, for the holder of a current signing credential, which stays the caller's to close. */
    public Future<List<Credential>> renew(Credential signer, List<Line> lines, long validitySeconds) {
        return issue(lines, validitySeconds, order -> IssuanceClient.renew(order, signer, random));
    }

    private Future<List<Credential>> issue(
            List<Line> lines, long validitySeconds, Function<Order, IssuanceClient> request) {
        return parameters()
                .compose(parameters -> work(() -> {
                    var validity = parameters.align(now(), validitySeconds);
                    return request.apply(new Order(parameters.kgc(), parameters.hpke(), lines, validity, now()));
                }))
                .compose(client -> call(KgcServices.ISSUE, Buffer.buffer(client.message()))
                        .compose(reply -> work(() -> client.accept(reply.getBytes())))
                        .onComplete(done -> client.close()));
    }

    private Future<Buffer> call(ServiceName service, Buffer request) {
        return call(service, request, ATTEMPTS);
    }

    private Future<Buffer> call(ServiceName service, Buffer request, int attempts) {
        return mesh.call(service, request.copy()).recover(failure -> {
            boolean unanswered = failure instanceof MeshException mesh && mesh.code() == ErrorCode.UNAVAILABLE;
            return unanswered && attempts > 1 ? call(service, request, attempts - 1) : Future.failedFuture(failure);
        });
    }

    private <T> Future<T> work(Callable<T> task) {
        return workers.executeBlocking(task, false)
                .recover(failure -> Future.failedFuture(
                        failure instanceof SchemeException
                                ? new MeshException(
                                        ErrorCode.INVALID_MESSAGE,
                                        "the key centre's answer is not to be trusted: " + failure.getMessage(),
                                        failure)
                                : failure));
    }

    private KgcParameters newest(KgcParameters parameters) {
        if (highestSerial.getAndAccumulate(parameters.serial(), Math::max) > parameters.serial()) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "the key centre's parameters are older than known ones");
        }
        return parameters;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
