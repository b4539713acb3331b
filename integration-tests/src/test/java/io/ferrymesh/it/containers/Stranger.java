package io.ferrymesh.it.containers;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Meshes;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.ServiceName;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.shareddata.AsyncMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A member of the cluster that is nobody's, as a program for a container. Whatever it is told goes to the file "heard" where it
 * runs. Its argument says what it does besides, again and again until it is killed.
 */
public final class Stranger {

    /** Answers for the key centre: never. */
    static final String DROPS = "drops";

    /** Sends what nobody wants to every process it knows. */
    static final String FLOODS = "floods";

    /** Takes the place of every source that waits. */
    static final String STEALS = "steals";

    /** What it writes when it is in a source's place. */
    static final String STOLEN = "stolen ";

    /** What it writes before whatever a message held. */
    static final String MESSAGE = "message ";

    private static final Topic HELLO = new Topic("migration.hello");
    private static final DeliveryOptions WIRE = new DeliveryOptions().setCodecName("ferrymesh");
    private static final long ROUND_MS = 200;
    private static final int AT_ONCE = 100;
    private static final int NOISE = 60_000;

    private final Mesh mesh;
    private final AsyncMap<String, String> directory;
    private final String what;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private Stranger(Mesh mesh, AsyncMap<String, String> directory, String what) {
        this.mesh = mesh;
        this.directory = directory;
        this.what = what;
    }

    /** Joins the cluster that the environment names. */
    public static void main(String[] arguments) {
        var unused = Meshes.start(MeshOptions.fromEnvironment(System.getenv()))
                .compose(mesh -> mesh.vertx()
                        .sharedData()
                        .<String, String>getClusterWideMap("ferrymesh.rendezvous")
                        .map(directory -> new Stranger(mesh, directory, arguments[0])))
                .compose(Stranger::begin)
                .onSuccess(done -> System.out.println("{\"ready\":\"stranger\"}"))
                .onFailure(Throwable::printStackTrace);
    }

    private Future<Void> begin() {
        mesh.onRequest(HELLO, (from, payload) -> {
            hear(MESSAGE + "for another", payload);
            return Future.succeededFuture(noise(700));
        });
        long unused = mesh.vertx().setPeriodic(ROUND_MS, timer -> round());
        return what.equals(DROPS) ? answerForTheKeyCentre() : Future.succeededFuture();
    }

    private Future<Void> answerForTheKeyCentre() {
        List<Future<Void>> taken = Stream.of(
                        KgcServices.ISSUE, KgcServices.PARAMETERS, KgcServices.BULLETIN, KgcServices.REVOCATIONS)
                .map(this::take)
                .toList();
        return Future.all(taken).mapEmpty();
    }

    private Future<Void> take(ServiceName service) {
        return mesh.serve(service, (from, payload) -> {
            hear(MESSAGE + service, payload);
            return Promise.<Buffer>promise().future();
        });
    }

    private void round() {
        var unused = directory.entries().onSuccess(entries -> {
            entries.forEach((key, value) -> {
                hear("entry " + key, Buffer.buffer(value));
                if (!value.equals(mesh.address().value())) {
                    boolean unusedKnown = known.add(value);
                }
            });
            if (what.equals(STEALS)) {
                steal(entries);
            }
        });
        if (what.equals(FLOODS)) {
            known.forEach(this::flood);
        }
    }

    private void steal(Map<String, String> entries) {
        for (String key : entries.keySet()) {
            var unused =
                    directory.put(key, mesh.address().value()).onSuccess(done -> hear(STOLEN + key, Buffer.buffer()));
        }
    }

    private void flood(String address) {
        Id128 self = Id128.parse(mesh.address().value().substring(PeerAddress.PREFIX.length()));
        Id128 victim = Id128.parse(address.substring(PeerAddress.PREFIX.length()));
        for (int i = 0; i < AT_ONCE; i++) {
            Id128 stream = Id128.random(random);
            send(address, new Message.Data(self, stream, 0, noise(NOISE)));
            send(address, new Message.Data(victim, stream, 1L << 40, noise(1)));
            send(address, new Message.Cancel(self, stream, Role.OPENER, ErrorCode.CANCELLED));
            var unused = mesh.peer(new PeerAddress(address)).request(HELLO, noise(97));
        }
    }

    private void send(String address, Message message) {
        var unused = mesh.vertx().eventBus().send(address, message, WIRE);
    }

    private Buffer noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return Buffer.buffer(noise);
    }

    private static synchronized void hear(String what, Buffer content) {
        Buffer line = Buffer.buffer(what + ": ").appendBuffer(content).appendString("\n");
        try {
            Path unused = Files.write(
                    Path.of("heard"), line.getBytes(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
