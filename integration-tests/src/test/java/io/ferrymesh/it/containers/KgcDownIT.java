package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key centre that is killed while users move, and comes back. */
@NeedsImage
class KgcDownIT {

    private static final int POOL = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** A slow migration takes five minutes with its limit, and seconds without. */
    private static final long SLOWLY = 50_000;

    private static final long[] MUCH = sizes(150, 100_000);
    private static final long[] LITTLE = sizes(10, 50_000);

    /** Stocks that are soon used up, and a list of the revoked that is old soon. */
    private static final Map<String, String> LITTLE_TRUST = Map.of(
            "FERRYMESH_PROVIDER_CREDENTIALS_POOL_SIZE", String.valueOf(POOL),
            "FERRYMESH_PROVIDER_CREDENTIALS_LOW_WATER", "1",
            "FERRYMESH_PROVIDER_KGC_REVOCATION_MAX_AGE_SECONDS", "30");

    private ClusterDeployment deployment;

    @BeforeEach
    void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "kgc-down"), 1, LITTLE_TRUST);
    }

    @AfterEach
    void stop() throws Exception {
        deployment.close();
    }

    @Test
    void what_runs_completes_and_what_is_new_is_refused_when_the_list_is_old_until_the_key_centre_is_back()
            throws Exception {
        ClusterUser user = new ClusterUser(deployment, "user");
        ClusterMove running = user.write("running/", MUCH);
        user.begin(running, SLOWLY);
        user.awaitMoved(running, 1);
        deployment.kgc().kill();

        ClusterMove fresh = user.write("fresh/", LITTLE);
        user.begin(fresh);
        user.requireArrived(fresh, PATIENCE);
        requireStale(1);
        ClusterMove refused = user.write("refused/", LITTLE);
        user.begin(refused);
        requireWaiting(user, refused, "HANDSHAKE_REFUSED");
        List<Begun> without = useUpStocks();
        user.unlimit(running);
        user.requireArrived(running, PATIENCE);

        deployment.kgc().startAgain();
        requireStale(0);
        ClusterMove after = user.write("after/", LITTLE);
        user.begin(after);
        user.requireArrived(after, PATIENCE);
        user.requireArrived(refused, PATIENCE);
        for (Begun each : without) {
            each.user().requireArrived(each.move(), PATIENCE);
        }
    }

    /** A migration and whose it is. */
    private record Begun(ClusterUser user, ClusterMove move) {}

    /** Each new one takes a pair of credentials, until one finds none. */
    private List<Begun> useUpStocks() throws Exception {
        ClusterUser user = new ClusterUser(deployment, "another");
        List<Begun> all = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        while (all.size() <= POOL && !codes.contains("UNAVAILABLE")) {
            ClusterMove move = user.write("without-" + all.size() + "/", LITTLE);
            user.begin(move);
            all.add(new Begun(user, move));
            JsonObject waiting = user.awaitView(move, "to wait", KgcDownIT::waits);
            codes.add(waiting.getJsonObject("failure").getString("code"));
        }
        assertThat(codes).as("why new migrations wait").contains("UNAVAILABLE");
        return all;
    }

    private static void requireWaiting(ClusterUser user, ClusterMove move, String code) throws Exception {
        JsonObject waiting = user.awaitView(move, "to wait", KgcDownIT::waits);
        assertThat(waiting.getJsonObject("failure").getString("code"))
                .as(waiting.encodePrettily())
                .isEqualTo(code);
        assertThat(waiting.getJsonObject("progress").getLong("bytesMoved")).isZero();
    }

    /** Whether it has failed and will be tried again. */
    private static boolean waits(JsonObject view) {
        return view.getString("state").equals("QUEUED") && view.getString("retryAt") != null;
    }

    /** Both providers say whether nobody is let in for want of a list of the revoked that is new enough. */
    private void requireStale(double wanted) throws Exception {
        for (Party party : Party.values()) {
            Until.is(
                    wanted,
                    () -> deployment.any(party).figure("ferrymesh_provider_degraded", "code=\"REVOCATION_STALE\""));
        }
    }

    private static long[] sizes(int count, long each) {
        long[] all = new long[count];
        Arrays.fill(all, each);
        return all;
    }
}
