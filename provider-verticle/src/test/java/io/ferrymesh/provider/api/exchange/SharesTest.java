package io.ferrymesh.provider.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.web.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharesTest {

    private static final Account ALICE = new Account(new AccountId(1), "alice");
    private static final Account BOB = new Account(new AccountId(2), "bob");
    private static final int SHARE = 4;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Workers workers = new Workers(vertx, "test", 8, 100);
    private final Shares shares = new Shares(vertx, workers, 8, 2);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore begun = new Semaphore(0);
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @AfterEach
    void stop() throws TimeoutException {
        release.countDown();
        Void unused = vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void an_account_waits_for_its_own_calls_and_others_do_not() throws Exception {
        List<Future<Integer>> alices = new ArrayList<>();
        for (int i = 0; i < SHARE + 2; i++) {
            alices.add(onLoop(() -> shares.of(ALICE).run(this::held)));
        }
        begun.acquire(SHARE);
        assertThat(onLoop(() -> shares.of(BOB).run(() -> 7)).await(20, TimeUnit.SECONDS))
                .isEqualTo(7);
        assertThat(begun.tryAcquire()).isFalse();
        release.countDown();
        for (Future<Integer> each : alices) {
            assertThat(each.await(20, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(most).hasValue(SHARE);
    }

    @Test
    void so_many_wait_and_the_next_is_told_to_come_back_but_what_has_begun_goes_on() throws Exception {
        List<Future<Integer>> taken = new ArrayList<>();
        for (int i = 0; i < SHARE + 2; i++) {
            taken.add(onLoop(() -> shares.of(ALICE).run(this::held)));
        }
        begun.acquire(SHARE);
        Throwable refused = failure(onLoop(() -> shares.of(ALICE).run(this::held)));
        assertThat(refused).isInstanceOf(Problem.class).hasMessageContaining("requests that wait");
        assertThat(((Problem) refused).status()).isEqualTo(429);
        taken.add(onLoop(() -> shares.of(ALICE).goOn(this::held)));
        release.countDown();
        for (Future<Integer> each : taken) {
            assertThat(each.await(20, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(onLoop(() -> shares.of(ALICE).run(() -> 7)).await(20, TimeUnit.SECONDS))
                .isEqualTo(7);
    }

    @Test
    void a_call_that_fails_makes_room_for_the_next() throws Exception {
        for (int i = 0; i < 3 * SHARE; i++) {
            Throwable why = failure(onLoop(() -> shares.of(ALICE).run(() -> {
                throw new IllegalStateException("no");
            })));
            assertThat(why).hasMessage("no");
        }
        assertThat(onLoop(() -> shares.of(ALICE).run(() -> 7)).await(20, TimeUnit.SECONDS))
                .isEqualTo(7);
    }

    /** A timer or a connection may ask for threads that Vert.x has ended already. */
    @Test
    void whoever_asks_for_threads_that_have_ended_is_told_so() throws Exception {
        Void unused = vertx.close().await(20, TimeUnit.SECONDS);
        for (Future<Integer> asked : List.of(workers.run(() -> 7), workers.goOn(() -> 7))) {
            assertThat(asked.cause()).isInstanceOfSatisfying(ServiceException.class, why -> assertThat(why.error())
                    .isEqualTo(ServiceError.UNAVAILABLE));
        }
    }

    private int held() throws InterruptedException {
        int now = atOnce.incrementAndGet();
        int unused = most.accumulateAndGet(now, Math::max);
        begun.release();
        release.await();
        int unusedLeft = atOnce.decrementAndGet();
        return now;
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> call) {
        Promise<T> result = Promise.promise();
        loop.runOnContext(go -> call.get().onComplete(result));
        return result.future();
    }

    private static Throwable failure(Future<?> future) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        var unused = future.onComplete(done -> over.countDown());
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        return future.cause();
    }
}
