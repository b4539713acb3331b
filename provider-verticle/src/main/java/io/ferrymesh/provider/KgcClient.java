package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.IssuanceClient.Order;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.KgcTag;
import io.ferrymesh.scheme.RevocationPage;
import io.ferrymesh.scheme.SchemeException;
import io.ferrymesh.scheme.Signature;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * What a provider asks of the key centre, once each: asking again is the caller's to decide. Nothing that comes back is given
 * out before it is verified, but for pages of the revocation log, which only its chain can prove. Failures are
 * {@link MeshException}s: what the key centre refused with, UNAVAILABLE, or INVALID_MESSAGE when its answer cannot be trusted.
 * Any thread; curve work is done on the given pool.
 */
public final class KgcClient {

    /** Where the trailer of a signed bulletin says which key it was signed under. */
    private static final int TAG_AT = Bulletin.SIGNED_LENGTH - Certificate.LENGTH - Signature.LENGTH + 2;

    private final Mesh mesh;
    private final Workers workers;
    private final Clock clock;
    private final SecureRandom random;

    /** A client on this mesh. */
    public KgcClient(Mesh mesh, WorkerExecutor workers, Clock clock, SecureRandom random) {
        this(mesh, Workers.on(workers), clock, random);
    }

    KgcClient(Mesh mesh, Workers workers, Clock clock, SecureRandom random) {
        this.mesh = mesh;
        this.workers = workers;
        this.clock = clock;
        this.random = random;
    }

    /** The parameters of the key with this fingerprint, as they are now. */
    public Future<KgcParameters> parameters(Digest fingerprint) {
        return mesh.call(KgcServices.PARAMETERS, named(fingerprint))
                .compose(signed -> verified(() -> KgcParameters.verify(signed.getBytes(), fingerprint, now())));
    }

    /** Where the key centre's logs stand, signed under this key. */
    public Future<Bulletin> bulletin(KgcPublicKey kgc) {
        return mesh.call(KgcServices.BULLETIN, named(kgc.fingerprint()))
                .compose(signed -> verified(() -> Bulletin.verify(signed.getBytes(), kgc, now())));
    }

    /** Whether a bulletin that somebody sent says that it is signed under this key. Costs nothing and proves nothing. */
    static boolean isTagged(Buffer signed, KgcPublicKey kgc) {
        return signed.length() == Bulletin.SIGNED_LENGTH
                && KgcTag.of(signed.getBytes(TAG_AT, TAG_AT + KgcTag.LENGTH)).equals(kgc.tag());
    }

    /** A bulletin that somebody sent, if it is signed under this key. */
    Future<Bulletin> verify(Buffer signed, KgcPublicKey kgc) {
        return verified(() -> Bulletin.verify(signed.getBytes(), kgc, now()));
    }

    /** Entries of the revocation log, which prove nothing by themselves. */
    public Future<RevocationPage> page(RevocationPage.Request wanted) {
        return mesh.call(KgcServices.REVOCATIONS, Buffer.buffer(wanted.encoded()))
                .compose(page -> verified(() -> RevocationPage.decode(page.getBytes())));
    }

    /** A request for the first credentials; the token is spent when it is answered, and stays the caller's to close. */
    Future<Issuance> enrolment(KgcParameters parameters, EnrolmentToken token, List<Line> lines, long validitySeconds) {
        return issuance(parameters, lines, validitySeconds, order -> IssuanceClient.enrol(order, token, random));
    }

    /** A request for more, by the holder of a current signing credential of any trusted key. */
    Future<Issuance> renewal(KgcParameters parameters, Credential signer, List<Line> lines, long validitySeconds) {
        return issuance(parameters, lines, validitySeconds, order -> IssuanceClient.renew(order, signer, random));
    }

    /** The first credentials, for a token, which is spent then and stays the caller's to close. */
    public Future<List<Credential>> enrol(
            KgcParameters parameters, EnrolmentToken token, List<Line> lines, long validitySeconds) {
        return enrolment(parameters, token, lines, validitySeconds).compose(KgcClient::once);
    }

    /** More credentials, for the holder of a current signing credential, which stays the caller's to close. */
    public Future<List<Credential>> renew(
            KgcParameters parameters, Credential signer, List<Line> lines, long validitySeconds) {
        return renewal(parameters, signer, lines, validitySeconds).compose(KgcClient::once);
    }

    /** Runs on the pool what checks something of the key centre's; what it finds is INVALID_MESSAGE. */
    <T> Future<T> verified(Callable<T> task) {
        return workers.run(task)
                .recover(failure -> Future.failedFuture(
                        failure instanceof SchemeException
                                ? new MeshException(
                                        ErrorCode.INVALID_MESSAGE,
                                        "the key centre's answer is not to be trusted: " + failure.getMessage(),
                                        failure)
                                : failure));
    }

    private Future<Issuance> issuance(
            KgcParameters parameters, List<Line> lines, long validitySeconds, Function<Order, IssuanceClient> request) {
        return verified(() -> {
            var validity = parameters.align(now(), validitySeconds);
            return new Sent(request.apply(new Order(parameters.kgc(), parameters.hpke(), lines, validity, now())));
        });
    }

    private static Future<List<Credential>> once(Issuance request) {
        return request.send().onComplete(done -> request.close());
    }

    private static Buffer named(Digest fingerprint) {
        return Buffer.buffer(fingerprint.bytes());
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** A request as it goes over the mesh. */
    private final class Sent implements Issuance {

        private final IssuanceClient client;

        Sent(IssuanceClient client) {
            this.client = client;
        }

        @Override
        public Future<List<Credential>> send() {
            return mesh.call(KgcServices.ISSUE, Buffer.buffer(client.message()))
                    .compose(reply -> verified(() -> client.accept(reply.getBytes())));
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
