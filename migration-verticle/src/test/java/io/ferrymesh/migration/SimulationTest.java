package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Many simulated migrations. {@code -Dsimulation.seeds=N} runs that many, {@code -Dsimulation.seed=S} the one that failed, with
 * what happened in it.
 */
class SimulationTest {

    private static final long SEEDS = Long.getLong("simulation.seeds", 500);

    /** A seed and what went wrong with it. */
    private record Failed(long seed, Throwable why) {}

    /** What goes wrong is what is wanted here, thousands of times. */
    @BeforeAll
    static void say_nothing_of_what_fails() {
        if (Long.getLong("simulation.seed") == null) {
            ((Logger) LoggerFactory.getLogger("io.ferrymesh.migration")).setLevel(Level.OFF);
        }
    }

    @AfterAll
    static void say_it_again() {
        ((Logger) LoggerFactory.getLogger("io.ferrymesh.migration")).setLevel(null);
    }

    @Test
    void every_migration_comes_to_a_right_end_whatever_is_lost_spoilt_or_killed() {
        List<Failed> failed = seeds().parallel()
                .mapToObj(seed -> run(seed).map(why -> new Failed(seed, why)))
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(ArrayList::new));
        assertThat(failed)
                .as("seeds that went wrong; -Dsimulation.seed=S repeats one")
                .isEmpty();
    }

    @Test
    void the_same_seed_takes_the_same_course() {
        assertThat(new Simulation(42).run()).isEqualTo(new Simulation(42).run());
    }

    private static LongStream seeds() {
        Long one = Long.getLong("simulation.seed");
        return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
    }

    private static Optional<Throwable> run(long seed) {
        try {
            String course = new Simulation(seed).run();
            LoggerFactory.getLogger(SimulationTest.class).info("seed {}: {}", seed, course);
            return Optional.empty();
        } catch (Throwable e) {
            return Optional.of(e);
        }
    }
}
