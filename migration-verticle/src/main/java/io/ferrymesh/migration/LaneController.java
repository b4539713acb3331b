package io.ferrymesh.migration;

import java.util.stream.IntStream;

/**
 * How many data lanes a migration uses. It tries more, or fewer, and measures: more stay when at least a tenth more arrives, fewer
 * stay when no more than a twentieth less does. A trial that failed is repeated in that direction after a pause, which doubles each
 * time up to {@link #LONGEST_PAUSE}, so where nothing pays it hardly ever moves. Not thread-safe; intervals are its clock.
 */
final class LaneController {

    /** What more lanes must bring. */
    static final double PAYS = 1.10;

    /** What fewer lanes must still bring. */
    static final double SUFFICES = 0.95;

    /** Most intervals between two trials in one direction. */
    static final int LONGEST_PAUSE = 64;

    private static final int UP_PAUSE = 8;
    private static final int DOWN_PAUSE = 16;

    /** Each step is a half or a third more, so that it shows if it pays. */
    private static final int[] STEPS = {1, 2, 3, 4, 6, 8, 12, 16};

    /** What the next interval is for. */
    private enum Phase {
        STEADY,
        SETTLING,
        MEASURING,
        RETURNING
    }

    private final int[] steps;
    private int step;
    private int tried;
    private Phase phase = Phase.STEADY;
    private double usual;
    private int upPause = UP_PAUSE;
    private int downPause = DOWN_PAUSE;
    private int upWait = 2;
    private int downWait = DOWN_PAUSE;

    /**
     * One that begins with few.
     *
     * @param first how many at first
     * @param most how many there can be
     */
    LaneController(int first, int most) {
        this.steps = IntStream.concat(IntStream.of(STEPS).filter(lanes -> lanes < most), IntStream.of(most))
                .toArray();
        while (step + 1 < steps.length && steps[step + 1] <= first) {
            step++;
        }
        tried = step;
    }

    /** How many are to be used now. */
    int lanes() {
        return steps[tried];
    }

    /**
     * Another interval has gone by.
     *
     * @param rate how much arrived in it; one in which nothing did says nothing
     * @param held whether something else than the lanes holds it back, as a limit does: then it does not go up
     */
    void observe(double rate, boolean held) {
        if (held && tried > step) {
            goBack();
            return;
        }
        if (!(rate > 0)) {
            return;
        }
        switch (phase) {
            case STEADY -> steady(rate, held);
            case SETTLING -> phase = Phase.MEASURING;
            case MEASURING -> judge(rate);
            case RETURNING -> {
                phase = Phase.STEADY;
                usual = 0;
            }
        }
    }

    private void steady(double rate, boolean held) {
        boolean known = usual > 0;
        usual = known ? (usual + rate) / 2 : rate;
        upWait = Math.max(0, upWait - 1);
        downWait = Math.max(0, downWait - 1);
        if (known && upWait == 0 && !held && step + 1 < steps.length) {
            tried = step + 1;
            phase = Phase.SETTLING;
        } else if (known && downWait == 0 && step > 0) {
            tried = step - 1;
            phase = Phase.SETTLING;
        }
    }

    private void judge(double rate) {
        boolean up = tried > step;
        if (rate < usual * (up ? PAYS : SUFFICES)) {
            goBack();
            return;
        }
        step = tried;
        usual = rate;
        phase = Phase.STEADY;
        if (up) {
            upPause = UP_PAUSE;
            upWait = 1;
            downWait = Math.max(downWait, downPause);
        } else {
            downPause = DOWN_PAUSE;
            downWait = 1;
            upWait = Math.max(upWait, upPause);
        }
    }

    private void goBack() {
        if (tried > step) {
            upWait = upPause;
            upPause = Math.min(LONGEST_PAUSE, 2 * upPause);
        } else {
            downWait = downPause;
            downPause = Math.min(LONGEST_PAUSE, 2 * downPause);
        }
        tried = step;
        phase = Phase.RETURNING;
    }
}
