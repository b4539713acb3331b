package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundsTest {

    private static final ObjectInfo INFO = new ObjectInfo(ObjectPath.of("a"), 3, Instant.EPOCH);
    private static final Setback PASSING = Setback.passing(ErrorCode.DESTINATION_FAILED);
    private static final Setback AWAY = Setback.of(new StoreException(StoreError.UNAVAILABLE, "away"));

    private final List<byte[]> answers = new ArrayList<>();
    private final List<MeshException> stopped = new ArrayList<>();
    private final List<Long> pauses = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();

    private Rounds rounds(TransferOptions options) {
        return new Rounds(
                options,
                answers::add,
                stopped::add,
                (ms, task) -> {
                    pauses.add(ms);
                    later.add(task);
                },
                new Random(1));
    }

    @Test
    void an_object_is_tried_as_often_as_allowed_with_longer_and_longer_pauses() {
        Rounds rounds = rounds(withPause(Duration.ofSeconds(1), 10));
        Round round = Round.FIRST;
        for (int attempt = 1; attempt < 10; attempt++) {
            assertThat(rounds.again(0, INFO, round, 1, PASSING)).isTrue();
            later.get(attempt - 1).run();
            assertThat(answers.get(attempt - 1)).isEqualTo(RoundRecords.look(0, attempt));
            round = rounds.looked(0, attempt).next();
        }

        assertThat(rounds.again(0, INFO, round, 1, PASSING)).isFalse();
        long[] full = {1_000, 4_000, 16_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000};
        for (int i = 0; i < full.length; i++) {
            assertThat(pauses.get(i)).isBetween(full[i] * 3 / 4, full[i]);
        }
    }

    @Test
    void one_attempt_is_one() {
        assertThat(rounds(OptionsFor.attempts(1)).again(0, INFO, Round.FIRST, 1, PASSING))
                .isFalse();
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"CONFLICT", "UNSUPPORTED_PATH", "UNSUPPORTED_METADATA"})
    void what_time_does_not_help_is_not_tried_again(ErrorCode code) {
        assertThat(rounds(TransferOptions.DEFAULTS).again(0, INFO, Round.FIRST, 1, Setback.last(code)))
                .isFalse();
    }

    @Test
    void a_changed_object_fails_at_once_where_the_user_wants_that() {
        Rounds rounds = rounds(new OptionsFor().with(SourceChangedPolicy.FAIL).build());

        assertThat(rounds.again(0, INFO, Round.FIRST, 1, Setback.passing(ErrorCode.SOURCE_CHANGED)))
                .isFalse();
        assertThat(rounds.again(0, INFO, Round.FIRST, 1, Setback.passing(ErrorCode.SOURCE_UNREADABLE)))
                .isTrue();
    }

    @Test
    void a_full_store_stops_the_run() {
        Rounds rounds = rounds(TransferOptions.DEFAULTS);

        assertThat(rounds.again(0, INFO, Round.FIRST, 1, Setback.last(ErrorCode.DESTINATION_FULL)))
                .isTrue();
        assertThat(stopped).singleElement().satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DESTINATION_FULL));
    }

    @Test
    void a_store_that_is_away_stops_the_run_instead_of_failing_its_objects() {
        Rounds rounds = rounds(OptionsFor.attempts(3));
        Round second = Round.FIRST.afterSetback();
        Round third = second.afterSetback();

        assertThat(rounds.again(0, INFO, Round.FIRST, 1, AWAY)).isTrue();
        assertThat(rounds.again(0, INFO, second, 1, AWAY)).isTrue();
        assertThat(stopped).isEmpty();
        assertThat(rounds.again(0, INFO, third, 1, AWAY)).isTrue();
        assertThat(stopped).singleElement().satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void an_object_for_which_the_store_never_answers_fails_alone_when_others_arrive() {
        Rounds rounds = rounds(OptionsFor.attempts(3));
        Round second = Round.FIRST.afterSetback();

        assertThat(rounds.again(0, INFO, Round.FIRST, 1, AWAY)).isTrue();
        assertThat(rounds.again(0, INFO, second, 1, AWAY)).isTrue();
        rounds.arrived();
        assertThat(rounds.again(0, INFO, second.afterSetback(), 1, AWAY)).isFalse();
        assertThat(stopped).isEmpty();
    }

    @Test
    void a_conflict_stops_the_run_where_the_user_wants_that() {
        Rounds rounds = rounds(OptionsFor.conflicts(ConflictPolicy.FAIL).build());

        assertThat(rounds.again(0, INFO, Round.FIRST, 1, Setback.last(ErrorCode.CONFLICT)))
                .isTrue();
        assertThat(stopped).singleElement().satisfies(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(e).hasMessageContaining("a");
        });
    }

    @Test
    void what_differs_is_looked_at_again_at_once_and_costs_no_attempt() {
        Rounds rounds =
                rounds(new OptionsFor().with(ConflictPolicy.OVERWRITE).with(1).build());

        assertThat(rounds.again(0, INFO, Round.FIRST, 1, Setback.differs(Optional.of("v1"))))
                .isTrue();

        Round next = rounds.looked(0, 1).next();
        assertThat(next.differs()).contains("v1");
        assertThat(next.setbacks()).isZero();
        assertThat(next.candidate()).isEqualTo(2);
        assertThat(pauses).isEmpty();
    }

    @Test
    void rounds_come_to_an_end_whatever_they_are_for() {
        Rounds rounds = rounds(OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH).build());
        Round round = Round.FIRST;
        int count = 0;
        while (rounds.again(0, INFO, round, 1, Setback.differs(Optional.empty()))) {
            round = rounds.looked(0, ++count).next();
        }

        assertThat(count).isEqualTo(Round.MOST - 1);
    }

    @Test
    void a_source_may_not_say_what_it_was_not_asked() {
        Rounds rounds = rounds(TransferOptions.DEFAULTS);
        assertInvalid(() -> rounds.looked(0, 1));

        assertThat(rounds.again(0, INFO, Round.FIRST, 1, PASSING)).isTrue();
        assertInvalid(() -> rounds.looked(0, 1)); // the pause is not over
        later.get(0).run();
        assertInvalid(() -> rounds.looked(0, 2));
        assertInvalid(() -> rounds.looked(1, 1));
        assertThat(rounds.looked(0, 1).info()).isEqualTo(INFO);
        assertInvalid(() -> rounds.looked(0, 1));
    }

    @Test
    void nothing_is_asked_after_the_end() {
        Rounds rounds = rounds(TransferOptions.DEFAULTS);
        assertThat(rounds.again(0, INFO, Round.FIRST, 1, PASSING)).isTrue();
        rounds.close();

        later.get(0).run();
        assertThat(rounds.again(1, INFO, Round.FIRST, 1, PASSING)).isTrue();
        assertThat(answers).isEmpty();
        assertThat(later).hasSize(1);
    }

    private static TransferOptions withPause(Duration pause, int attempts) {
        TransferOptions defaults = TransferOptions.DEFAULTS;
        return new TransferOptions(
                defaults.selection(),
                defaults.conflicts(),
                defaults.metadata(),
                defaults.verification(),
                defaults.sourceChanged(),
                attempts,
                pause,
                false,
                OptionalLong.empty());
    }

    private static void assertInvalid(java.util.function.Supplier<Rounds.Waiting> said) {
        assertThatThrownBy(said::get).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.INVALID_MESSAGE));
    }
}
