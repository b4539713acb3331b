package io.ferrymesh.provider.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds at a time, over midnight and in the two nights of the year that have an hour more or less. */
class BandwidthTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final OptionalLong DAY = OptionalLong.of(1_000_000);
    private static final OptionalLong NIGHT = OptionalLong.of(50_000_000);

    private static Bandwidth nightly(String from, String to) {
        return new Bandwidth(
                DAY, List.of(new Bandwidth.Window(LocalTime.parse(from), LocalTime.parse(to), BERLIN, NIGHT)));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T20:59:59Z, false", // 21:59:59 in Berlin
        "2026-11-23T21:00:00Z, true",
        "2026-11-23T22:59:59Z, true",
        "2026-11-23T23:00:00Z, true", // midnight
        "2026-11-24T04:59:59Z, true",
        "2026-11-24T05:00:00Z, false"
    })
    void a_window_over_midnight_is_open_on_both_sides_of_it(Instant at, boolean open) {
        assertThat(nightly("22:00", "06:00").at(at)).isEqualTo(open ? NIGHT : DAY);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:59:59Z, false", // 01:59:59, the clocks go on to 03:00
        "2026-03-29T01:00:00Z, true", // 03:00
        "2026-03-29T01:29:59Z, true",
        "2026-03-29T01:30:00Z, false"
    })
    void a_window_that_begins_in_the_hour_that_is_left_out_opens_when_the_clocks_have_passed_it(
            Instant at, boolean open) {
        assertThat(nightly("02:30", "03:30").at(at)).isEqualTo(open ? NIGHT : DAY);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-25T00:29:59Z, false", // 02:29:59, summer time
        "2026-10-25T00:30:00Z, true",
        "2026-10-25T01:00:00Z, false", // 02:00 again, winter time
        "2026-10-25T01:30:00Z, true",
        "2026-10-25T02:00:00Z, false"
    })
    void a_window_in_the_hour_that_comes_twice_is_open_twice(Instant at, boolean open) {
        assertThat(nightly("02:30", "03:00").at(at)).isEqualTo(open ? NIGHT : DAY);
    }

    @Test
    void a_window_from_a_time_to_the_same_is_always_open() {
        Bandwidth all = nightly("06:00", "06:00");
        for (int minute = 0; minute < 24 * 60; minute++) {
            assertThat(all.at(Instant.parse("2026-11-23T00:00:00Z").plusSeconds(60L * minute)))
                    .isEqualTo(NIGHT);
        }
    }

    @Test
    void of_windows_that_overlap_the_first_counts_even_when_it_has_no_limit() {
        Bandwidth both = new Bandwidth(
                DAY,
                List.of(
                        new Bandwidth.Window(
                                LocalTime.parse("01:00"), LocalTime.parse("02:00"), BERLIN, OptionalLong.empty()),
                        new Bandwidth.Window(LocalTime.parse("00:00"), LocalTime.parse("06:00"), BERLIN, NIGHT)));

        assertThat(both.at(Instant.parse("2026-11-23T00:30:00Z"))).isEmpty();
        assertThat(both.at(Instant.parse("2026-11-23T01:30:00Z"))).isEqualTo(NIGHT);
        assertThat(both.at(Instant.parse("2026-11-23T12:00:00Z"))).isEqualTo(DAY);
    }

    @Test
    void limits_that_are_none_and_more_windows_than_hours_are_refused() {
        Bandwidth.Window window = new Bandwidth.Window(LocalTime.MIN, LocalTime.NOON, BERLIN, NIGHT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bandwidth(OptionalLong.of(1_023), List.of()))
                .withMessageContaining("1024")
                .withMessageContaining("1023");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bandwidth(DAY, Collections.nCopies(25, window)))
                .withMessageContaining("24 windows: 25");
    }
}
