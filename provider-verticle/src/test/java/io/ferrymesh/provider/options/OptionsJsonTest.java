package io.ferrymesh.provider.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options in the form they have in the API and in the database. */
class OptionsJsonTest {

    private static final JsonObject ALL = new JsonObject(
            """
            {"selection":{"prefix":"photos/","include":["**/*.jpg","a[!x-z]?"],"exclude":["{tmp,{a,b}c}/**}","\\\\{"],
              "minBytes":1,"maxBytes":1000,"modifiedFrom":"2025-01-01T00:00:00Z","modifiedUntil":"2025-06-01T00:00:00Z"},
             "conflict":"KEEP_BOTH","metadata":"REQUIRE","verification":"READ_BACK","sourceChanged":"FAIL","attempts":10,
             "dryRun":true,"mirror":false,"mirrorMaxDeletes":7}
            """);

    private static final JsonObject WHEN = new JsonObject(
            """
            {"startAt":"2026-01-31T22:00:00Z","deadline":"2026-02-28T22:00:00.500Z","bandwidth":{"bytesPerSecond":1000000,
             "timetable":[{"from":"22:00","to":"06:00","timeZone":"Europe/Berlin"},
                          {"from":"08:00","to":"18:00","timeZone":"UTC","bytesPerSecond":65536}]}}
            """);

    @Test
    void options_come_back_as_they_were_written() {
        assertThat(OptionsJson.of(OptionsJson.options(ALL))).isEqualTo(ALL);
        assertThat(OptionsJson.options(OptionsJson.of(MigrationOptions.DEFAULTS)))
                .isEqualTo(MigrationOptions.DEFAULTS);
        DryRunTotals totals = new DryRunTotals(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        assertThat(OptionsJson.totals(OptionsJson.of(totals))).isEqualTo(totals);
    }

    @Test
    void a_preflight_comes_back_as_it_was_written_and_says_null_of_what_it_does_not_know() {
        Finding finding = new Finding(
                Finding.Kind.NAME_NOT_ALLOWED,
                Finding.Severity.OBJECT_FAILS,
                30,
                900,
                List.of("a", "b"),
                "rename them");
        DryRunTotals none = new DryRunTotals(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        DryRunTotals known = none.with(new Preflight(OptionalLong.of(7), OptionalLong.of(8), 9, 10, List.of(finding)));
        DryRunTotals unknown = none.with(new Preflight(OptionalLong.empty(), OptionalLong.empty(), 0, 0, List.of()));
        assertThat(OptionsJson.totals(OptionsJson.of(known))).isEqualTo(known);
        assertThat(OptionsJson.totals(OptionsJson.of(unknown))).isEqualTo(unknown);
        JsonObject preflight = OptionsJson.of(unknown).getJsonObject("preflight");
        assertThat(preflight.containsKey("freeBytes")).isTrue();
        assertThat(preflight.getLong("freeBytes")).isNull();
        assertThat(preflight.getLong("quotaBytes")).isNull();
        assertThat(known.with(Estimate.UNKNOWN).preflight()).isEqualTo(known.preflight());
    }

    @Test
    void a_mirror_comes_back_as_it_was_written_and_its_bound_is_checked() {
        JsonObject mirror = ALL.copy().put("mirror", true).put("conflict", "OVERWRITE");
        assertThat(OptionsJson.of(OptionsJson.options(mirror))).isEqualTo(mirror);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionsJson.options(ALL.copy().put("mirror", true)))
                .withMessageContaining("conflict must be SKIP_SAME, OVERWRITE or FAIL: KEEP_BOTH");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionsJson.options(ALL.copy().put("mirrorMaxDeletes", -1L)))
                .withMessageContaining("mirrorMaxDeletes must be 0 to 1000000000: -1");
    }

    @Test
    void what_is_left_out_is_as_it_is_by_default() {
        assertThat(OptionsJson.options(new JsonObject())).isEqualTo(MigrationOptions.DEFAULTS);
        assertThat(OptionsJson.changed(Schedule.NONE, new JsonObject())).isEqualTo(Schedule.NONE);
        assertThat(OptionsJson.of(Schedule.NONE)).isEqualTo(new JsonObject());
    }

    @Test
    void a_change_of_the_schedule_leaves_the_rest_and_null_takes_back() {
        Schedule schedule = OptionsJson.changed(Schedule.NONE, WHEN);
        assertThat(OptionsJson.of(schedule)).isEqualTo(WHEN);
        Schedule later = OptionsJson.changed(schedule, new JsonObject().put("deadline", "2027-01-01T00:00:00Z"));
        assertThat(later).isEqualTo(schedule.withDeadline(Optional.of(Instant.parse("2027-01-01T00:00:00Z"))));
        JsonObject nothing =
                new JsonObject().putNull("startAt").putNull("deadline").putNull("bandwidth");
        assertThat(OptionsJson.changed(later, nothing)).isEqualTo(Schedule.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-15T21:30:00Z | unlimited",
                "2026-01-15T04:59:59Z | unlimited",
                "2026-01-15T05:00:00Z | 1000000",
                "2026-01-15T12:00:00Z | 65536",
                "2026-01-15T18:00:00Z | 1000000",
                "2026-07-15T20:00:00Z | unlimited",
                "2026-07-15T04:00:00Z | 1000000"
            })
    void the_first_window_that_is_open_by_its_own_clocks_counts(String at, String limit) {
        Bandwidth bandwidth = OptionsJson.changed(Schedule.NONE, WHEN).bandwidth();
        String found = bandwidth.at(Instant.parse(at)).isPresent()
                ? String.valueOf(bandwidth.at(Instant.parse(at)).getAsLong())
                : "unlimited";
        assertThat(found).isEqualTo(limit);
    }

    @Test
    void a_window_from_a_time_to_the_same_is_the_whole_day() {
        Bandwidth always = OptionsJson.bandwidth(
                new JsonObject("{\"timetable\":[{\"from\":\"08:00\",\"to\":\"08:00\",\"bytesPerSecond\":2048}]}"));
        IntStream.range(0, 24)
                .mapToObj(hour -> Instant.parse("2026-01-15T00:00:00Z").plusSeconds(3_600L * hour))
                .forEach(at -> assertThat(always.at(at)).hasValue(2_048));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0000", "[", "[]", "[a", "[z-a]", "[a-\\", "{a", "{a,{b}", "\\", "[!]"})
    void what_is_no_pattern_is_named(String glob) {
        JsonObject json = new JsonObject()
                .put(
                        "selection",
                        new JsonObject()
                                .put(
                                        "exclude",
                                        new io.vertx.core.json.JsonArray()
                                                .add("ok")
                                                .add(glob)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionsJson.options(json))
                .withMessageStartingWith("selection.exclude[1]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'attempts':11} | attempts must be 1 to 10: 11",
                "{'conflict':'MERGE'} | conflict must be one of [SKIP_SAME, OVERWRITE_OLDER, OVERWRITE, KEEP_BOTH, FAIL]: MERGE",
                "{'selection':{'minBytes':5,'maxBytes':4}} | selection.maxBytes must be at least selection.minBytes, 5: 4",
                "{'selection':{'minBytes':-1}} | selection.minBytes must be >= 0: -1",
                "{'selection':{'modifiedFrom':'yesterday'}} | modifiedFrom must be a time such as 2026-01-31T22:00:00Z: yesterday",
                "{'selection':{'modifiedFrom':'2026-01-01T00:00:00Z','modifiedUntil':'2026-01-01T00:00:00Z'}} | selection.modifiedUntil must be after selection.modifiedFrom, 2026-01-01T00:00:00Z: 2026-01-01T00:00:00Z"
            })
    void what_cannot_be_meant_is_refused_with_what_would_be_right(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionsJson.options(new JsonObject(json.replace('\'', '"'))))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'bandwidth':{'bytesPerSecond':5}} | bandwidth.bytesPerSecond must be 1024 to 1099511627776: 5",
                "{'bandwidth':{'timetable':[{'from':'25:00','to':'06:00'}]}} | bandwidth.timetable[0].from must be a time such as 22:00: 25:00",
                "{'bandwidth':{'timetable':[{'from':'22:00','to':'06:00','timeZone':'Moon'}]}} | bandwidth.timetable[0].timeZone must be a time zone such as Europe/Berlin: Moon",
                "{'startAt':'2026-01-02T00:00:00Z','deadline':'2026-01-01T00:00:00Z'} | deadline must be after startAt, 2026-01-02T00:00:00Z: 2026-01-01T00:00:00Z"
            })
    void a_schedule_that_cannot_be_meant_is_refused(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionsJson.changed(Schedule.NONE, new JsonObject(json.replace('\'', '"'))))
                .withMessage(message);
    }
}
