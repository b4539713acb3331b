package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DestinationBookTest {

    private static final ObjectInfo FIRST = new ObjectInfo(ObjectPath.of("a"), 1, Fixture.NOW);
    private static final ObjectInfo SECOND = new ObjectInfo(ObjectPath.of("b"), 1, Fixture.NOW);

    /** One lane decides the last object while another is still about to say what became of the one before. */
    @Test
    void nothing_is_signed_before_every_result_is_among_the_answers() {
        List<String> order = new ArrayList<>();
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        Rounds rounds =
                new Rounds(TransferOptions.DEFAULTS, answer -> {}, stopped -> {}, (ms, task) -> {}, new Random(1));
        DestinationBook book = new DestinationBook(
                new Progress(),
                new ResultBatches(Journal.none(), Clock.systemUTC()),
                rounds,
                answers -> {
                    meanwhile.getAndSet(() -> {}).run();
                    order.add("result");
                },
                () -> order.add("all decided"));
        book.announce(0, FIRST);
        book.announce(1, SECOND);
        book.complete(2);
        Outcome conflict = Outcome.failed(ErrorCode.CONFLICT);
        meanwhile.set(() -> book.settle(1, SECOND, conflict));
        book.settle(0, FIRST, conflict);
        assertThat(order).containsExactly("result", "result", "all decided");
    }
}
