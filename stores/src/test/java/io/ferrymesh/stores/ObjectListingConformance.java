package io.ferrymesh.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Listings, as every {@link ObjectStore} gives them. */
abstract class ObjectListingConformance extends ObjectPublishConformance {

    // ---- listing

    @Test
    void an_empty_store_lists_nothing() throws Exception {
        assertThat(listed("")).isEmpty();
        assertThat(listed("a")).isEmpty();
    }

    @Test
    void odd_names_are_listed_in_the_order_of_their_bytes() throws Exception {
        List<String> inOrder = List.of(
                "\n",
                " ",
                " leading",
                "-rf",
                "...",
                "%41",
                "a",
                "a\n",
                "a b",
                "b.c",
                "b/c",
                "b/c.d",
                "b0",
                "c-/x",
                "c.",
                "c.d/x",
                "c/.x",
                "c/x/y",
                "c/x0",
                "c0/x",
                "d?*\"<>|:\\",
                "e\u0301",
                "x".repeat(255),
                "~",
                "é",
                "é".repeat(127) + "y",
                "漢字 テスト\n.txt",
                "\uFFFD",
                "～",
                "😀/😀");
        for (String name : inOrder.stream().filter(each -> !canHold(each)).toList()) {
            assertFails(StoreError.UNSUPPORTED_PATH, () -> staged(name, new byte[0], MODIFIED));
        }
        var shuffled = new ArrayList<>(
                inOrder.stream().filter(this::canHold).sorted(byBytes()).toList());
        List<String> expected = List.copyOf(shuffled);
        Collections.shuffle(shuffled, new Random(7));
        put(shuffled);

        assertThat(listed("")).containsExactlyElementsOf(expected);
        assertThat(listed("", 1)).containsExactlyElementsOf(expected);
        assertThat(listed("", 3)).containsExactlyElementsOf(expected);
        for (String name : expected) {
            assertThat(get(name)).asString(UTF_8).isEqualTo(name);
        }
    }

    @Test
    void a_prefix_is_plain_text() throws Exception {
        List<String> all = List.of("a", "ab/c", "ab/d/e", "ab/d/f", "ab0", "abc/d", "b/ab/c", "é/x", "éa");
        put(all);

        for (String prefix : List.of(
                "",
                "a",
                "ab",
                "ab/",
                "ab/d",
                "ab/d/",
                "ab/d/e",
                "ab/d/e/",
                "ab/d/ef",
                "b/",
                "b/a",
                "é",
                "é/",
                "c",
                "/",
                "//",
                "..",
                "../",
                "./a",
                "ab//",
                "ab/../a",
                "a\0/",
                "x".repeat(300) + "/a")) {
            assertThat(listed(prefix))
                    .as("prefix %s", prefix)
                    .containsExactlyElementsOf(
                            all.stream().filter(name -> name.startsWith(prefix)).toList());
        }
    }

    @Test
    void a_listing_starts_after_any_path() throws Exception {
        List<String> all = List.of("a", "a.b", "a0/x", "b!", "b/", "b/c!", "b/c/d/e", "b/c/f", "b/c0", "bb", "é");
        put(all.stream().filter(name -> !name.equals("b/")).toList());
        put("d/", new byte[0]);
        List<String> there = listed("");
        assertThat(there).contains("d/").hasSize(all.size());

        for (String after : List.of(
                "!",
                "a",
                "a!",
                "a.",
                "a/",
                "a/x",
                "a0",
                "a0/",
                "a0/x",
                "a0/y",
                "b",
                "b!",
                "b/",
                "b/c",
                "b/c/",
                "b/c/d",
                "b/c/d/",
                "b/c/d/e",
                "b/c/d/e/f",
                "b/c/zz",
                "b/c0",
                "b0",
                "d",
                "d/",
                "d/x",
                "z",
                "é",
                "é/",
                "～")) {
            for (String prefix : List.of("", "b", "b/", "b/c/", "d", "é", "x/")) {
                assertThat(pageAfter(prefix, after, 1_000))
                        .as("prefix %s after %s", prefix, after)
                        .containsExactlyElementsOf(there.stream()
                                .filter(name -> name.startsWith(prefix))
                                .filter(name -> byBytes().compare(name, after) > 0)
                                .toList());
            }
        }
    }

    @Test
    void a_listing_goes_on_from_page_to_page_and_stays_at_its_end() throws Exception {
        put(IntStream.range(0, 25).mapToObj(i -> "f" + (char) ('a' + i)).toList());

        try (ObjectListing listing = store.list("")) {
            assertThat(listing.next(10)).hasSize(10);
            assertThat(listing.next(10)).hasSize(10);
            assertThat(listing.next(10)).hasSize(5);
            assertThat(listing.next(10)).isEmpty();
            assertThat(listing.next(10)).isEmpty();
        }
    }

    @Test
    void a_listing_gives_sizes_and_times() throws Exception {
        put("a/b", random(123));

        try (ObjectListing listing = store.list("")) {
            assertThat(listing.next(10)).containsExactly(new ObjectInfo(ObjectPath.of("a/b"), 123, kept(MODIFIED)));
        }
    }

    @Test
    @Tag(MANY_OBJECTS)
    void a_hundred_thousand_objects_come_in_order_and_in_pages() throws Exception {
        List<String> expected = IntStream.range(0, 100_000)
                .mapToObj(i -> "d/" + Integer.toHexString(i * 0x9E3779B1) + (i % 500 == 0 ? "/x" : ""))
                .sorted(byBytes())
                .toList();
        fill(expected);

        store.close();
        store = openWithSmallPages();
        assertThat(listed("", 777)).isEqualTo(expected);
        assertThat(listed("d/f", 1_000))
                .isEqualTo(
                        expected.stream().filter(name -> name.startsWith("d/f")).toList());
        for (int from : List.of(0, 31_000, 63_999, 98_999)) {
            assertThat(pageAfter("d/", expected.get(from), 1_000)).isEqualTo(expected.subList(from + 1, from + 1_001));
        }
        assertThat(pageAfter("d/", expected.get(99_998), 1_000)).containsExactly(expected.get(99_999));
    }
}
