package io.ferrymesh.it.containers;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** Migrations of several users that go on while something happens to the nodes. */
final class Moves {

    /** So many at once: one that nobody's node works on is unlikely to be the only one. */
    static final int USERS = 3;

    private static final int SMALL = 12;
    private static final long MIB = 1 << 20;
    /** Three segments, so that some are there and others are not, and small ones. */
    private static final long[] SIZES = LongStream.concat(
                    LongStream.of(34 * MIB), LongStream.rangeClosed(1, SMALL).map(i -> i * 3_000))
            .toArray();

    private static final long BYTES_PER_SECOND = 4_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final List<Going> going = new ArrayList<>();

    private record Going(ClusterUser user, ClusterMove move) {}

    private Moves() {}

    /** Users for {@link #begin}. */
    static List<ClusterUser> users(ClusterDeployment deployment) throws Exception {
        List<ClusterUser> users = new ArrayList<>();
        for (int i = 1; i <= USERS; i++) {
            users.add(new ClusterUser(deployment, "user-" + i));
        }
        return users;
    }

    /** One for each user, which take some ten seconds; all of them have begun to move bytes. */
    static Moves begin(List<ClusterUser> users) throws Exception {
        return begin(users, BYTES_PER_SECOND);
    }

    /** The same, as fast as that. */
    static Moves begin(List<ClusterUser> users, long bytesPerSecond) throws Exception {
        Moves moves = ask(users, bytesPerSecond);
        for (Going each : moves.going) {
            each.user.awaitMoved(each.move, MIB);
        }
        return moves;
    }

    /** The same, without a look at what comes of it. */
    static Moves ask(List<ClusterUser> users, long bytesPerSecond) throws Exception {
        JsonObject options = new JsonObject().put("bandwidth", new JsonObject().put("bytesPerSecond", bytesPerSecond));
        Moves moves = new Moves();
        for (ClusterUser user : users) {
            ClusterMove move = user.write(NUMBER.incrementAndGet() + "/", SIZES);
            user.begin(move, options);
            moves.going.add(new Going(user, move));
        }
        return moves;
    }

    /** Within two minutes from now everything is there, and signed for. */
    void requireArrived() throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Going each : going) {
            each.user.requireArrived(each.move, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
