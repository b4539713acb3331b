package io.ferrymesh.it.containers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several migrations at once to a provider of two nodes that keeps its users' objects on an S3 server. */
@NeedsImage
class ConcurrentS3IT {

    private static final int USERS = 5;
    private static final int EACH = 2;
    private static final int OBJECTS = 20;
    private static final long LARGEST = 200_000;

    /** More than one part of an upload, and not a whole number of them. */
    private static final long IN_PARTS = 20_000_003;

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private ClusterDeployment deployment;

    /** A migration and whose it is. */
    private record Begun(ClusterUser user, ClusterMove move) {}

    @BeforeEach
    void start() throws Exception {
        deployment = ClusterDeployment.startOverS3(Path.of("target", "concurrent-s3"), 2);
    }

    @AfterEach
    void stop() throws Exception {
        deployment.close();
    }

    @Test
    void ten_migrations_at_once_arrive_on_an_s3_server_with_every_byte() throws Exception {
        SplittableRandom random = new SplittableRandom(12);
        List<Begun> all = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            ClusterUser user = new ClusterUser(deployment, "user-" + i);
            for (int j = 0; j < EACH; j++) {
                long[] sizes = random.longs(OBJECTS, 0, LARGEST).toArray();
                sizes[0] = j == 0 ? IN_PARTS : 0;
                all.add(new Begun(user, user.write(j + "/", sizes)));
            }
        }
        for (Begun each : all) {
            each.user().begin(each.move());
        }
        for (Begun each : all) {
            each.user().requireArrived(each.move(), PATIENCE);
        }
    }
}
