package io.ferrymesh.benchmarks.http;

import java.util.random.RandomGenerator;

/** What users ask for, and how often of a hundred times. */
enum Operation {
    GET(50),
    PUT(25),
    HEAD(15),
    LIST(10);

    private final int percent;

    Operation(int percent) {
        this.percent = percent;
    }

    int percent() {
        return percent;
    }

    /** One of them, as often as it is to be. */
    static Operation draw(RandomGenerator random) {
        int drawn = random.nextInt(100);
        for (Operation each : values()) {
            drawn -= each.percent;
            if (drawn < 0) {
                return each;
            }
        }
        throw new IllegalStateException("the percentages are less than a hundred together");
    }
}
