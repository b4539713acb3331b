package io.ferrymesh.stores.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryListener;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listings as servers might give them. */
class S3ListingTest {

    private final FaultyProxy proxy;
    private final S3StoreOptions options;
    private final S3Store store;

    S3ListingTest() throws IOException, StoreException {
        proxy = new FaultyProxy(S3Server.get().port());
        options = S3Server.get()
                .newBucket()
                .withServer(proxy.endpoint(), S3Server.CREDENTIALS)
                .withPrefix("p/");
        store = S3Store.open(options, S3Tuning.DEFAULT.withServerTimes(true), RetryListener.NONE);
    }

    @BeforeEach
    void nothingPlanned() {
        assertThat(proxy.isDone()).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        proxy.close();
    }

    @Test
    void keys_that_are_no_paths_are_skipped() throws Exception {
        page(false, "p/a//b", "p/a/../c", "p/" + "x".repeat(256), "p/d/", "p/e", "p//f");

        assertThat(listed(""))
                .containsExactly(
                        "skipped /f", "skipped a/../c", "skipped a//b", "d/", "e", "skipped " + "x".repeat(256));
    }

    @Test
    void a_directory_with_something_in_it_is_none_across_pages_too() throws Exception {
        page(true, "p/a/", "p/b/");
        page(true, "p/b/c");
        page(false, "p/d/");

        assertThat(listed("")).containsExactly("a/", "b/c", "d/");
    }

    @Test
    void another_order_is_put_right_within_a_page_and_refused_across_pages() throws Exception {
        page(false, "p/😀", "p/～");
        assertThat(listed("")).containsExactly("～", "😀");

        page(true, "p/b");
        page(false, "p/a");
        assertThatThrownBy(() -> listed("")).hasMessage("listing: the server does not list in the order of bytes");
    }

    @Test
    void a_hundred_thousand_objects_come_in_order() throws Exception {
        List<String> expected = IntStream.range(0, 100_000)
                .mapToObj(i -> String.format(Locale.ROOT, "d/%06x", i))
                .toList();
        for (int from = 0; from < expected.size(); from += 1_000) {
            page(
                    from < 99_000,
                    expected.subList(from, from + 1_000).stream()
                            .map(name -> "p/" + name)
                            .toArray(String[]::new));
        }

        assertThat(listed("d/")).isEqualTo(expected);
        assertThat(proxy.isDone()).isTrue();
    }

    @Test
    void keys_outside_the_prefix_are_not_ours() throws Exception {
        page(false, "outside", "p/x/a", "p/y", "q/a");

        assertThat(listed("x/")).containsExactly("x/a");
    }

    @Test
    void no_request_is_made_for_a_prefix_that_no_path_has() throws Exception {
        int before = proxy.seen("GET").size();
        assertThat(listed("../")).isEmpty();
        assertThat(listed("a//")).isEmpty();
        assertThat(proxy.seen("GET")).hasSize(before);
    }

    @Test
    void a_document_cut_short_is_asked_for_again() throws Exception {
        proxy.next("GET", new FaultyProxy.Fault.Document("<ListBucketResult><Contents><Key>p/a"));
        page(false, "p/a");

        assertThat(listed("")).containsExactly("a");
    }

    @Test
    void sizes_are_listed_without_asking_for_each_object() throws Exception {
        try (S3Store usual = S3Store.open(options)) {
            int before = proxy.seen("HEAD").size();
            page(true, "p/users/7/a", "p/users/7/b");
            page(false, "p/users/7/c/");

            assertThat(listed(new ScopedStore(usual, "users/7").listSizes(""))).containsExactly("a", "b", "c/");

            assertThat(proxy.seen("HEAD")).hasSize(before);
        }
    }

    @Test
    void an_answer_that_does_not_say_whether_there_is_more_is_not_the_end() throws Exception {
        String start = "<?xml version=\"1.0\"?><ListBucketResult><Contents><Key>p/a</Key><LastModified>"
                + "2026-01-02T03:04:05.000Z</LastModified><Size>0</Size></Contents>";
        proxy.next("GET", new FaultyProxy.Fault.Document(start + "</ListBucketResult>"));
        assertThatThrownBy(() -> listed("")).hasMessageContaining("does not say whether");

        proxy.next("GET", new FaultyProxy.Fault.Document(start + "<IsTruncated>true</IsTruncated></ListBucketResult>"));
        assertThatThrownBy(() -> listed("")).hasMessageContaining("does not say whether");
    }

    private void page(boolean more, String... keys) {
        var xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult><EncodingType>url</EncodingType>");
        for (String key : keys) {
            xml.append("<Contents><Key>")
                    .append(URLEncoder.encode(key, UTF_8))
                    .append("</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><Size>0</Size></Contents>");
        }
        xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
        if (more) {
            xml.append("<NextContinuationToken>next</NextContinuationToken>");
        }
        proxy.next("GET", new FaultyProxy.Fault.Document(xml + "</ListBucketResult>"));
    }

    private List<String> listed(String prefix) throws StoreException {
        return listed(store.list(prefix));
    }

    private static List<String> listed(ObjectListing of) throws StoreException {
        var all = new ArrayList<String>();
        try (ObjectListing listing = of) {
            for (List<ListingEntry> page = listing.next(777); !page.isEmpty(); page = listing.next(777)) {
                for (ListingEntry entry : page) {
                    all.add(
                            entry instanceof ObjectInfo info
                                    ? info.path().toString()
                                    : "skipped " + ((Skipped) entry).name());
                }
            }
        }
        return all;
    }
}
