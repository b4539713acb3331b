package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObjectHeadersTest {

    private static final Instant STORED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final ObjectPath PATH = ObjectPath.of("a");

    @Test
    void times_are_written_as_rclone_writes_them() {
        assertThat(ObjectHeaders.seconds(Instant.parse("2001-02-03T04:05:06.123456789Z")))
                .isEqualTo("981173106.123456789");
        assertThat(ObjectHeaders.seconds(Instant.parse("2001-02-03T04:05:06.5Z")))
                .isEqualTo("981173106.5");
        assertThat(ObjectHeaders.seconds(Instant.EPOCH)).isEqualTo("0");
        assertThat(ObjectHeaders.seconds(Instant.ofEpochSecond(-1))).isEqualTo("-1");
        assertThat(ObjectHeaders.seconds(Instant.ofEpochSecond(-1, 750_000_000)))
                .isEqualTo("-0.25");
        assertThat(ObjectHeaders.seconds(Instant.ofEpochSecond(-2, 1))).isEqualTo("-1.999999999");
    }

    @Test
    void times_come_back_to_the_nanosecond() {
        for (String time : new String[] {
            "2001-02-03T04:05:06.123456789Z",
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59.750Z",
            "1969-12-31T23:59:58.000000001Z",
            "1901-12-13T20:45:51Z",
            "9999-12-31T23:59:59.999999999Z"
        }) {
            assertThat(ObjectHeaders.parseSeconds(ObjectHeaders.seconds(Instant.parse(time))))
                    .contains(Instant.parse(time));
        }
        assertThat(ObjectHeaders.parseSeconds("1.1234567891")).contains(Instant.ofEpochSecond(1, 123_456_789));
    }

    @Test
    void what_is_no_time_is_none_and_the_servers_time_counts() {
        for (String text : new String[] {"", "-", ".5", "1.", "yesterday", "1e9", "999999999999", "1 ", "+1", "0x1"}) {
            assertThat(ObjectHeaders.parseSeconds(text)).as(text).isEmpty();
            assertThat(headers(null, Map.of("mtime", text)).info(PATH, false).modified())
                    .isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        }
    }

    @Test
    void the_servers_times_are_taken_where_they_are_wished_for() {
        assertThat(headers(null, Map.of("mtime", "1.5")).info(PATH, false).modified())
                .isEqualTo(Instant.ofEpochSecond(1, 500_000_000));
        assertThat(headers(null, Map.of("mtime", "1.5")).info(PATH, true).modified())
                .isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    }

    @Test
    void metadata_that_cannot_be_kept_elsewhere_is_left_out() {
        var foreign = new TreeMap<String, String>();
        foreign.put("Camera", "Zenit");
        foreign.put("with_underscore", "x");
        foreign.put("umlaut", "ä");
        foreign.put("long", "x".repeat(ObjectMetadata.MAX_VALUE + 1));
        foreign.put("mtime", "1");
        foreign.put("ferrymesh-id", "0123456789abcdef");

        ObjectDetails details = headers("text/plain\u00a0", foreign).details(PATH, false);

        assertThat(details.metadata())
                .isEqualTo(new ObjectMetadata(Optional.empty(), new TreeMap<>(Map.of("camera", "Zenit"))));
    }

    @Test
    void the_etag_names_content_and_metadata() {
        String etag = headers("a/b", Map.of("x", "1")).etag();

        assertThat(etag)
                .startsWith("d41d8cd9.")
                .isEqualTo(headers("a/b", Map.of("x", "1")).etag());
        assertThat(headers("a/c", Map.of("x", "1")).etag()).isNotEqualTo(etag);
        assertThat(headers("a/b", Map.of("x", "2")).etag()).isNotEqualTo(etag);
    }

    @Test
    void any_servers_etag_becomes_one_that_can_stand_in_a_header() {
        for (String odd : new String[] {"", "with space", "é", "x".repeat(200)}) {
            var headers = new ObjectHeaders(1, STORED, odd, null, Map.of());
            assertThat(headers.details(PATH, false).etag()).matches("[!-~]{9,128}");
        }
    }

    @Test
    void names_that_are_the_stores_own_are_refused() {
        for (String key : new String[] {"mtime", "ferrymesh-id"}) {
            var metadata = new ObjectMetadata(Optional.empty(), new TreeMap<>(Map.of(key, "x")));
            assertThatThrownBy(() -> ObjectHeaders.check(PATH, metadata))
                    .hasMessage("a: the metadata key " + key + " is the store's own");
        }
    }

    @Test
    void a_path_starts_with_whole_parts() {
        for (String start : new String[] {"", "a", "a/", "a/b", "..", "a/.", "é/x"}) {
            assertThat(Keys.canStartPath(start)).as(start).isTrue();
        }
        for (String start : new String[] {"/", "//", "../", "./a", "a//", "a/../b", "a\0", "x".repeat(256) + "/"}) {
            assertThat(Keys.canStartPath(start)).as(start).isFalse();
        }
    }

    private static ObjectHeaders headers(@Nullable String type, Map<String, String> metadata) {
        return new ObjectHeaders(1, STORED, "d41d8cd9", type, metadata);
    }
}
