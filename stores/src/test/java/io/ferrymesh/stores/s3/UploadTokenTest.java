package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UploadTokenTest {

    private static final String BINDING = "A".repeat(43);

    @Test
    void a_token_says_what_it_was_made_of() {
        byte[] binding = new byte[32];
        Arrays.fill(binding, (byte) 0xee);
        for (int partSize : List.of(S3StoreOptions.SMALL_PARTS, S3StoreOptions.LARGE_PARTS)) {
            for (boolean checksums : List.of(true, false)) {
                var token = new UploadToken("0123456789abcdef", partSize, checksums, binding, "an id/with.é~+=");

                UploadToken read = UploadToken.parse(token.text()).orElseThrow();
                assertThat(read).usingRecursiveComparison().isEqualTo(token);
                assertThat(token.text()).matches("[!-~]+");
            }
        }
    }

    @Test
    void what_is_no_token_is_none() {
        String good = "s1.0123456789abcdef.SC." + BINDING + ".AAAA";
        assertThat(UploadToken.parse(good)).isPresent();
        for (String bad : List.of(
                "",
                good.substring(1),
                good + ".",
                good + "\n",
                good.replace("s1", "s2"),
                good.replace("abcdef", "ABCDEF"),
                good.replace(".SC.", ".SX."),
                good.replace(".SC.", ".MC."),
                good.replace(BINDING, BINDING.substring(1)),
                good.replace(BINDING, BINDING.substring(1) + "B"),
                good.replace(".AAAA", "."),
                good.replace(".AAAA", ".A"),
                good.replace(".AAAA", ".AB"),
                good.replace(".AAAA", ".__8"),
                good.replace(".AAAA", "." + "A".repeat(1_000)))) {
            assertThat(UploadToken.parse(bad)).as(bad).isEmpty();
        }
    }
}
