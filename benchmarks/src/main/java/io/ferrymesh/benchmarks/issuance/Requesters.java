package io.ferrymesh.benchmarks.issuance;

import io.ferrymesh.benchmarks.transfer.KeyCentre;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.ServiceName;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.IssuanceClient.Order;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Enrolled providers that ask for certificates, each one request after the other. Blocking. */
final class Requesters implements AutoCloseable {

    private static final long VALIDITY_SECONDS = 3_600;
    private static final long ANSWER_SECONDS = 60;

    private final Mesh mesh;
    private final KgcParameters parameters;
    private final SecureRandom random = new SecureRandom();
    private final List<Credential> signers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Requesters(Mesh mesh, Digest fingerprint) throws Exception {
        this.mesh = mesh;
        byte[] signed = call(KgcServices.PARAMETERS, fingerprint.bytes());
        this.parameters =
                KgcParameters.verify(signed, fingerprint, Instant.now().getEpochSecond());
    }

    /** Enrols so many. */
    static Requesters enrol(Mesh mesh, KeyCentre centre, int count) throws Exception {
        Requesters requesters = new Requesters(mesh, Digest.parse(centre.fingerprint()));
        HttpClient http = HttpClient.newHttpClient();
        for (int i = 0; i < count; i++) {
            byte[] token = HexFormat.of().parseHex(centre.admit(http, "provider-" + i));
            try (EnrolmentToken opened = EnrolmentToken.of(token);
                    IssuanceClient client =
                            IssuanceClient.enrol(requesters.order(Usage.SIGNING, 1), opened, requesters.random)) {
                requesters.signers.addAll(client.accept(requesters.call(KgcServices.ISSUE, client.message())));
            }
        }
        return requesters;
    }

    /** So many ask at once until the time is over; how long each answer took, in nanoseconds. */
    List<Long> ask(int atOnce, int batch, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Callable<List<Long>>> all = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            Credential signer = signers.get(i);
            all.add(() -> askUntil(end, signer, batch));
        }
        List<Long> nanos = new ArrayList<>();
        for (Future<List<Long>> each : threads.invokeAll(all)) {
            nanos.addAll(each.get());
        }
        return nanos;
    }

    /** The first answer is checked to be what was asked for; checking all would measure this side. */
    private List<Long> askUntil(long end, Credential signer, int batch) throws Exception {
        List<Long> nanos = new ArrayList<>();
        while (nanos.isEmpty() || System.nanoTime() < end) {
            try (IssuanceClient client = IssuanceClient.renew(order(Usage.KEY_AGREEMENT, batch), signer, random)) {
                long sent = System.nanoTime();
                byte[] reply = call(KgcServices.ISSUE, client.message());
                long took = System.nanoTime() - sent;
                if (nanos.isEmpty()) {
                    client.accept(reply).forEach(Credential::close);
                }
                nanos.add(took);
            }
        }
        return nanos;
    }

    private Order order(Usage usage, int count) {
        long now = Instant.now().getEpochSecond();
        return new Order(
                parameters.kgc(),
                parameters.hpke(),
                List.of(new Line(usage, count)),
                parameters.align(now, VALIDITY_SECONDS),
                now);
    }

    private byte[] call(ServiceName service, byte[] message) throws Exception {
        return mesh.call(service, Buffer.buffer(message))
                .toCompletionStage()
                .toCompletableFuture()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .getBytes();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        signers.forEach(Credential::close);
    }
}
