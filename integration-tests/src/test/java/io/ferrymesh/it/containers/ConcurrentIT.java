package io.ferrymesh.it.containers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many migrations at once between two providers of two nodes each. */
@NeedsImage
class ConcurrentIT {

    private static final int USERS = 10;
    private static final int EACH = 5;
    private static final int OBJECTS = 20;
    private static final long LARGEST = 200_000;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private ClusterDeployment deployment;

    @BeforeEach
    void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "concurrent"), 2);
    }

    @AfterEach
    void stop() throws Exception {
        deployment.close();
    }

    @Test
    void fifty_migrations_at_once_arrive_with_every_byte() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        List<ClusterUser> users = new ArrayList<>();
        List<List<ClusterMove>> moves = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            ClusterUser user = new ClusterUser(deployment, "user-" + i);
            List<ClusterMove> own = new ArrayList<>();
            for (int j = 0; j < EACH; j++) {
                own.add(user.write(j + "/", random.longs(OBJECTS, 0, LARGEST).toArray()));
            }
            users.add(user);
            moves.add(own);
        }
        for (int j = 0; j < EACH; j++) {
            for (int i = 0; i < USERS; i++) {
                users.get(i).begin(moves.get(i).get(j));
            }
        }
        for (int i = 0; i < USERS; i++) {
            for (ClusterMove move : moves.get(i)) {
                users.get(i).requireArrived(move, PATIENCE);
            }
        }
    }
}
