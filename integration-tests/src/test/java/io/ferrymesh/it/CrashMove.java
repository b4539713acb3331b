package io.ferrymesh.it;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One migration of a crash test: what there is to move, which is drawn, and how fast it may go.
 *
 * @param prefix what the paths of its objects begin with
 * @param large the sizes of its objects of several segments
 * @param single the sizes of all others
 * @param bytesPerSecond how fast it may go; nothing for as fast as it can
 */
record CrashMove(JsonObject grant, String prefix, List<Long> large, List<Long> single, Optional<Long> bytesPerSecond) {

    static final long SEGMENT = 16L << 20;
    private static final long MIB = 1L << 20;

    private static final int SMALL = 20;
    private static final int MEDIUM = 4;

    /** One in so many has an object that a window and a checkpoint are only a part of. */
    private static final int WITH_HUGE = 8;

    /** What a lane may have under way as providers have it, and how many there are here. */
    private static final long WINDOW = 4 * MIB;

    static final int LANES = 2;
    private static final long CHECKPOINT = 64 * MIB;

    /** Draws one. */
    static CrashMove draw(SplittableRandom random, String prefix) {
        List<Long> single = new ArrayList<>(List.of(0L));
        for (int i = 0; i < SMALL; i++) {
            single.add(random.nextLong(20_000));
        }
        for (int i = 0; i < MEDIUM; i++) {
            single.add(random.nextLong(100_000, 6 * MIB));
        }
        boolean huge = random.nextInt(WITH_HUGE) == 0;
        List<Long> large = huge
                ? List.of(20 * SEGMENT + random.nextLong(SEGMENT))
                : List.of(random.nextLong(SEGMENT + 1, 5 * SEGMENT), 2 * SEGMENT);
        Optional<Long> limit =
                Optional.of(huge ? 16 * MIB : random.nextLong(2 * MIB, 8 * MIB)).filter(bytes -> random.nextInt(3) > 0);
        return new CrashMove(User.freshGrant(), prefix, large, single, limit);
    }

    String id() {
        return grant.getString("migrationId");
    }

    /** Writes its objects below a user's directory. */
    void write(Path user) throws IOException {
        for (int i = 0; i < single.size(); i++) {
            Trees.file(user.resolve(prefix + "some/" + i), single.get(i));
        }
        for (int i = 0; i < large.size(); i++) {
            Trees.sparse(user.resolve(prefix + "large " + i), large.get(i));
        }
        Files.createDirectories(user.resolve(prefix + "empty"));
    }

    /** Removes what takes room, when it has arrived. */
    void removeLarge(Path user) throws IOException {
        for (int i = 0; i < large.size(); i++) {
            Files.delete(user.resolve(prefix + "large " + i));
        }
    }

    /** What the source's user allows. */
    JsonObject allowed() {
        return grant.copy().put("prefix", prefix);
    }

    /** What the destination's user asks for. */
    JsonObject asked() {
        JsonObject asked = grant.copy();
        bytesPerSecond.ifPresent(bytes ->
                asked.put("options", new JsonObject().put("bandwidth", new JsonObject().put("bytesPerSecond", bytes))));
        return asked;
    }

    /** Its objects, the empty directory included. */
    int objects() {
        return single.size() + large.size() + 1;
    }

    /** All its bytes. */
    long bytes() {
        return sum(single) + sum(large);
    }

    /**
     * What a kill may make come again, as docs/migration.md says it: of each lane its window, of objects of one segment those
     * under way, and of each large object the segment at hand of each lane and what was to be made safe next.
     */
    long mayComeAgain() {
        long longest = single.stream().mapToLong(Long::longValue).max().orElse(0);
        long ofLarge = large.stream()
                .mapToLong(size -> Math.min(size, LANES * SEGMENT + CHECKPOINT))
                .sum();
        return Math.min(bytes(), LANES * (WINDOW + longest) + ofLarge);
    }

    private static long sum(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }
}
