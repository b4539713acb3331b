package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    private final FairQueue queue = new FairQueue();
    private final Map<FairQueue.Share, Long> nanos = new HashMap<>();

    @Test
    void tasks_of_one_migration_keep_their_order() {
        List<Integer> done = new ArrayList<>();
        FairQueue.Share share = queue.share("anna");
        for (int i = 0; i < 100; i++) {
            int number = i;
            queue.add(share, () -> done.add(number));
        }
        queue.poll().orElseThrow().task().run();
        run(99, 1);
        assertThat(done).isSorted().hasSize(100);
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void an_owner_of_many_migrations_gets_no_more_than_an_owner_of_one() {
        FairQueue.Share one = busy("anna");
        List<FairQueue.Share> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(busy("bert"));
        }
        run(10_000, 1_000);
        long ofMany = many.stream().mapToLong(this::spent).sum();
        assertThat(spent(one)).isBetween(ofMany * 99 / 100, ofMany * 101 / 100);
        assertThat(many).allSatisfy(share -> assertThat(spent(share)).isBetween(98_000L, 102_000L));
    }

    @Test
    void time_counts_not_the_number_of_tasks() {
        FairQueue.Share dear = busy("anna");
        FairQueue.Share cheap = busy("bert");
        for (int i = 0; i < 10_000; i++) {
            FairQueue.Turn turn = queue.poll().orElseThrow();
            turn.task().run();
            spend(turn, turn.share() == dear ? 40_000 : 1_000);
        }
        assertThat(spent(dear)).isBetween(spent(cheap) * 95 / 100, spent(cheap) * 105 / 100);
    }

    @Test
    void who_comes_late_goes_first_but_makes_up_for_nothing() {
        FairQueue.Share old = busy("anna");
        run(1_000, 1_000);
        FairQueue.Share late = busy("bert");
        run(100, 1_000);
        assertThat(spent(late)).isBetween(49_000L, 52_000L);
        assertThat(spent(old)).isBetween(1_048_000L, 1_052_000L);
    }

    @Test
    void who_pauses_does_not_save_up_time() {
        FairQueue.Share steady = busy("anna");
        FairQueue.Share resting = queue.share("bert");
        queue.add(resting, () -> {});
        run(1_000, 1_000);
        long before = spent(steady);
        again(resting);
        run(100, 1_000);
        assertThat(spent(steady) - before).isGreaterThanOrEqualTo(48_000);
    }

    @Test
    void an_owner_is_forgotten_with_the_last_migration() {
        FairQueue.Share first = queue.share("anna");
        FairQueue.Share second = queue.share("anna");
        first.close();
        first.close();
        assertThat(queue.owners()).isEqualTo(1);
        second.close();
        assertThat(queue.owners()).isZero();
        boolean[] run = {false};
        queue.add(second, () -> run[0] = true);
        queue.poll().orElseThrow().task().run();
        assertThat(run[0]).isTrue();
    }

    @Test
    void nothing_is_lost_or_run_twice_whatever_comes() {
        Random random = new Random(7);
        List<FairQueue.Share> shares = new ArrayList<>();
        Map<Integer, Integer> runs = new HashMap<>();
        List<FairQueue.Turn> under = new ArrayList<>();
        int added = 0;
        for (int step = 0; step < 20_000; step++) {
            if (shares.size() < 3 || random.nextInt(20) == 0) {
                shares.add(queue.share("owner" + random.nextInt(5)));
            } else if (random.nextInt(40) == 0) {
                shares.remove(random.nextInt(shares.size())).close();
            }
            if (random.nextBoolean()) {
                int number = added++;
                queue.add(shares.get(random.nextInt(shares.size())), () -> runs.merge(number, 1, Integer::sum));
            } else if (random.nextBoolean()) {
                queue.poll().ifPresent(under::add);
            } else if (!under.isEmpty()) {
                FairQueue.Turn turn = under.remove(random.nextInt(under.size()));
                turn.task().run();
                queue.charge(turn, random.nextInt(100_000));
            }
        }
        under.forEach(turn -> turn.task().run());
        for (var turn = queue.poll(); turn.isPresent(); turn = queue.poll()) {
            turn.get().task().run();
        }
        assertThat(runs).hasSize(added).allSatisfy((number, times) -> assertThat(times)
                .isEqualTo(1));
    }

    /** A migration that always has the next task ready. */
    private FairQueue.Share busy(String owner) {
        FairQueue.Share share = queue.share(owner);
        again(share);
        return share;
    }

    private void again(FairQueue.Share share) {
        queue.add(share, () -> again(share));
    }

    private void run(int turns, long each) {
        for (int i = 0; i < turns; i++) {
            FairQueue.Turn turn = queue.poll().orElseThrow();
            turn.task().run();
            spend(turn, each);
        }
    }

    private void spend(FairQueue.Turn turn, long each) {
        queue.charge(turn, each);
        nanos.merge(turn.share(), each, Long::sum);
    }

    private long spent(FairQueue.Share share) {
        return nanos.getOrDefault(share, 0L);
    }
}
