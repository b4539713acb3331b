package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.txt|a.txt",
                "*.txt|a.txt",
                "*.txt|.txt",
                "*|a",
                "**|a/b/c",
                "**|a/",
                "photos/**|photos/a/b.jpg",
                "photos/**|photos/",
                "**/*.jpg|a.jpg",
                "**/*.jpg|x/a.jpg",
                "**/*.jpg|x/y/a.jpg",
                "x/**/y|x/y",
                "x/**/y|x/a/b/y",
                "a**b|a/x/b",
                "?.txt|ü.txt",
                "?|\uD83D\uDE00",
                "[a-c]x|bx",
                "[!a-c]x|dx",
                "[a-]|-",
                "[\\]]|]",
                "{a,b}.txt|b.txt",
                "{a,b*,{c,d}e}f|def",
                "{,x/}y|y",
                "{,x/}y|x/y",
                "{**/,}a|q/r/a",
                "\\*|*",
                "a\\{b|a{b",
                "a,b}|a,b}",
                "***|a/b",
                "*a*b*c|xxaxxbxxc",
                "n\u00ef*|n\u00efve"
            })
    void a_path_that_fits(String pattern, String path) {
        assertThat(Glob.of(pattern).matches(path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.txt|a.txtx",
                "a.txt|xa.txt",
                "*.txt|a/b.txt",
                "*|a/b",
                "*|a/",
                "photos/**|photosx/a",
                "photos/**|photos",
                "**/a|xa",
                "x/**/y|xy",
                "x/**/y|x/zy",
                "?|/",
                "?|ab",
                "[!a]|/",
                "[.-0]|/",
                "[a-c]|B",
                "{a,b}|ab",
                "{a,b}|c",
                "a|A",
                "*a*b|axxbxxc",
                "{**/,}a|qa"
            })
    void a_path_that_does_not(String pattern, String path) {
        assertThat(Glob.of(pattern).matches(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[a", "[]", "[!]", "[b-a]", "{a", "{a,{b}", "a\\", "[a\\"})
    void a_pattern_that_is_none_is_refused(String pattern) {
        assertThatThrownBy(() -> Glob.of(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_pattern_that_is_too_long_or_too_deep_is_refused() {
        assertThatThrownBy(() -> Glob.of("a".repeat(1_025))).hasMessageContaining("1024");
        assertThatThrownBy(() -> Glob.of("{".repeat(17) + "a" + "}".repeat(17))).hasMessageContaining("16 braces");
    }

    /** With backtracking this would not end. */
    @Test
    void patterns_made_to_be_slow_are_not() {
        assertThat(Glob.of("**a".repeat(300) + "b").matches("a".repeat(4_000))).isFalse();
        assertThat(Glob.of("{a,a}".repeat(200) + "b").matches("a".repeat(4_000)))
                .isFalse();
        assertThat(Glob.of("**/".repeat(300) + "x").matches("a/".repeat(2_000))).isFalse();
    }

    /** Against the plainest matcher there can be, on everything short. */
    @Test
    void stars_and_questions_agree_with_a_matcher_that_tries_everything() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab/*?", 1 + random.nextInt(6));
            String path = text(random, "ab/", random.nextInt(7));
            if (pattern.contains("**")) {
                continue; // has a meaning of its own before a slash
            }
            assertThat(Glob.of(pattern).matches(path))
                    .as("%s on %s", pattern, path)
                    .isEqualTo(plainly(pattern, path));
        }
    }

    private static boolean plainly(String pattern, String path) {
        if (pattern.isEmpty()) {
            return path.isEmpty();
        }
        char first = pattern.charAt(0);
        boolean taken = !path.isEmpty() && (first == path.charAt(0) || (first == '?' && path.charAt(0) != '/'));
        if (first == '*') {
            return plainly(pattern.substring(1), path)
                    || (!path.isEmpty() && path.charAt(0) != '/' && plainly(pattern, path.substring(1)));
        }
        return taken && plainly(pattern.substring(1), path.substring(1));
    }

    private static String text(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
