package io.ferrymesh.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "a/", "...", "..a", ".a/b.", " ", "a\nb", "a\\b", "C:", "ü/漢字", "😀"})
    void accepts_a_path(String text) {
        ObjectPath path = ObjectPath.of(text);

        assertThat(path).hasToString(text);
        assertThat(path.utf8()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(ObjectPath.ofUtf8(path.utf8())).isEqualTo(path).hasSameHashCodeAs(path);
        assertThat(path.length()).isEqualTo(path.utf8().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "//", "/", "a//b", "a//"})
    void refuses_empty_parts(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectPath.of(text))
                .withMessageContaining("empty part");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "./", "../", "../a", "a/..", "a/../b", "a/./b", "a/.", "./a", "a/../"})
    void refuses_parts_that_lead_elsewhere(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectPath.of(text))
                .withMessageContaining(". or ..");
    }

    @Test
    void refuses_nul_and_the_empty_path() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectPath.of("a\0b"))
                .withMessageContaining("NUL");
        assertThatIllegalArgumentException().isThrownBy(() -> ObjectPath.of("")).withMessageContaining("not 0");
    }

    @Test
    void refuses_halves_of_surrogate_pairs() {
        for (String text : List.of("\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ObjectPath.of(text))
                    .withMessageContaining("Unicode");
        }
    }

    @Test
    void refuses_bytes_that_are_not_utf8() {
        byte[][] malformed = {
            {(byte) 0xff}, {'a', (byte) 0xc3}, {(byte) 0xc0, (byte) 0xaf}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        };
        for (byte[] bytes : malformed) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ObjectPath.ofUtf8(bytes))
                    .withMessageContaining("UTF-8");
        }
    }

    @Test
    void bounds_parts_and_paths_in_bytes_not_characters() {
        assertThat(ObjectPath.of("x".repeat(255)).length()).isEqualTo(255);
        assertThat(ObjectPath.of("é".repeat(127) + "x/").length()).isEqualTo(256);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectPath.of("é".repeat(128)))
                .withMessageContaining("255 bytes, not 256");

        String longest = ("x".repeat(199) + "/").repeat(20);
        assertThat(ObjectPath.of(longest).length()).isEqualTo(ObjectPath.MAX_BYTES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectPath.of(longest + "x"))
                .withMessageContaining("not 4001");
    }

    @Test
    void tells_directories_by_the_trailing_slash() {
        assertThat(ObjectPath.of("a/").isDirectory()).isTrue();
        assertThat(ObjectPath.of("a").isDirectory()).isFalse();
        assertThat(ObjectPath.of("a/")).isNotEqualTo(ObjectPath.of("a"));
    }

    @Test
    void sorts_by_unsigned_bytes() {
        // U+FF5E sorts before U+1F600 by UTF-8, after it by Java's char values
        List<String> inOrder = List.of("a", "a\n", "a b", "a.b", "a/", "a/b", "a0", "é", "～", "😀");

        Stream<ObjectPath> reversed = inOrder.stream().map(ObjectPath::of).sorted((a, b) -> b.compareTo(a));

        assertThat(reversed.sorted().map(ObjectPath::toString)).containsExactlyElementsOf(inOrder);
    }

    @Test
    void does_not_share_its_bytes() {
        byte[] bytes = {'a'};
        ObjectPath path = ObjectPath.ofUtf8(bytes);
        bytes[0] = '/';
        path.utf8()[0] = '/';

        assertThat(path).isEqualTo(ObjectPath.of("a"));
    }
}
