package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class S3StoreOptionsTest {

    private static final S3StoreOptions OPTIONS = S3StoreOptions.of("eu-central-1", "people");
    private static final S3Credentials KEYS = new S3Credentials("id", "hidden");

    @Test
    void a_secret_is_not_printed() {
        assertThat(OPTIONS.withServer(URI.create("https://s3.example:9000"), KEYS)
                        .toString())
                .contains("accessKey=id, secretKey=***")
                .doesNotContain("hidden");
    }

    @Test
    void an_endpoint_is_a_server_without_a_path() {
        for (String wrong : new String[] {"ftp://a", "https:///x", "https://a/bucket", "a:9000"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OPTIONS.withServer(URI.create(wrong), KEYS))
                    .withMessage("endpoint must be http://host:port or https://host:port: " + wrong);
        }
        assertThat(OPTIONS.withServer(URI.create("http://127.0.0.1:9000/"), KEYS)
                        .pathStyle())
                .isTrue();
    }

    @Test
    void a_prefix_is_whole_parts() {
        for (String wrong : new String[] {
            "a",
            "/",
            "/a/",
            "a//b/",
            "../",
            "a/./",
            "x".repeat(250) + "/" + "x".repeat(250) + "/" + "x".repeat(20) + "/"
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OPTIONS.withPrefix(wrong))
                    .withMessage("prefix must be empty, or parts each followed by /, of at most 512 bytes: " + wrong);
        }
        assertThat(OPTIONS.withPrefix("a/b/").prefix()).isEqualTo("a/b/");
    }

    @Test
    void what_cannot_work_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3StoreOptions.of("Frankfurt am Main", "people"))
                .withMessage("region must be 1 to 64 of a-z, 0-9 and -: Frankfurt am Main");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3StoreOptions.of("eu-central-1", "a/b"))
                .withMessage("bucket must be 3 to 63 letters, digits, dots, _ and -: a/b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3StoreOptions(
                        Optional.empty(), "r", "people", "", false, Optional.empty(), 5 << 20, 8, true))
                .withMessage("partSize must be 8388608 or 16777216: 5242880");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3StoreOptions(
                        Optional.empty(), "r", "people", "", false, Optional.empty(), 8 << 20, 0, true))
                .withMessage("maxConnections must be 1 to 1000: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3Tuning.DEFAULT.withRequestTimeout(Duration.ZERO))
                .withMessage("requestTimeout must be > 0: PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3Tuning.DEFAULT.withListingPage(1_001))
                .withMessage("listingPage must be 1 to 1000: 1001");
    }
}
