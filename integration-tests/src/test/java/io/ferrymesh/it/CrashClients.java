package io.ferrymesh.it;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.registry.ReplyTable;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.IssuanceClient;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Usage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Providers and operators of a key centre that may be gone at any moment. What they are told is done is {@link Acknowledged}; a
 * request for certificates without an answer is kept, to be sent again as it was. Any thread.
 */
final class CrashClients {

    private static final long ANSWER_MS = 5_000;
    private static final String REASON = "because the test says so";

    private final CrashingCentre centre;
    private final Mesh mesh;
    private final Acknowledged acknowledged;
    private final SecureRandom random = new SecureRandom();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Credential> signers = new CopyOnWriteArrayList<>();
    private final Queue<IssuanceClient> unanswered = new ConcurrentLinkedQueue<>();
    private final Map<Digest, byte[]> replies = new ConcurrentHashMap<>();
    private final Map<Digest, byte[]> promised = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicInteger revoked = new AtomicInteger();
    private volatile Digest pin;
    private volatile Optional<KgcParameters> current = Optional.empty();
    private volatile URI api = URI.create("http://127.0.0.1");
    private volatile CompletableFuture<Void> killed = new CompletableFuture<>();

    CrashClients(CrashingCentre centre, Mesh mesh, Acknowledged acknowledged) {
        this.centre = centre;
        this.mesh = mesh;
        this.acknowledged = acknowledged;
        this.pin = centre.keyring.centre();
    }

    /** A node is ready. */
    void use(CrashingCentre.Running node) {
        api = URI.create(node.ready().getString("api"));
        replies.clear();
        killed = new CompletableFuture<>();
        current = Optional.empty();
    }

    /** It is gone: nobody waits for it any more. */
    void killed() {
        killed.complete(null);
    }

    /** What was answered in this node's life, by the SHA-256 of the request. */
    Map<Digest, byte[]> replies() {
        return replies;
    }

    /** A new provider enrols. */
    void enrol() throws Gone {
        String name = "provider-" + names.incrementAndGet();
        JsonObject made = post(Role.ENROLMENT, "/v1/providers", new JsonObject().put("name", name));
        long number = made.getLong("number");
        acknowledged.provider(number, name);
        JsonObject token = post(Role.ENROLMENT, "/v1/providers/" + number + "/tokens", new JsonObject());
        try (EnrolmentToken opened = EnrolmentToken.of(HexFormat.of().parseHex(token.getString("token")))) {
            List<Line> lines = List.of(new Line(Usage.SIGNING, 1), new Line(Usage.KEY_AGREEMENT, 1));
            ask(IssuanceClient.enrol(order(lines), opened, random));
        }
    }

    /** A provider gets more. */
    void renew(int which, int count) throws Gone {
        if (signers.isEmpty()) {
            enrol();
            return;
        }
        Credential signer = signers.get(which % signers.size());
        List<Line> lines = List.of(new Line(Usage.KEY_AGREEMENT, count));
        ask(IssuanceClient.renew(order(lines), signer, random));
    }

    /** Some certificate is revoked. */
    void revoke() throws Gone {
        Optional<Pseudonym> pseudonym = acknowledged.anyPseudonym(revoked.getAndIncrement());
        if (pseudonym.isPresent()) {
            JsonObject body =
                    new JsonObject().put("pseudonym", pseudonym.get().hex()).put("reason", REASON);
            JsonObject done = post(Role.REVOCATION, "/v1/revocations", body);
            if (done.getLong("number") < 1) {
                throw new AssertionError("revoked, but the log is empty: " + done);
            }
            acknowledged.revocation(pseudonym.get());
        }
    }

    /** A new key epoch, in force at once. */
    void rotate() throws Gone {
        JsonObject epoch = post(Role.ADMIN, "/v1/key-epochs", new JsonObject().put("activateAfterSeconds", 0));
        acknowledged.epoch(epoch.getInteger("number"), epoch.getString("fingerprint"));
    }

    /** Sends every request again that had no answer. Returns how many were answered with certificates. */
    int askAgain() throws Gone {
        int answered = 0;
        for (IssuanceClient request = unanswered.poll(); request != null; request = unanswered.poll()) {
            answered += ask(request) ? 1 : 0;
        }
        return answered;
    }

    /** Which of them were carried out all the same: those must be answered so when they are sent again. */
    void lookUpUnanswered() {
        try (Database database = Database.openReadOnly(centre.database, Kgc.MIGRATIONS)) {
            for (IssuanceClient each : unanswered) {
                Digest request = Digest.sha256(each.message());
                database.read(handle -> ReplyTable.find(handle, request))
                        .ifPresent(reply -> promised.put(request, reply));
            }
        }
    }

    int waiting() {
        return unanswered.size();
    }

    private boolean ask(IssuanceClient client) throws Gone {
        byte[] message = client.message();
        Digest request = Digest.sha256(message);
        try {
            byte[] reply = answer(mesh.call(KgcServices.ISSUE, Buffer.buffer(message))
                            .toCompletionStage()
                            .toCompletableFuture())
                    .getBytes();
            List<Credential> credentials = client.accept(reply);
            replies.put(request, reply);
            byte[] promise = promised.get(request);
            if (promise != null && !Arrays.equals(promise, reply)) {
                throw new AssertionError("sent again, a request that was carried out had another reply");
            }
            take(credentials);
            client.close();
            return true;
        } catch (MeshException e) {
            if (e.code() == ErrorCode.UNAVAILABLE
                    || e.code() == ErrorCode.PEER_LOST
                    || e.code() == ErrorCode.OVERLOADED) {
                unanswered.add(client);
                throw new Gone(e);
            }
            if (promised.containsKey(request)) {
                throw new AssertionError("sent again, a request that was carried out was refused", e);
            }
            client.close();
            current = Optional.empty();
            return false;
        } catch (Gone e) {
            unanswered.add(client);
            throw e;
        }
    }

    private void take(List<Credential> credentials) {
        acknowledged.certificates(
                credentials.stream().map(Credential::certificate).toList());
        for (Credential each : credentials) {
            Certificate certificate = each.certificate();
            if (certificate.info().usage() == Usage.SIGNING) {
                signers.add(each);
            } else {
                each.close();
            }
        }
    }

    private IssuanceClient.Order order(List<Line> lines) throws Gone {
        long now = System.currentTimeMillis() / 1_000;
        KgcParameters parameters = current.isPresent() ? current.get() : parameters(now);
        return new IssuanceClient.Order(parameters.kgc(), parameters.hpke(), lines, parameters.align(now, 86_400), now);
    }

    /** Of the key epoch in force, found by following successors from the one known last. */
    KgcParameters parameters(long now) throws Gone {
        while (true) {
            Buffer signed;
            try {
                signed = answer(mesh.call(KgcServices.PARAMETERS, Buffer.buffer(pin.bytes()))
                        .toCompletionStage()
                        .toCompletableFuture());
            } catch (MeshException e) {
                throw new Gone(e);
            }
            KgcParameters parameters = KgcParameters.verify(signed.getBytes(), pin, now);
            Optional<KgcParameters.Successor> next = parameters.successor().filter(each -> each.activeFrom() <= now);
            if (next.isEmpty()) {
                current = Optional.of(parameters);
                return parameters;
            }
            pin = next.get().kgc().fingerprint();
        }
    }

    private <T> T answer(CompletableFuture<T> reply) throws Gone {
        try {
            Object unused = CompletableFuture.anyOf(reply, killed).get(ANSWER_MS, TimeUnit.MILLISECONDS);
            if (!reply.isDone()) {
                throw new Gone(new IllegalStateException("killed"));
            }
            return reply.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MeshException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (TimeoutException | InterruptedException e) {
            throw new Gone(e);
        }
    }

    private JsonObject post(Role role, String path, JsonObject body) throws Gone {
        HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(Duration.ofMillis(ANSWER_MS))
                .header("Authorization", "Bearer " + centre.token(role))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 == 2) {
                return new JsonObject(response.body());
            }
            if (response.statusCode() == 503 || response.statusCode() == 409) {
                throw new Gone(new IllegalStateException(response.body()));
            }
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
        } catch (IOException | InterruptedException e) {
            throw new Gone(e);
        }
    }

    /** Nobody knows whether it was done. */
    static final class Gone extends Exception {
        Gone(Throwable cause) {
            super(cause);
        }
    }
}
