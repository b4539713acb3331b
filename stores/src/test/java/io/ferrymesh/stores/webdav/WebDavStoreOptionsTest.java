package io.ferrymesh.stores.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ferrymesh.stores.retry.RetryPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebDavStoreOptionsTest {

    private static final Optional<WebDavLogin> LOGIN = Optional.of(new WebDavLogin("anna", "secret"));

    @Test
    void a_base_gets_the_slash_of_a_collection() {
        assertThat(WebDavStoreOptions.of(URI.create("https://host/dav"), LOGIN).base())
                .isEqualTo(URI.create("https://host/dav/"));
        assertThat(WebDavStoreOptions.of(URI.create("https://host:8443/a%20b/"), LOGIN)
                        .base())
                .isEqualTo(URI.create("https://host:8443/a%20b/"));
        assertThat(WebDavStoreOptions.of(URI.create("https://host"), LOGIN).base())
                .isEqualTo(URI.create("https://host/"));
    }

    @Test
    void a_base_that_is_no_place_on_a_server_is_refused() {
        for (String base : List.of("ftp://host/", "/dav/", "file:///dav/", "https:///dav/")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WebDavStoreOptions.of(URI.create(base), Optional.empty()))
                    .withMessage("base must be an http or https URI with a host: " + base);
        }
        for (String base : List.of("https://anna:secret@host/", "https://host/?a", "https://host/#a")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WebDavStoreOptions.of(URI.create(base), Optional.empty()))
                    .withMessage("base must have no user, query or fragment: https://host/");
        }
    }

    @Test
    void a_password_goes_in_the_clear_to_this_machine_only() {
        for (String base : List.of("http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/")) {
            assertThat(WebDavStoreOptions.of(URI.create(base), LOGIN).base()).isEqualTo(URI.create(base));
        }
        for (String base : List.of("http://host/", "http://10.0.0.1/", "http://127.0.0.1.example.com/")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WebDavStoreOptions.of(URI.create(base), LOGIN))
                    .withMessage("base must be https, or a password would be sent in the clear: " + base);
            assertThat(WebDavStoreOptions.of(URI.create(base), Optional.empty()).base())
                    .isEqualTo(URI.create(base));
        }
    }

    @Test
    void a_login_shows_no_password() {
        assertThat(WebDavStoreOptions.of(URI.create("https://host/"), LOGIN).toString())
                .contains("anna")
                .doesNotContain("secret");
        assertThat(new WebDavLogin("anna", "secret").authorization()).isEqualTo("Basic YW5uYTpzZWNyZXQ=");
        assertThatIllegalArgumentException().isThrownBy(() -> new WebDavLogin("an:na", "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebDavLogin("anna", "x\r\n"))
                .withMessage("user and password must not hold control characters");
    }

    @Test
    void numbers_that_cannot_work_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(Duration.ZERO, 1, 16))
                .withMessage("answerTimeout must be > 0: PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(Duration.ofSeconds(1), 0, 16))
                .withMessage("maxConnections must be 1 to 1024: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(Duration.ofSeconds(1), 1, 15))
                .withMessage("listingEntries must be >= 16: 15");
        assertThat(with(Duration.ofSeconds(1), 1_024, 16).maxConnections()).isEqualTo(1_024);
    }

    private static WebDavStoreOptions with(Duration answerTimeout, int maxConnections, int listingEntries) {
        return new WebDavStoreOptions(
                URI.create("https://host/"),
                LOGIN,
                Duration.ofSeconds(1),
                answerTimeout,
                maxConnections,
                Path.of(System.getProperty("java.io.tmpdir")),
                listingEntries,
                RetryPolicy.DEFAULT);
    }
}
