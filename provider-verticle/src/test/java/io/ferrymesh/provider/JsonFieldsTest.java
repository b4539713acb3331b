package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFieldsTest {

    private static final Set<String> KNOWN = Set.of("key", "name", "count");

    @Test
    void well_formed_fields_are_read() {
        try (JsonFields fields = parse("{\"key\":\"00fF\",\"name\":\"caf\\u00e9\",\"count\":7}")) {
            assertThat(fields.hex("key", 2)).containsExactly(0, 0xff);
            assertThat(fields.string("name", 5)).contains("café");
            assertThat(fields.integer("count", 1, 9)).contains(7L);
        }
    }

    @Test
    void absent_fields_are_empty() {
        try (JsonFields fields = parse("{}")) {
            assertThat(fields.string("name", 5)).isEmpty();
            assertThat(fields.integer("count", 1, 9)).isEmpty();
        }
    }

    @Test
    void the_body_is_overwritten() {
        Buffer body = Buffer.buffer("{\"key\":\"00ff\"}");
        JsonFields.parse(body, KNOWN).close();
        assertThat(body.getBytes()).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``                            | must be a JSON object
                    []                            | must be a JSON object
                    "x"                           | must be a JSON object
                    {"key"                        | not valid JSON
                    {"key":"00",}                 | not valid JSON
                    {"key":"00"                   | not valid JSON
                    {key:"00"}                    | not valid JSON
                    {"key":"00"} {}               | something after
                    {"key":"00","key":"00"}       | not valid JSON
                    {"other":"00"}                | unknown field other; known are count, key, name
                    {"o\\nther":"00"}             | unprintable
                    {"key":null}                  | key must be a string or an integer
                    {"key":{"a":1}}               | key must be a string or an integer
                    {"key":["a"]}                 | key must be a string or an integer
                    {"count":1.5}                 | count must be a string or an integer
                    {"count":1e3}                 | count must be a string or an integer
                    {"count":9223372036854775808} | count must be a string or an integer
                    {"count":123456789012345678901234567890} | not valid JSON
                    """)
    void what_is_not_a_flat_object_of_known_fields_is_refused(String body, String why) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(Problem.class).hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}              | key is missing: 4 hex digits
                    {"key":1}       | key must be a string of 4 hex digits
                    {"key":"00"}    | key must be 4 hex digits, not 2
                    {"key":"00ffg"} | key must be 4 hex digits, not 5
                    {"key":"00fg"}  | key must be 4 hex digits, and has another character
                    """)
    void a_key_is_exactly_so_much_hex(String body, String why) {
        try (JsonFields fields = parse(body)) {
            assertThatThrownBy(() -> fields.hex("key", 2)).hasMessageContaining(why);
        }
    }

    @Test
    void strings_and_integers_have_bounds() {
        try (JsonFields fields = parse("{\"name\":\"cafés\",\"count\":10,\"key\":4}")) {
            assertThatThrownBy(() -> fields.string("name", 5)).hasMessage("name must have at most 5 bytes, not 6");
            assertThatThrownBy(() -> fields.integer("count", 1, 9)).hasMessage("count must be an integer from 1 to 9");
            assertThatThrownBy(() -> fields.integer("name", 1, 9)).hasMessage("name must be an integer from 1 to 9");
            assertThatThrownBy(() -> fields.string("key", 9)).hasMessage("key must be a string");
        }
    }

    @Test
    void half_a_surrogate_pair_is_refused() {
        try (JsonFields fields = parse("{\"name\":\"\\ud800\"}")) {
            assertThatThrownBy(() -> fields.string("name", 9)).hasMessage("name must be valid Unicode");
        }
    }

    @Test
    void bytes_that_are_not_utf8_are_refused() {
        Buffer body = Buffer.buffer("{\"name\":\"").appendByte((byte) 0xff).appendString("\"}");
        assertThatThrownBy(() -> JsonFields.parse(body, KNOWN)).isInstanceOf(Problem.class);
    }

    private static JsonFields parse(String body) {
        return JsonFields.parse(Buffer.buffer(body), KNOWN);
    }
}
