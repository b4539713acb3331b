package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MerkleLeaf;
import io.ferrymesh.scheme.MerkleTree;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One migration between two simulated processes over a bad network, either of which may be killed at any moment, and what must
 * hold at its end. Everything is drawn from the seed.
 */
final class Simulation {

    /** After so long the network behaves, nobody is killed any more, and the migration has to come to its end. */
    private static final Duration TROUBLE = Duration.ofSeconds(60);

    private static final Duration CALM = Duration.ofMinutes(5);

    /** How long a provider takes to notice and to start again. */
    private static final Duration RESTART = Duration.ofSeconds(3);

    private static final EngineOptions OPTIONS =
            new EngineOptions(2, 1 << 20, 2, Duration.ofSeconds(10), 100_000, Duration.ofHours(1));

    private final SimWorld world;
    private final SimNetwork network;
    private final SecureRandom secrets;
    private final SimStore from;
    private final SimStore to;
    private final SimKeys keys;
    private final MigrationId id;
    private final byte[] key = new byte[32];
    private final byte[] voucherKey = new byte[32];
    private final MemoryJournal.Kept journal = new MemoryJournal.Kept();
    private final Map<ObjectPath, SimStore.Stored> before;
    private final SimOptions options;
    private boolean looked;
    private long fence;
    private int takeovers;

    private Optional<SignedReceipt> atDestination = Optional.empty();
    private final List<SignedReceipt> atSource = new ArrayList<>();
    private End source;
    private End destination;
    private boolean trouble = true;
    private boolean storesFail;
    private int kills;
    private int runs;

    /** A process that is up. */
    private record End(SimNode node, MigrationVerticle engine, SimStore.Opened store) {}

    Simulation(long seed) {
        world = new SimWorld(seed);
        network = new SimNetwork(world);
        secrets = world.secrets();
        from = new SimStore(world);
        to = new SimStore(world);
        keys = new SimKeys(world, secrets);
        id = MigrationId.random(secrets);
        secrets.nextBytes(key);
        secrets.nextBytes(voucherKey);
        fill();
        before = Map.copyOf(to.objects);
        options = SimOptions.draw(
                world,
                isAnyTaken(),
                from.objects.values().stream()
                        .mapToLong(each -> each.bytes().length)
                        .sum());
        looked = !options.lookFirst();
        source = start(from);
        destination = start(to);
    }

    /** Runs it to its end; throws when something does not hold. Returns what happened, in a line. */
    String run() {
        makeTrouble();
        offer();
        begin();
        follow();
        boolean completed = world.runUntil(() -> !trouble && done(), TROUBLE.plus(CALM));
        assertThat(completed).as("it comes to its end; now %s", state()).isTrue();
        boolean quiet = world.runUntil(this::isQuiet, Duration.ofMinutes(1));
        assertThat(quiet)
                .as("streams and staged objects are let go of: %s", state())
                .isTrue();
        check();
        return "%s, %d objects, %d kills, %d takeovers, %d runs, %d resumed, %d of %d publications, %d lost, %d repeated, %d spoilt, %.1f s"
                .formatted(
                        options.transfer().conflicts(),
                        from.objects.size(),
                        kills,
                        takeovers,
                        runs,
                        to.resumed,
                        to.publications.size(),
                        to.objects.size(),
                        network.lost,
                        network.repeated,
                        network.spoilt,
                        world.millis() / 1_000.0);
    }

    private String state() {
        return "destination %s with %d streams and %d staged, source %s with %d streams, %d runs, %d kills"
                .formatted(
                        destination.engine.destination(id).map(s -> s.state() + " " + s.failure() + " " + s.message()),
                        destination.node.hub.streams(),
                        destination.store.staged,
                        source.engine.source(id).map(s -> s.state() + " " + s.failure() + " " + s.message()),
                        source.node.hub.streams(),
                        runs,
                        kills);
    }

    // what it is about

    private void fill() {
        int count = world.random.nextInt(80);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[size()];
            world.random.nextBytes(bytes);
            ObjectPath path = ObjectPath.of(String.format(Locale.ROOT, "%x/%d", world.random.nextInt(4), i));
            ObjectInfo info = new ObjectInfo(path, bytes.length, Fixture.NOW.minusSeconds(world.random.nextInt(9_999)));
            from.put(info, bytes);
            if (world.chance(0.05)) {
                to.put(info, bytes.clone());
            } else if (world.chance(0.03)) {
                byte[] other = new byte[world.random.nextBoolean() ? bytes.length : size()];
                world.random.nextBytes(other);
                to.put(
                        new ObjectInfo(path, other.length, Fixture.NOW.minusSeconds(world.random.nextInt(9_999))),
                        other);
            }
        }
    }

    private boolean isAnyTaken() {
        return before.values().stream()
                .anyMatch(there -> !Arrays.equals(
                        there.bytes(),
                        Objects.requireNonNull(from.objects.get(there.info().path()))
                                .bytes()));
    }

    /** Mostly small ones, some at the edges of a frame, few of several segments. */
    private int size() {
        int kind = world.random.nextInt(500);
        if (kind == 0) {
            return Segments.BYTES + world.random.nextInt(1 << 20);
        }
        return kind < 50
                ? Math.max(0, Lanes.FRAME_PLAINTEXT_BYTES * (1 + kind % 4) - 40 + world.random.nextInt(80))
                : world.random.nextInt(300);
    }

    private void makeTrouble() {
        double bad = world.random.nextInt(4) == 0 ? 0 : Math.pow(10, -1.5 - 2.5 * world.random.nextDouble());
        network.behave(new SimNetwork.Faults(
                bad * world.random.nextDouble(),
                bad * world.random.nextDouble(),
                bad * world.random.nextDouble(),
                bad * world.random.nextDouble(),
                Duration.ofMillis(1 + world.random.nextInt(100))));
        storesFail = world.chance(0.3);
        if (storesFail) {
            from.fail(0.01 * world.random.nextDouble());
            to.fail(0.01 * world.random.nextDouble());
        }
        killAfterSomeMessages(world.random.nextInt(5));
        var unused = world.after(TROUBLE.toNanos(), () -> {
            trouble = false;
            network.behave(SimNetwork.Faults.NONE);
            from.fail(0);
            to.fail(0);
        });
    }

    /** As when members of the cluster die close together, which the others notice a while later. */
    private void loseTheDirectory() {
        network.rendezvous.clear();
        var unused = world.after(world.upTo(RESTART), () -> source.node.lost());
    }

    /** Counted in messages, so that every step of a migration is as likely to be the last. */
    private void killAfterSomeMessages(int times) {
        if (times > 0) {
            network.after(1 + world.random.nextInt(world.random.nextBoolean() ? 20 : 200), () -> {
                if (trouble) {
                    if (world.chance(0.2)) {
                        takeOver();
                    } else {
                        kill(world.random.nextBoolean());
                    }
                    if (world.chance(0.3)) {
                        loseTheDirectory();
                    }
                    killAfterSomeMessages(times - 1);
                }
            });
        }
    }

    // the two processes, as their providers treat them

    private End start(SimStore store) {
        SimNode node = new SimNode(network);
        EngineContext context =
                new EngineContext(node, keys.trust(), keys::credential, world.clock(), secrets, OPTIONS, node);
        MigrationVerticle engine = new MigrationVerticle(context, node.pool());
        assertThat(engine.start().succeeded()).isTrue();
        return new End(node, engine, store.open());
    }

    private void kill(boolean theSource) {
        kills++;
        if (theSource) {
            source.node.kill();
            var unused = world.after(world.upTo(RESTART), () -> {
                source.node.kill(); // one that was started meanwhile
                source = start(from);
                offer();
            });
        } else {
            destination.node.kill();
            var unused = world.after(world.upTo(RESTART), () -> {
                destination.node.kill();
                destination = start(to);
                begin();
            });
        }
    }

    /** Another process drives it, and the one that did learns of it a while later. */
    private void takeOver() {
        takeovers++;
        End old = destination;
        destination = start(to);
        begin();
        var unused = world.after(world.upTo(RESTART), () -> {
            var unusedStop = old.engine.stop(id);
            var unusedKill = world.after(RESTART.toNanos(), old.node::kill);
        });
    }

    private void offer() {
        SourceOffer offer = new SourceOffer(
                id, Psk.of(key), vouchers(), source.store, "", Fixture.NOW.plus(Duration.ofDays(1)), atSource::add);
        assertThat(source.engine.offer(offer).failed()).isFalse();
    }

    private void begin() {
        if (atDestination.isPresent()) {
            return;
        }
        runs++;
        DestinationOrder order = new DestinationOrder(
                id,
                Psk.of(key),
                destination.store,
                journal(++fence),
                this::completed,
                looked ? options.transfer() : options.dry());
        assertThat(destination.engine.begin(order).failed()).isFalse();
    }

    /** The same for every process of the source's provider. */
    private VoucherKey vouchers() {
        return VoucherKey.of(voucherKey.clone());
    }

    /** What the destination's provider keeps, as one run sees it: when there was another since, it writes nothing. */
    private Journal journal(long own) {
        return new MemoryJournal(journal, step -> {
            if (own != fence) {
                throw new MeshException(ErrorCode.CANCELLED, "another process drives the migration");
            }
        });
    }

    /** One that is completed by a process in the moment in which another takes it over has completed. */
    private void completed(SignedReceipt receipt) {
        assertThat(takeovers > 0 || atDestination.isEmpty())
                .as("a migration completes once")
                .isTrue();
        if (atDestination.isPresent()) {
            throw new MeshException(ErrorCode.CANCELLED, "it has completed");
        }
        atDestination = Optional.of(receipt);
    }

    /** A run that failed is begun again, as a provider does. */
    private void follow() {
        boolean failed = destination
                .engine
                .destination(id)
                .map(status -> status.state() == MigrationState.FAILED)
                .orElse(false);
        boolean found = destination
                .engine
                .destination(id)
                .flatMap(MigrationStatus::dryRun)
                .isPresent();
        if (found && !looked) {
            assertThat(to.publications).as("a dry run stores nothing").isEmpty();
            looked = true;
            begin();
        } else if (failed) {
            begin();
        } else if (done()) {
            var unusedStop = destination.engine.stop(id);
        }
        var unused = world.after(Duration.ofSeconds(1).toNanos(), this::follow);
    }

    private boolean done() {
        return atDestination.isPresent();
    }

    private boolean isQuiet() {
        return source.node.hub.streams() == 0
                && destination.node.hub.streams() == 0
                && source.store.staged == 0
                && destination.store.staged == 0;
    }

    // what must hold

    private void check() {
        SignedReceipt receipt = atDestination.orElseThrow();
        assertThat(atSource.stream()
                        .map(SignedReceipt::encoded)
                        .anyMatch(kept -> Arrays.equals(kept, receipt.encoded())))
                .as("the source has the receipt too")
                .isTrue();
        MerkleTree tree = new MerkleTree();
        long objects = 0;
        Set<ObjectPath> expected = new HashSet<>(before.keySet());
        for (SimStore.Stored sent : from.objects.values()) {
            ObjectPath path = sent.info().path();
            SimOptions.Fate fate = options.fate(sent, before.get(path));
            if (fate == SimOptions.Fate.STAYS_AWAY) {
                assertThat(to.objects.get(path)).as("%s", path).isSameAs(before.get(path));
                continue;
            }
            boolean isBeside = fate == SimOptions.Fate.ARRIVES_BESIDE;
            ObjectPath at = isBeside ? SimOptions.beside(path) : path;
            expected.add(at);
            if (storesFail && Objects.equals(to.objects.get(at), before.get(at))) {
                continue; // it is in the report
            }
            assertThat(to.objects).containsKey(at);
            SimStore.Stored there = Objects.requireNonNull(to.objects.get(at));
            assertThat(there.bytes()).as("%s", at).isEqualTo(sent.bytes());
            if (!there.equals(before.get(at))) {
                assertThat(there.info().modified()).isEqualTo(sent.info().modified());
            }
            objects++;
            tree.append(MerkleLeaf.encode(path.utf8(), sent.info().size(), digest(sent.bytes())));
        }
        assertThat(expected).containsAll(to.objects.keySet());
        assertThat(to.publications.values()).as("nothing is stored twice").allMatch(times -> times == 1);
        if (!storesFail) {
            assertThat(receipt.receipt().objects()).isEqualTo(objects);
            assertThat(receipt.receipt().root()).isEqualTo(tree.root());
        }
        if (!storesFail && kills + takeovers == 0) {
            assertThat(to.kept).as("what is staged").isEmpty();
        }
    }

    private static Digest digest(byte[] bytes) {
        Segments segments = new Segments(bytes.length);
        for (int segment = 0; segment < segments.count(); segment++) {
            var hasher = new io.ferrymesh.scheme.SegmentHasher();
            hasher.update(bytes, (int) segments.start(segment), segments.length(segment));
            boolean unused = segments.enter(segment, hasher.finish());
        }
        return segments.digest();
    }
}
