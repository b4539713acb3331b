package io.ferrymesh.provider.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.provider.options.Bandwidth.Window;
import io.ferrymesh.provider.options.Estimate.BasedOn;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EstimateTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final DryRunTotals LARGE = found(10, 1_000_000_000);
    private static final Optional<RecentRate> FAST = Optional.of(new RecentRate(10_000_000, 0));

    private static DryRunTotals found(long objects, long bytes) {
        return new DryRunTotals(objects, bytes, 0, 3, 5_000_000, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Bandwidth limit(long bytesPerSecond) {
        return new Bandwidth(OptionalLong.of(bytesPerSecond), List.of());
    }

    private static Estimate seconds(long seconds, BasedOn basedOn) {
        return new Estimate(OptionalLong.of(seconds), basedOn);
    }

    @Test
    void when_nothing_is_known_there_is_none() {
        assertThat(Estimate.of(LARGE, Optional.empty(), Bandwidth.UNLIMITED, NOON))
                .isEqualTo(Estimate.UNKNOWN);
        assertThat(Estimate.UNKNOWN.seconds()).isEmpty();
    }

    @Test
    void nothing_takes_no_time() {
        assertThat(Estimate.of(found(0, 0), Optional.empty(), Bandwidth.UNLIMITED, NOON))
                .isEqualTo(seconds(0, BasedOn.NOTHING_TO_MOVE));
    }

    @Test
    void it_goes_by_what_other_migrations_brought() {
        assertThat(Estimate.of(LARGE, FAST, Bandwidth.UNLIMITED, NOON))
                .isEqualTo(seconds(100, BasedOn.RECENT_MIGRATIONS));
    }

    @Test
    void many_small_objects_take_longer_than_their_bytes() {
        Optional<RecentRate> rate = Optional.of(new RecentRate(10_000_000, 65_536));

        assertThat(Estimate.of(found(100_000, 0), rate, Bandwidth.UNLIMITED, NOON))
                .isEqualTo(seconds(656, BasedOn.RECENT_MIGRATIONS));
    }

    @Test
    void a_limit_below_that_holds_it_back_and_one_above_does_not() {
        assertThat(Estimate.of(LARGE, FAST, limit(1_000_000), NOON))
                .isEqualTo(seconds(1_000, BasedOn.RECENT_MIGRATIONS_AND_LIMIT));
        assertThat(Estimate.of(LARGE, FAST, limit(100_000_000), NOON))
                .isEqualTo(seconds(100, BasedOn.RECENT_MIGRATIONS));
    }

    @Test
    void a_limit_alone_says_how_fast_it_can_be_at_most() {
        assertThat(Estimate.of(LARGE, Optional.empty(), limit(1_000_000), NOON))
                .isEqualTo(seconds(1_000, BasedOn.LIMIT));
    }

    @Test
    void a_timetable_counts_as_time_goes_by() {
        Window night = new Window(LocalTime.of(12, 10), LocalTime.of(6, 0), ZoneOffset.UTC, OptionalLong.empty());
        Bandwidth slowAtFirst = new Bandwidth(OptionalLong.of(1_000_000), List.of(night));

        assertThat(Estimate.of(LARGE, FAST, slowAtFirst, NOON)) // 600 s bring 600 MB, 40 s the rest
                .isEqualTo(seconds(640, BasedOn.RECENT_MIGRATIONS_AND_LIMIT));
        assertThat(Estimate.of(LARGE, Optional.empty(), slowAtFirst, NOON))
                .as("nobody knows how fast the night is")
                .isEqualTo(Estimate.UNKNOWN);
    }

    @Test
    void what_takes_years_is_said_too() {
        Estimate years = Estimate.of(found(1, 1L << 40), Optional.empty(), limit(1_024), NOON);

        assertThat(years.seconds().orElseThrow()).isBetween((1L << 30) - 1, (1L << 30) + 1);
    }

    @Test
    void it_comes_back_from_its_json() {
        for (Estimate estimate : List.of(Estimate.UNKNOWN, seconds(7, BasedOn.LIMIT))) {
            DryRunTotals totals = LARGE.with(estimate);
            assertThat(OptionsJson.totals(OptionsJson.of(totals))).isEqualTo(totals);
        }
        assertThat(OptionsJson.totals(OptionsJson.of(LARGE))).isEqualTo(LARGE);
    }
}
