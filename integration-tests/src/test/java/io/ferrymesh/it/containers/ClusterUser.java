package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.DockerException;
import io.ferrymesh.it.Trees;
import io.ferrymesh.it.User;
import io.ferrymesh.scheme.SignedReceipt;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A user with an account at both providers, whose client asks again, at another node, when one does not answer. */
final class ClusterUser {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_EVERY_MS = 200;
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final ClusterDeployment deployment;
    private final String name;
    private final Map<Party, User> sessions = new ConcurrentHashMap<>();
    private final Map<Party, Path> directories = new EnumMap<>(Party.class);

    /** Something that a user asks of a node. */
    private interface Request<T> {
        T of(User user) throws IOException, InterruptedException;
    }

    /** Makes the accounts. */
    ClusterUser(ClusterDeployment deployment, String name) throws Exception {
        this.deployment = deployment;
        this.name = name;
        for (Party party : Party.values()) {
            User user = User.register(deployment.any(party).door(), name);
            sessions.put(party, user);
            Path directory = deployment.objects(party).resolve(user.account());
            directories.put(party, directory);
        }
        deployment.work().give(Files.createDirectories(directory(Party.OLD)));
    }

    /** Where the user's objects are at a provider. */
    Path directory(Party party) {
        return Objects.requireNonNull(directories.get(party));
    }

    /** Writes files of these sizes at the old provider, below a prefix that ends with a slash. */
    ClusterMove write(String prefix, long... sizes) throws IOException {
        Path below = directory(Party.OLD).resolve(prefix);
        for (int i = 0; i < sizes.length; i++) {
            Trees.file(below.resolve(i % 10 + "/" + i), sizes[i]);
        }
        deployment.work().give(below);
        return ClusterMove.of(prefix, sizes);
    }

    /** Gives both providers their half. */
    void begin(ClusterMove move) throws Exception {
        begin(move, new JsonObject());
    }

    /** The same, with objects that come no faster than this, until {@link #unlimit}. */
    void begin(ClusterMove move, long bytesPerSecond) throws Exception {
        begin(move, new JsonObject().put("bandwidth", new JsonObject().put("bytesPerSecond", bytesPerSecond)));
    }

    /** The same, done as these options have it. */
    void begin(ClusterMove move, JsonObject options) throws Exception {
        allow(move);
        fetch(move, options);
    }

    /** Gives the old provider its half. */
    void allow(ClusterMove move) throws Exception {
        boolean unused = ask(Party.OLD, user -> {
            user.allow(move.grant().copy().put("prefix", move.prefix()));
            return true;
        });
    }

    /** Gives the new provider its half. */
    void fetch(ClusterMove move, JsonObject options) throws Exception {
        boolean unused = ask(Party.NEW, user -> {
            user.fetch(move.grant().copy().put("options", options));
            return true;
        });
    }

    /** Ends the limit that a migration was begun with. */
    void unlimit(ClusterMove move) throws Exception {
        boolean unused = ask(Party.NEW, user -> {
            user.unlimit(move.grant());
            return true;
        });
    }

    /** Waits until it stands so; fails when it is over instead. */
    JsonObject awaitState(ClusterMove move, String state) throws Exception {
        JsonObject seen = await(move, PATIENCE, "to be " + state, view -> view.getString("state")
                .equals(state));
        assertThat(seen.getString("state")).as(seen.encodePrettily()).isEqualTo(state);
        return seen;
    }

    /** The new provider's view. */
    JsonObject view(ClusterMove move) throws Exception {
        return ask(Party.NEW, user -> user.migration(move.grant()));
    }

    /** Waits until something has arrived, and the migration goes on. */
    void awaitMoved(ClusterMove move, long bytes) throws Exception {
        JsonObject seen = await(move, PATIENCE, "to have moved " + bytes + " bytes", view -> moved(view) >= bytes);
        assertThat(User.over(seen)).as(seen.encode()).isFalse();
    }

    /** Waits for its end, which must be a good one, and requires that everything is there and signed for by both. */
    void requireArrived(ClusterMove move, Duration patience) throws Exception {
        JsonObject end = await(move, patience, "to complete", view -> false);
        assertThat(end.getString("state")).as(end.encodePrettily()).isEqualTo("COMPLETED");
        requireSame(move.prefix());
        String path = "/receipt";
        byte[] atNew = ask(Party.NEW, user -> user.bytes("/v1/migrations/" + move.id() + path));
        byte[] atOld = ask(Party.OLD, user -> user.bytes("/v1/grants/" + move.id() + path));
        assertThat(atOld).isEqualTo(atNew);
        SignedReceipt receipt = SignedReceipt.decode(atNew);
        assertThat(receipt.verify(deployment.kgcKey())).isTrue();
        assertThat(receipt.receipt().objects()).isEqualTo(move.objects());
        assertThat(receipt.receipt().bytes()).isEqualTo(move.bytes());
    }

    /** The first of the new provider's views that is as wanted; fails when it is over before, or that takes too long. */
    JsonObject awaitView(ClusterMove move, String what, Predicate<JsonObject> wanted) throws Exception {
        JsonObject seen = await(move, PATIENCE, what, wanted);
        assertThat(wanted.test(seen)).as("%s: %s", what, seen.encode()).isTrue();
        return seen;
    }

    private void requireSame(String prefix) throws Exception {
        Path expected = directory(Party.OLD).resolve(prefix);
        if (!deployment.isOverS3()) {
            Trees.assertSame(expected, directory(Party.NEW).resolve(prefix));
            return;
        }
        // An S3 server's own files say nothing of an object's time, and are its own business.
        Set<String> files = io.ferrymesh.it.containers.Trees.members(expected).stream()
                .filter(each -> Files.isRegularFile(expected.resolve(each)))
                .map(each -> prefix + each)
                .collect(Collectors.toSet());
        List<String> paths = ask(Party.NEW, user -> user.objects().paths());
        assertThat(paths).filteredOn(each -> each.startsWith(prefix)).containsExactlyInAnyOrderElementsOf(files);
        for (String file : files) {
            byte[] content = ask(Party.NEW, user -> user.objects().get(file));
            assertThat(content)
                    .as(file)
                    .isEqualTo(Files.readAllBytes(directory(Party.OLD).resolve(file)));
        }
    }

    private static long moved(JsonObject view) {
        return view.getJsonObject("progress").getLong("bytesMoved");
    }

    /** The first view that is as wanted, or in which it is over. */
    private JsonObject await(ClusterMove move, Duration patience, String what, Predicate<JsonObject> wanted)
            throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonObject view = view(move);
            if (User.over(view) || wanted.test(view)) {
                return view;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("in vain waited " + patience + " for " + name + "'s " + move.prefix() + " "
                        + what + ": " + view.encodePrettily());
            }
            boolean unused = NEVER.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Asks until there is an answer; nodes may be away while they are asked. */
    private <T> T ask(Party party, Request<T> request) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean fresh = false;
        while (true) {
            try {
                User.Door door = deployment.any(party).door();
                User user = fresh
                        ? User.login(door, name)
                        : Objects.requireNonNull(sessions.get(party)).at(door);
                T answer = request.of(user);
                User unused = sessions.put(party, user);
                return answer;
            } catch (IOException | DockerException | AssertionError e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                fresh = !fresh; // in case it is the session that has ended
                boolean unused = NEVER.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
