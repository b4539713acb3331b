package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Options of a migration, as they are written at the command line. */
class MoveOptionsTest {

    /** Takes the options and nothing else. */
    @Command(name = "move")
    private static final class Move {

        @Mixin
        private MoveOptions options = new MoveOptions();
    }

    /** Takes those that can be changed. */
    @Command(name = "change")
    private static final class Change {

        @Mixin
        private ScheduleOptions schedule = new ScheduleOptions();
    }

    @Test
    void without_any_nothing_is_asked_for() {
        assertThat(parsed()).isEmpty();
    }

    @Test
    void all_of_them_are_as_the_api_has_them() {
        Optional<JsonObject> json = parsed(
                "--include",
                "**/*.jpg",
                "--include",
                "*.png",
                "--exclude",
                "tmp/**",
                "--only",
                "photos/",
                "--min-bytes",
                "1",
                "--max-bytes",
                "1000",
                "--modified-from",
                "2025-01-01T00:00:00Z",
                "--modified-until",
                "2025-02-01T00:00:00Z",
                "--conflict",
                "overwrite-older",
                "--metadata",
                "require",
                "--read-back",
                "--source-changed",
                "fail",
                "--attempts",
                "5",
                "--dry-run",
                "--start-at",
                "2030-01-01T00:00:00Z",
                "--deadline",
                "2030-01-02T00:00:00Z",
                "--limit",
                "2000000",
                "--timetable",
                "22:00-06:00@Europe/Berlin=unlimited",
                "--timetable",
                "08:00-18:00=65536");
        assertThat(json)
                .contains(
                        new JsonObject(
                                """
                                {"startAt":"2030-01-01T00:00:00Z","deadline":"2030-01-02T00:00:00Z",
                                 "bandwidth":{"bytesPerSecond":2000000,"timetable":[
                                   {"from":"22:00","to":"06:00","timeZone":"Europe/Berlin"},
                                   {"from":"08:00","to":"18:00","bytesPerSecond":65536}]},
                                 "selection":{"prefix":"photos/","minBytes":1,"maxBytes":1000,
                                   "modifiedFrom":"2025-01-01T00:00:00Z","modifiedUntil":"2025-02-01T00:00:00Z",
                                   "include":["**/*.jpg","*.png"],"exclude":["tmp/**"]},
                                 "conflict":"OVERWRITE_OLDER","metadata":"REQUIRE","verification":"READ_BACK",
                                 "sourceChanged":"FAIL","attempts":5,"dryRun":true}
                                """));
    }

    @Test
    void none_takes_something_back() {
        JsonObject nothing =
                new JsonObject().putNull("startAt").putNull("deadline").putNull("bandwidth");
        String[] none = {"--start-at", "none", "--deadline", "none", "--limit", "none"};
        Change change = new Change();
        var unused = new CommandLine(change).parseArgs(none);
        assertThat(change.schedule.json()).isEqualTo(nothing);
        assertThat(parsed(none)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--conflict | merge | must be one of skip-same, overwrite-older, overwrite, keep-both, fail: merge",
                "--attempts | 11 | must be from 1 to 10: 11",
                "--include | [a | selection.include[0] is no pattern",
                "--limit | fast | --limit must be a number of bytes a second, or none: fast",
                "--limit | 5 | bandwidth.bytesPerSecond must be 1024",
                "--timetable | 22-6=5 | --timetable must be such as 22:00-06:00@Europe/Berlin=1000000: 22-6=5",
                "--timetable | 22:00-06:00@Moon=5000 | bandwidth.timetable[0].timeZone must be a time zone",
                "--deadline | tomorrow | deadline must be a time such as 2026-01-31T22:00:00Z: tomorrow"
            })
    void what_cannot_be_meant_is_refused_before_anybody_is_asked(String name, String value, String why) {
        assertThatThrownBy(() -> parsed(name, value))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(why);
    }

    private static Optional<JsonObject> parsed(String... arguments) {
        Move move = new Move();
        var unused = new CommandLine(move).parseArgs(arguments);
        return move.options.json();
    }
}
