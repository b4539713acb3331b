package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void everything_is_taken_by_default() {
        assertThat(Selection.ALL.takes(info("a/b", 0, Instant.MIN))).isTrue();
        assertThat(Selection.ALL.takes(info("x", Long.MAX_VALUE, Instant.MAX))).isTrue();
    }

    @Test
    void a_path_needs_one_pattern_that_includes_it_and_none_that_excludes_it() {
        Selection selection = OptionsFor.globs(List.of("**/*.jpg", "docs/**"), List.of("**/tmp/**", "docs/*.bak"));

        assertThat(selection.takes("a.jpg")).isTrue();
        assertThat(selection.takes("docs/x")).isTrue();
        assertThat(selection.takes("docs/x.bak")).isFalse();
        assertThat(selection.takes("docs/y/x.bak")).isTrue();
        assertThat(selection.takes("tmp/a.jpg")).isFalse();
        assertThat(selection.takes("a.png")).isFalse();
    }

    @Test
    void a_prefix_is_text_and_no_pattern() {
        Selection selection = new Selection(
                "a*/",
                List.of(),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(selection.takes("a*/b")).isTrue();
        assertThat(selection.takes("ab/b")).isFalse();
    }

    @Test
    void sizes_are_inclusive_and_the_later_time_is_not() {
        Selection selection = new Selection(
                "",
                List.of(),
                List.of(),
                OptionalLong.of(2),
                OptionalLong.of(3),
                Optional.of(TIME),
                Optional.of(TIME.plusSeconds(1)));

        assertThat(selection.takes(info("a", 1, TIME))).isFalse();
        assertThat(selection.takes(info("a", 2, TIME))).isTrue();
        assertThat(selection.takes(info("a", 3, TIME))).isTrue();
        assertThat(selection.takes(info("a", 4, TIME))).isFalse();
        assertThat(selection.takes(info("a", 2, TIME.minusNanos(1)))).isFalse();
        assertThat(selection.takes(info("a", 2, TIME.plusSeconds(1).minusNanos(1))))
                .isTrue();
        assertThat(selection.takes(info("a", 2, TIME.plusSeconds(1)))).isFalse();
    }

    @Test
    void what_is_over_its_bounds_or_lets_nothing_through_is_refused() {
        assertThatThrownBy(() -> OptionsFor.globs(Collections.nCopies(101, "a"), List.of()))
                .hasMessage("include has at most 100 patterns: 101");
        assertThatThrownBy(() -> OptionsFor.globs(List.of(), Collections.nCopies(101, "a")))
                .hasMessage("exclude has at most 100 patterns: 101");
        assertThatThrownBy(() -> OptionsFor.globs(Collections.nCopies(20, "a".repeat(1_000)), List.of()))
                .hasMessage("all patterns together have at most 16384 characters: 20000");
        assertThatThrownBy(() -> sizes(-1, 5)).hasMessage("minBytes must be >= 0: -1");
        assertThatThrownBy(() -> sizes(5, 4)).hasMessage("maxBytes must be >= minBytes: 4");
        assertThatThrownBy(() -> new Selection(
                        "",
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.of(TIME),
                        Optional.of(TIME)))
                .hasMessageStartingWith("modifiedFrom must be before modifiedUntil");
    }

    @Test
    void options_out_of_their_range_are_refused() {
        assertThatThrownBy(() -> OptionsFor.attempts(0)).hasMessage("attempts must be 1 to 10: 0");
        assertThatThrownBy(() -> OptionsFor.attempts(11)).hasMessage("attempts must be 1 to 10: 11");
        assertThatThrownBy(() -> new OptionsFor().limitedTo(1_023).build())
                .hasMessage("bytesPerSecond must be >= 1024: 1023");
        assertThatThrownBy(() -> new TransferOptions(
                        Selection.ALL,
                        ConflictPolicy.FAIL,
                        MetadataPolicy.IGNORE,
                        Verification.STREAM,
                        SourceChangedPolicy.FAIL,
                        1,
                        Duration.ofMinutes(2),
                        false,
                        OptionalLong.empty()))
                .hasMessage("firstPauseMs must be 1 to 60000: 120000");
    }

    private static Selection sizes(long least, long most) {
        return new Selection(
                "",
                List.of(),
                List.of(),
                OptionalLong.of(least),
                OptionalLong.of(most),
                Optional.empty(),
                Optional.empty());
    }

    private static ObjectInfo info(String path, long size, Instant modified) {
        return new ObjectInfo(ObjectPath.of(path), size, modified);
    }
}
