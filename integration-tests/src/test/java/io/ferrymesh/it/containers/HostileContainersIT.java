package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A member that is nobody's reads, forges, floods and drops while a user moves. */
@NeedsImage
class HostileContainersIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SECRET_NAME = "letters to a lawyer";
    private static final String SECRET_CONTENT = "what nobody else may read ";
    private static final int REPEATED = 20_000;

    private static ClusterDeployment deployment;
    private static ClusterUser user;

    @BeforeAll
    static void start() throws Exception {
        deployment = ClusterDeployment.start(Path.of("target", "hostile"), 1);
        user = new ClusterUser(deployment, "user-known-by-name");
    }

    @AfterAll
    static void stop() throws Exception {
        if (deployment != null) {
            deployment.close();
        }
    }

    @Test
    void who_answers_in_the_key_centres_place_learns_no_name_and_no_content() throws Exception {
        try (StrangerContainer stranger = StrangerContainer.start(deployment, Stranger.DROPS)) {
            ClusterMove move = user.write("dropped/", 10_000, 3 << 20);
            Path secret = user.directory(Party.OLD).resolve("dropped/" + SECRET_NAME);
            Files.writeString(secret, SECRET_CONTENT.repeat(REPEATED));
            deployment.work().give(secret);
            ClusterMove whole =
                    new ClusterMove(move.grant(), move.prefix(), move.objects() + 1, move.bytes() + Files.size(secret));
            user.begin(whole);
            user.requireArrived(whole, PATIENCE);
            Until.isTrue(() -> stranger.heard().contains(Stranger.MESSAGE));
            assertThat(stranger.heard())
                    .doesNotContain(SECRET_NAME, SECRET_CONTENT, "user-known-by-name")
                    .doesNotContain(move.grant().getString("psk"))
                    .doesNotContain(inBytes(move.grant().getString("psk")));
        }
        requireUnharmed("after-drops/");
    }

    @Test
    void who_floods_a_process_is_not_heard_and_harms_nobody() throws Exception {
        ClusterMove waiting = user.write("known/", 1_000);
        user.allow(waiting);
        try (StrangerContainer stranger = StrangerContainer.start(deployment, Stranger.FLOODS)) {
            Until.isTrue(() -> stranger.heard().contains("entry "));
            String refused = "ferrymesh_mesh_refused_total";
            double before = source().figure(refused);
            ClusterMove move = user.write("flooded/", 10_000, 20 << 20);
            user.begin(move);
            user.requireArrived(move, PATIENCE);
            Until.isTrue(() -> source().figure(refused) > before);
        }
        requireUnharmed("after-floods/");
        user.fetch(waiting, new JsonObject());
        user.requireArrived(waiting, PATIENCE);
    }

    @Test
    void who_takes_a_sources_place_gets_nothing_and_another_grant_finds_the_source() throws Exception {
        ClusterMove move = user.write("stolen/", 10_000, 1 << 20);
        try (StrangerContainer stranger = StrangerContainer.start(deployment, Stranger.STEALS)) {
            user.allow(move);
            Until.isTrue(() -> stranger.heard().contains(Stranger.STOLEN));
            user.fetch(move, new JsonObject());
            Until.isTrue(() -> stranger.heard().contains(Stranger.MESSAGE + "for another"));
            JsonObject failed = user.awaitState(move, "FAILED");
            assertThat(failed.getJsonObject("progress").getLong("bytesMoved")).isZero();
        }
        // What the stranger entered in the directory is still there.
        ClusterMove again = ClusterMove.of(move.prefix(), 10_000, 1 << 20);
        user.begin(again);
        user.requireArrived(again, PATIENCE);
        requireUnharmed("after-steals/");
    }

    private static ClusterNode source() {
        return deployment.nodes(Party.OLD).get(0);
    }

    /** What is new arrives, at nodes that were never started again. */
    private static void requireUnharmed(String prefix) throws Exception {
        ClusterMove move = user.write(prefix, 10_000, 1 << 20);
        user.begin(move);
        user.requireArrived(move, PATIENCE);
        for (ClusterNode each : deployment.all()) {
            assertThat(each.isRunning()).as(each.name()).isTrue();
        }
    }

    /** What is said in hexadecimal, as the bytes are. */
    private static String inBytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
