package io.ferrymesh.it;

import io.ferrymesh.it.Nodes.Node;
import io.ferrymesh.it.Nodes.Starting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A key centre and two providers of two processes each, any of which can be killed and comes back at once under its own address. */
final class CrashNodes implements AutoCloseable {

    private static final int PROCESSES_EACH = 2;

    /** How long one that was killed stays away at most before it is started again. */
    private static final int LONGEST_AWAY_MS = 1_500;

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final Nodes nodes;
    private final List<Slot> slots = new ArrayList<>();
    private final Map<Part, Integer> kills = new EnumMap<>(Part.class);

    /** What a process is for. */
    enum Part {
        KEY_CENTRE,
        SOURCE,
        DESTINATION
    }

    /** A process that is started again when it was killed. */
    static final class Slot {
        final Part part;
        private final int number;
        private final String[] arguments;
        private volatile Starting starting;
        private int starts;

        private Slot(Part part, int number, String[] arguments, Nodes nodes) throws Exception {
            this.part = part;
            this.number = number;
            this.arguments = arguments;
            this.starting = start(nodes);
        }

        private Starting start(Nodes nodes) throws Exception {
            return nodes.launch(number, part + "-" + number + "-" + starts++, arguments);
        }

        /** Whether it says that it is ready. One that ended by itself is a failure of the test, with what it said. */
        private boolean isUp() throws Exception {
            Starting now = starting;
            if (!now.process().isAlive()) {
                throw new AssertionError(
                        this + " ended by itself with " + now.process().exitValue() + "; see its log");
            }
            return node().isPresent();
        }

        /** What it is, while it is up. */
        private Optional<Node> node() {
            Starting now = starting;
            boolean said = now.ready().isDone() && !now.ready().isCompletedExceptionally();
            return said && now.process().isAlive() ? Optional.of(now.ready().join()) : Optional.empty();
        }

        @Override
        public String toString() {
            return part + " " + number + ", start " + starts;
        }
    }

    /** Starts them, and waits until all are up. */
    CrashNodes(Path directory, Kept source, Kept destination) throws Exception {
        nodes = new Nodes(directory, 1 + 2 * PROCESSES_EACH);
        Nodes.Centre centre = nodes.makeKeyCentre();
        slots.add(new Slot(Part.KEY_CENTRE, 0, centre.command("run", "--api-port", "0"), nodes));
        String fingerprint = slots.get(0).starting.ready().get().ready().getString("fingerprint");
        add(Part.SOURCE, nodes.makeProvider("source", fingerprint, nodes.enrol(centre, "source"), source));
        add(
                Part.DESTINATION,
                nodes.makeProvider("destination", fingerprint, nodes.enrol(centre, "destination"), destination));
        awaitUp(0);
    }

    private void add(Part part, Nodes.Provider made) throws Exception {
        Nodes.Provider provider = nodes.with(made, "maxLanes: " + CrashMove.LANES);
        for (int i = 0; i < PROCESSES_EACH; i++) {
            boolean direct = part == Part.SOURCE ? i % 2 == 0 : true;
            slots.add(new Slot(part, slots.size(), (direct ? nodes.listening(provider) : provider).run(), nodes));
        }
    }

    /** One that says it is ready; drawn, if there are several. */
    Node any(Part part) throws Exception {
        return Awaiting.until("a process of the " + part, () -> {
            List<Node> up = slots.stream()
                    .filter(slot -> slot.part == part)
                    .flatMap(slot -> slot.node().stream())
                    .toList();
            return up.isEmpty()
                    ? Optional.empty()
                    : Optional.of(up.get(ThreadLocalRandom.current().nextInt(up.size())));
        });
    }

    /** Waits until at most so many are not up. */
    void awaitUp(int exceptFor) throws Exception {
        int unused = Awaiting.until("processes that are up", () -> {
            int down = 0;
            for (Slot slot : slots) {
                down += slot.isUp() ? 0 : 1;
            }
            return down <= exceptFor ? Optional.of(down) : Optional.empty();
        });
    }

    /** Kills one that the random numbers choose, whatever it is doing, and starts it again. */
    Slot killAny(SplittableRandom random) throws Exception {
        Slot slot = slots.get(random.nextInt(slots.size()));
        Starting killed = slot.starting;
        killed.process().destroyForcibly();
        int unused = killed.process().waitFor();
        kills.merge(slot.part, 1, Integer::sum);
        boolean unusedEnd = NEVER.await(random.nextInt(LONGEST_AWAY_MS), TimeUnit.MILLISECONDS);
        slot.starting = slot.start(nodes);
        return slot;
    }

    /** How often which were killed. */
    Map<Part, Integer> kills() {
        return kills;
    }

    /** Stops all of them in order. */
    void stop() throws Exception {
        awaitUp(0);
        for (int i = slots.size() - 1; i >= 0; i--) {
            slots.get(i).starting.ready().get().stop();
        }
    }

    @Override
    public void close() {
        nodes.close();
    }
}
