package io.ferrymesh.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Has one migration use as many of its data lanes as pay, by what arrives here and is safe: tells the source how many, and gives those
 * credit that begin. Any thread.
 */
final class LaneTuner {

    static final long INTERVAL_MS = 1_000;

    /** What an object costs besides its bytes, about, so that many small ones count too. */
    static final long OBJECT_COST = 64 << 10;

    /** For how many looks a lane may keep a part of the budget that others need and its source does not use. */
    static final int MOST_LOOKS_IN_THE_WAY = 60;

    private static final double NANOS_A_SECOND = 1e9;

    private final EngineRuntime runtime;
    private final LongSupplier objects;
    private final BooleanSupplier limited;
    private final IntConsumer tell;
    private final RecentRate recent;
    private final Runnable inTheWay;
    private final LongAdder delivered = new LongAdder();

    // under this
    private final LaneController controller;
    private final List<Lane> lanes = new ArrayList<>(); // in the order of their numbers once all are there
    private EngineRuntime.Timer timer = () -> {};
    private int used;
    private int most;
    private long before;
    private long beforeNanos;
    private boolean closed;

    /** A data lane that was opened. */
    private static final class Lane {
        final int number;
        final WindowBudget.LaneWindow window;
        final Pace.PacedLane paced;
        final LongConsumer grant;
        private int inTheWay;
        private long sizeThen;

        Lane(int number, WindowBudget.LaneWindow window, Pace.PacedLane paced, LongConsumer grant) {
            this.number = number;
            this.window = window;
            this.paced = paced;
            this.grant = grant;
        }

        int number() {
            return number;
        }

        /** Whether it has been in others' way for so many looks without giving back an eighth of what it has. */
        boolean staysInTheWay() {
            long size = window.size();
            if (!window.isInTheWay() || size < sizeThen - sizeThen / 8) {
                inTheWay = 0;
            }
            if (inTheWay == 0) {
                sizeThen = size;
            }
            inTheWay += window.isInTheWay() ? 1 : 0;
            return inTheWay > MOST_LOOKS_IN_THE_WAY;
        }
    }

    /**
     * One for so many lanes.
     *
     * @param most how many both ends can do
     * @param objects how many objects have arrived
     * @param limited whether the user has limited how fast it goes
     * @param tell tells the source how many lanes to use
     * @param recent learns how fast it goes
     * @param inTheWay told when a lane does not give back what others need: credit that was given cannot be taken back otherwise than by
     *     ending it
     */
    LaneTuner(
            EngineRuntime runtime,
            int most,
            LongSupplier objects,
            BooleanSupplier limited,
            IntConsumer tell,
            RecentRate recent,
            Runnable inTheWay) {
        this.runtime = runtime;
        this.objects = objects;
        this.limited = limited;
        this.tell = tell;
        this.recent = recent;
        this.inTheWay = inTheWay;
        this.most = most;
        this.used = Math.min(Lanes.FIRST_DATA_LANES, most);
        this.controller = new LaneController(used, most);
        this.beforeNanos = runtime.nanoTime();
    }

    /** A data lane was opened. */
    synchronized void opened(int number, WindowBudget.LaneWindow window, Pace.PacedLane paced, LongConsumer grant) {
        if (closed) {
            window.close();
            return;
        }
        lanes.add(new Lane(number, window, paced, grant));
        if (lanes.size() == most) {
            lanes.sort(java.util.Comparator.comparingInt(Lane::number));
            before = cost();
            beforeNanos = runtime.nanoTime();
            later();
        }
    }

    /** So much has come and is safe. */
    void delivered(long bytes) {
        delivered.add(bytes);
    }

    /** The lanes are over. */
    synchronized void close() {
        closed = true;
        timer.cancel();
        lanes.forEach(lane -> lane.window.close());
    }

    private void later() {
        timer = runtime.after(INTERVAL_MS, this::look);
    }

    private void look() {
        boolean isLimited = limited.getAsBoolean();
        List<Runnable> grants = new ArrayList<>();
        int told;
        boolean stays = false;
        synchronized (this) {
            if (closed) {
                return;
            }
            for (Lane lane : lanes) {
                stays |= lane.staysInTheWay();
            }
            measure(isLimited);
            int wanted = controller.lanes();
            told = wanted == used ? 0 : wanted;
            for (int lane = used; lane < wanted; lane++) {
                use(lanes.get(lane), grants);
            }
            for (int lane = wanted; lane < used; lane++) {
                lanes.get(lane).window.rest();
            }
            used = wanted;
            later();
        }
        if (stays) {
            inTheWay.run();
            return;
        }
        grants.forEach(Runnable::run);
        if (told > 0) {
            tell.accept(told);
        }
    }

    private void measure(boolean isLimited) {
        long now = runtime.nanoTime();
        long cost = cost();
        double rate = (cost - before) * NANOS_A_SECOND / Math.max(1, now - beforeNanos);
        if (cost > before && !isLimited) {
            recent.add(cost - before, now - beforeNanos);
        }
        before = cost;
        beforeNanos = now;
        controller.observe(rate, isLimited);
    }

    private static void use(Lane lane, List<Runnable> grants) {
        long credit = lane.window.use();
        if (credit > 0) {
            grants.add(() -> lane.paced.begin(credit, () -> lane.grant.accept(credit)));
        }
    }

    private long cost() {
        return delivered.sum() + OBJECT_COST * objects.getAsLong();
    }
}
