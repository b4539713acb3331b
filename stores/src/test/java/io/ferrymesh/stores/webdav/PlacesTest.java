package io.ferrymesh.stores.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ferrymesh.stores.ObjectPath;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Places places = new Places(URI.create("https://host/d%20v/"));

    @Test
    void every_byte_of_a_path_comes_back() throws Exception {
        for (String path : List.of("a", "a/b", "%41", "a b+c", "?#&;=", "\n", "é/漢字", "😀", "...", "a\\b\"<>|")) {
            URI place = places.of(ObjectPath.of(path));

            assertThat(place.getRawPath()).startsWith("/d%20v/").matches("[A-Za-z0-9%/._~-]+");
            assertThat(new String(Places.pathOf(place), UTF_8)).isEqualTo("/d v/" + path);
        }
        assertThat(places.of(ObjectPath.of("a?b"))).isEqualTo(URI.create("https://host/d%20v/a%3Fb"));
        assertThat(places.ofCollection("a/b")).isEqualTo(URI.create("https://host/d%20v/a/b/"));
        assertThat(places.ofCollection("")).isEqualTo(URI.create("https://host/d%20v/"));
    }

    @Test
    void what_servers_write_is_understood() throws Exception {
        for (String href : List.of(
                "/d%20v/%c3%A9/",
                "/d%20v/é", "https://other:1/d%20v/%C3%A9//", " /d v/%c3%a9/\n", "http://x/d%20v/é")) {
            assertThat(new String(Places.pathOf(href), UTF_8)).isEqualTo("/d v/é");
        }
        assertThat(Places.pathOf("https://host")).isEmpty();
        assertThat(Places.pathOf("/%ff")).containsExactly('/', 0xff);
    }

    @Test
    void a_path_that_is_not_escaped_as_it_must_be_is_refused() {
        for (String href : List.of("/%", "/%4", "/%4g", "/%g4", "/%zz", "/%\uff14\uff11")) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Places.pathOf(href));
        }
    }
}
