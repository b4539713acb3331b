package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectPath;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesBesideTest {

    @ParameterizedTest
    @CsvSource({
        "a.txt,2,a (2).txt",
        "d.x/a,3,d.x/a (3)",
        ".hidden,2,.hidden (2)",
        ".hidden.txt,2,.hidden (2).txt",
        "a.tar.gz,2,a.tar (2).gz",
        "a.,2,a (2).",
        "a (2).txt,2,a (2) (2).txt",
        "a.txt,1,a.txt"
    })
    void a_number_goes_before_the_ending(String path, int number, String beside) {
        assertThat(NamesBeside.of(ObjectPath.of(path), number)).contains(ObjectPath.of(beside));
    }

    @Test
    void a_long_name_is_cut_between_characters() {
        ObjectPath path = ObjectPath.of("d/" + "\uD83D\uDE00".repeat(62) + ".jpg"); // 252 bytes

        ObjectPath beside = NamesBeside.of(path, 12).orElseThrow();

        assertThat(beside.toString()).startsWith("d/\uD83D\uDE00").endsWith("\uD83D\uDE00 (12).jpg");
        assertThat(beside.toString().substring(2).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void a_name_that_is_all_ending_and_a_path_without_room_have_none() {
        assertThat(NamesBeside.of(ObjectPath.of("a." + "e".repeat(253)), 2)).isEmpty();
        String deep = "d".repeat(99) + "/";
        assertThat(NamesBeside.of(ObjectPath.of(deep.repeat(39) + "x".repeat(99) + "y"), 2))
                .isEmpty();
    }
}
