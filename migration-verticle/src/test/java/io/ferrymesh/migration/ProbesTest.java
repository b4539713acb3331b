package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the source tries to read in a dry run, and how that travels. */
class ProbesTest {

    private final FaultyStore store = new FaultyStore();
    private final SourceBook book = new SourceBook(new Progress(), new SegmentQueue());
    private final Probes probes = new Probes(store, book, new Outage());

    @Test
    void a_local_store_is_tried_in_full_and_a_remote_one_in_part() {
        ProbeSample local = new ProbeSample(true);
        ProbeSample remote = new ProbeSample(false);
        long tried = 0;
        for (int i = 0; i < 1_000_000; i++) {
            assertThat(local.takesNext()).isTrue();
            boolean takes = remote.takesNext();
            assertThat(takes || i >= ProbeSample.FIRST).isTrue();
            tried += takes ? 1 : 0;
        }
        assertThat(tried).isEqualTo(ProbeSample.MOST);
    }

    @Test
    void the_question_and_the_answers_have_the_bytes_that_the_documentation_says() {
        assertThat(HexFormat.of().formatHex(Probed.question(3))).isEqualTo("18" + "0000000000000003" + "00");
        assertThat(HexFormat.of().formatHex(Probed.UNREADABLE.answer(3))).isEqualTo("18" + "0000000000000003" + "04");
        for (Probed each : List.of(
                Probed.readable(ObjectMetadata.EMPTY),
                Probed.readable(WithStores.PHOTO),
                Probed.NOT_TRIED,
                Probed.UNREADABLE,
                Probed.GONE)) {
            assertThat(answered(each.answer(7))).isEqualTo(each);
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 6, 127, -1})
    void an_answer_that_is_none_is_refused(byte word) {
        byte[] answer = Probed.UNREADABLE.answer(3);
        answer[9] = word;

        assertInvalid(() -> answered(answer));
    }

    @Test
    void a_question_that_says_something_is_refused() {
        RecordReader in = reader(Probed.GONE.answer(3));
        assertThat(in.type()).isEqualTo(RecordType.PROBE);

        assertInvalid(() -> Probed.readQuestion(in));
    }

    @Test
    void what_can_be_read_what_cannot_and_what_is_gone_are_told_apart() {
        list("fine", "locked", "removed", "empty");
        store.remove("removed");
        store.hook = WithStores.failing(FaultyStore.Act.OPEN, "locked", 1, StoreError.NOT_READABLE);
        probes.beginTurn();
        for (int i = 0; i < 4; i++) {
            probes.add(i);
        }

        assertThat(answered(next())).isEqualTo(Probed.readable(WithStores.PHOTO));
        assertThat(answered(next())).isEqualTo(Probed.UNREADABLE);
        assertThat(answered(next())).isEqualTo(Probed.GONE);
        assertThat(answered(next()).verdict()).isEqualTo(Probed.Verdict.READABLE);
        assertThat(probes.next()).isNull();
        assertThat(probes.goOn()).isFalse();
    }

    @Test
    void a_store_that_does_not_answer_for_one_says_nothing_of_it_and_for_several_ends_the_run() {
        list("a", "b", "c");
        store.hook = (act, path) -> {
            throw new io.ferrymesh.stores.StoreException(StoreError.UNAVAILABLE, "away");
        };
        probes.beginTurn();
        for (int i = 0; i < 3; i++) {
            probes.add(i);
        }

        assertThat(answered(next())).isEqualTo(Probed.NOT_TRIED);
        assertThat(answered(next())).isEqualTo(Probed.NOT_TRIED);
        assertThatThrownBy(probes::next)
                .isInstanceOf(MeshException.class)
                .extracting(e -> ((MeshException) e).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void a_turn_ends_after_so_many_and_the_rest_waits_for_the_next() {
        for (int i = 0; i <= Probes.MOST_IN_TURN; i++) {
            list("object %03d".formatted(i));
            probes.add(i);
        }
        probes.beginTurn();
        for (int i = 0; i < Probes.MOST_IN_TURN; i++) {
            assertThat(probes.next()).isNotNull();
        }

        assertThat(probes.next()).isNull();
        assertThat(probes.goOn()).isTrue();
        probes.beginTurn();
        assertThat(probes.next()).isNotNull();
        assertThat(probes.goOn()).isFalse();
    }

    @Test
    void an_object_is_asked_for_once_and_not_wanted_as_well() {
        list("a", "b");
        probes.add(0);

        assertInvalid(() -> probes.add(0));
        assertInvalid(() -> probes.add(2));
        assertInvalid(() -> book.get(0).ask(true));
        book.get(1).ask(true);
        assertInvalid(() -> probes.add(1));
    }

    private void list(String... names) {
        for (String name : names) {
            store.put(name, name.equals("empty") ? "" : name, WithStores.EARLY, WithStores.PHOTO);
            long unused = book.list(new ObjectInfo(ObjectPath.of(name), name.length(), WithStores.EARLY));
        }
    }

    private byte[] next() {
        return java.util.Objects.requireNonNull(probes.next());
    }

    private static Probed answered(byte[] record) {
        RecordReader in = reader(record);
        assertThat(in.type()).isEqualTo(RecordType.PROBE);
        assertThat(in.u63()).isNotNegative();
        Probed answer = Probed.readAnswer(in);
        assertThat(in.hasNext()).isFalse();
        return answer;
    }

    private static RecordReader reader(byte[] record) {
        return new RecordReader(record, 0, record.length);
    }

    private static void assertInvalid(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(MeshException.class)
                .extracting(e -> ((MeshException) e).code())
                .isEqualTo(ErrorCode.INVALID_MESSAGE);
    }
}
