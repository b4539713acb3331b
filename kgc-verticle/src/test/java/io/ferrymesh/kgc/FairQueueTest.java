package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    private static final PeerAddress FLOODER = sender(0xf);
    private static final PeerAddress NORTH = sender(1);
    private static final PeerAddress SOUTH = sender(2);

    private final List<String> done = new ArrayList<>();
    private final Deque<Promise<Buffer>> atWork = new ArrayDeque<>();
    private final FairQueue queue = new FairQueue(1, 6, 4, this::work);

    @Test
    void senders_take_turns_however_much_one_of_them_sends() {
        List<Future<Buffer>> replies = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            replies.add(submit(FLOODER, "flood" + i));
        }
        replies.add(submit(NORTH, "north"));
        replies.add(submit(SOUTH, "south"));
        finishAll();
        assertThat(done).containsExactly("flood0", "flood1", "north", "south", "flood2", "flood3");
        assertThat(replies).allMatch(Future::succeeded);
    }

    @Test
    void one_sender_has_a_short_queue() {
        for (int i = 0; i < 5; i++) {
            assertThat(submit(FLOODER, "flood" + i).isComplete()).isFalse();
        }
        overloaded(submit(FLOODER, "flood5"));
        assertThat(submit(NORTH, "north").isComplete()).isFalse();
        assertThat(queue.waiting()).isEqualTo(5);
    }

    @Test
    void when_all_is_full_the_longest_queue_makes_room() {
        Future<Buffer> working = submit(FLOODER, "working");
        List<Future<Buffer>> flood = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            flood.add(submit(FLOODER, "flood" + i));
        }
        assertThat(submit(NORTH, "north0").isComplete()).isFalse();
        assertThat(submit(NORTH, "north1").isComplete()).isFalse();
        Future<Buffer> south = submit(SOUTH, "south");
        overloaded(flood.get(3));
        assertThat(queue.waiting()).isEqualTo(6);
        finishAll();
        assertThat(working.succeeded() && south.succeeded()).isTrue();
        assertThat(done).doesNotContain("flood3").contains("flood2", "north1", "south");
    }

    @Test
    void when_all_is_full_of_short_queues_there_is_no_room() {
        assertThat(submit(FLOODER, "working").isComplete()).isFalse();
        for (int i = 0; i < 6; i++) {
            assertThat(submit(sender(100 + i), "x").isComplete()).isFalse();
        }
        overloaded(submit(NORTH, "north"));
        finishAll();
        assertThat(submit(NORTH, "north").isComplete()).isFalse();
    }

    @Test
    void a_failure_makes_way_for_the_next() {
        Future<Buffer> first = submit(NORTH, "first");
        Future<Buffer> second = submit(NORTH, "second");
        atWork.remove().fail("no");
        assertThat(first.failed()).isTrue();
        finishAll();
        assertThat(second.succeeded()).isTrue();
    }

    private static PeerAddress sender(int number) {
        return new PeerAddress("ferrymesh.node." + "%032x".formatted(number));
    }

    private Future<Buffer> submit(PeerAddress sender, String what) {
        return queue.submit(sender, () -> Buffer.buffer(what));
    }

    private Future<Buffer> work(Callable<Buffer> task) {
        Promise<Buffer> promise = Promise.promise();
        atWork.add(promise);
        try {
            done.add(task.call().toString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return promise.future();
    }

    private void finishAll() {
        while (!atWork.isEmpty()) {
            atWork.remove().complete(Buffer.buffer());
        }
    }

    private static void overloaded(Future<Buffer> future) {
        assertThat(future.cause()).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.OVERLOADED));
    }
}
