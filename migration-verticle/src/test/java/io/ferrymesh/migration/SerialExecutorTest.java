package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final List<Throwable> failed = new ArrayList<>();
    private final List<Integer> ran = new ArrayList<>();

    private SerialExecutor filled(int atOnce, int tasks) {
        SerialExecutor executor = new SerialExecutor(pool::add, failed::add, atOnce);
        for (int task = 0; task < tasks; task++) {
            int number = task;
            executor.execute(() -> ran.add(number));
        }
        return executor;
    }

    @Test
    void so_many_tasks_run_a_turn_in_order() {
        SerialExecutor unused = filled(3, 7);
        assertThat(pool).hasSize(1);
        pool.remove().run();
        assertThat(ran).containsExactly(0, 1, 2);
        assertThat(pool).hasSize(1);
        pool.remove().run();
        pool.remove().run();
        assertThat(ran).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(pool).isEmpty();
    }

    @Test
    void no_turn_is_asked_for_when_nothing_is_left() {
        SerialExecutor executor = filled(3, 3);
        pool.remove().run();
        assertThat(pool).isEmpty();
        executor.execute(() -> ran.add(3));
        assertThat(pool).hasSize(1);
    }

    @Test
    void what_a_task_throws_does_not_keep_the_next_ones_from_running() {
        SerialExecutor executor = new SerialExecutor(pool::add, failed::add, 2);
        executor.execute(() -> {
            throw new IllegalStateException("of the first");
        });
        executor.execute(() -> ran.add(1));
        pool.remove().run();
        assertThat(failed).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(ran).containsExactly(1);
    }
}
