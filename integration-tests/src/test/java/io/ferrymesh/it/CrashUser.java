package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.cli.receipt.KgcKeys;
import io.ferrymesh.cli.receipt.ReceiptCheck;
import io.ferrymesh.it.CrashNodes.Part;
import io.ferrymesh.scheme.SignedReceipt;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A user of both providers of a crash test, whose client asks again, at another process, when one does not answer. */
final class CrashUser {

    private static final int TRIES = 600;
    private static final long PAUSE_MS = 100;
    private static final int LOOKS = 6_000;

    private final CountDownLatch never = new CountDownLatch(1);
    private final CrashNodes nodes;
    private final SentAgain sentAgain;
    private final String name;
    private final Path from;
    private final Path to;

    /** Something that a user asks of a process. */
    private interface Request<T> {
        T of(User user) throws IOException, InterruptedException;
    }

    /**
     * Has an account at both.
     *
     * @param from where the source's users have their directories
     * @param to where the destination's have them
     */
    CrashUser(CrashNodes nodes, SentAgain sentAgain, String name, Path from, Path to) throws Exception {
        this.nodes = nodes;
        this.sentAgain = sentAgain;
        this.name = name;
        this.from = from.resolve(User.register(nodes.any(Part.SOURCE), name).account());
        this.to = to.resolve(User.register(nodes.any(Part.DESTINATION), name).account());
    }

    /** Moves one thing after the other, as long as there is to be more. */
    List<SentAgain.Again> moveWhile(AtomicBoolean more, SplittableRandom random, String chain) throws Exception {
        List<SentAgain.Again> moved = new ArrayList<>();
        do {
            CrashMove move = CrashMove.draw(random, chain + "/" + moved.size() + "/");
            move.write(from);
            begin(move);
            complete(move);
            requireReceipt(move);
            moved.add(sentAgain.check(move));
            Trees.assertSame(from.resolve(move.prefix()), to.resolve(move.prefix()));
            move.removeLarge(from);
            move.removeLarge(to);
        } while (more.get());
        return moved;
    }

    /** All that was moved is there, once, as it was; and nothing else. */
    void requireAll() throws Exception {
        Trees.assertSame(from, to);
        List<String> paths = ask(Part.DESTINATION, user -> user.objects().paths());
        assertThat(paths).containsExactlyElementsOf(ask(Part.SOURCE, user -> user.objects()
                .paths()));
    }

    private void begin(CrashMove move) throws Exception {
        boolean unused = ask(Part.SOURCE, user -> {
            user.allow(move.allowed());
            return true;
        });
        unused = ask(Part.DESTINATION, user -> {
            user.fetch(move.asked());
            return true;
        });
    }

    private void complete(CrashMove move) throws Exception {
        for (int look = 0; look < LOOKS; look++) {
            String state = sentAgain.state(move.id()).orElse("unknown");
            if (state.equals("COMPLETED")) {
                JsonObject view = ask(Part.DESTINATION, user -> user.migration(move.grant()));
                JsonObject made = view.getJsonObject("progress");
                assertThat(made.getInteger("objectsDone") + made.getInteger("objectsAlreadyThere"))
                        .as(view.encode())
                        .isEqualTo(move.objects());
                return;
            }
            if (state.equals("FAILED") || state.equals("PAUSED") || look == LOOKS - 1) {
                throw new AssertionError(move.id() + " does not complete: " + story(move));
            }
            boolean unused = never.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    private String story(CrashMove move) throws Exception {
        return ask(Part.DESTINATION, user -> user.migration(move.grant())).encodePrettily()
                + sentAgain.state(move.id());
    }

    /** Both have the same one, which verifies and says what there was. */
    private void requireReceipt(CrashMove move) throws Exception {
        byte[] atDestination = ask(Part.DESTINATION, user -> user.bytes("/v1/migrations/" + move.id() + "/receipt"));
        JsonObject keys = ask(Part.DESTINATION, user -> user.get("/v1/key-centre"));
        String key = keys.getJsonArray("keys").getJsonObject(0).getString("publicKey");
        SignedReceipt receipt = SignedReceipt.decode(atDestination);
        assertThat(ReceiptCheck.of(receipt, KgcKeys.parse(key), Optional.empty())
                        .problems())
                .isEmpty();
        assertThat(receipt.receipt().migration().hex()).isEqualTo(move.id());
        assertThat(receipt.receipt().objects()).isEqualTo(move.objects());
        assertThat(receipt.receipt().bytes()).isEqualTo(move.bytes());
        JsonObject grant = ask(Part.SOURCE, user -> user.grant(move.grant()));
        boolean same = ask(Part.SOURCE, user -> atSource(user, move, atDestination));
        assertThat(same)
                .as("the source has the destination's receipt: %s", grant.encode())
                .isTrue();
    }

    /** Runs that both signed before have a receipt of their own there. */
    private static boolean atSource(User user, CrashMove move, byte[] wanted) throws IOException, InterruptedException {
        String path = "/v1/grants/" + move.id() + "/receipt?number=";
        for (int number = 1; user.status("GET", path + number) == 200; number++) {
            if (Arrays.equals(user.bytes(path + number), wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Asks until there is an answer; a process may be killed while it is asked. */
    private <T> T ask(Part part, Request<T> request) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                return request.of(User.login(nodes.any(part), name));
            } catch (IOException | AssertionError e) {
                if (tries == TRIES) {
                    throw e;
                }
                boolean unused = never.await(PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
