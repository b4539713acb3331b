package io.ferrymesh.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObjectMetadataTest {

    @Test
    void metadata_is_a_copy_that_nobody_changes() {
        var user = new TreeMap<String, String>();
        user.put("a", "b");
        var metadata = new ObjectMetadata(Optional.of("text/plain"), user);

        user.put("c", "d");

        assertThat(metadata.user()).containsOnlyKeys("a");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> metadata.user().put("c", "d"));
        assertThat(metadata.isEmpty()).isFalse();
        assertThat(ObjectMetadata.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void keys_that_cannot_stand_in_a_header_are_refused() {
        for (String key : List.of("", "A", "a_b", "a b", "é", "a:", "a".repeat(65), "a\n")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of(key, "x"))
                    .withMessage("a metadata key has 1 to 64 of a-z, 0-9 and -, unlike " + key);
        }
    }

    @Test
    void text_that_a_header_would_change_is_refused() {
        for (String text : List.of("", " ", " a", "a ", "a\r\nb", "a\tb", "é", "\u007f", "x".repeat(1_025))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of("key", text))
                    .withMessage(
                            "metadata key must be 1 to 1024 printable ASCII characters without a space at either end");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ObjectMetadata(Optional.of(text), new TreeMap<>()))
                    .withMessageStartingWith("contentType must be 1 to 255");
        }
    }

    @Test
    void there_is_a_bound_to_all_of_it() {
        var many = new TreeMap<String, String>();
        for (int i = 0; i < 33; i++) {
            many.put("k" + i, "v");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ObjectMetadata(Optional.empty(), many))
                .withMessage("metadata has at most 32 keys, not 33");

        var large = new TreeMap<String, String>();
        large.put("a", "x".repeat(1_023));
        large.put("b", "x".repeat(1_023));
        assertThat(new ObjectMetadata(Optional.empty(), large).user()).hasSize(2);
        large.put("c", "x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ObjectMetadata(Optional.empty(), large))
                .withMessage("metadata has at most 2048 characters in all, not 2050");
    }

    @Test
    void an_etag_can_stand_in_a_header() {
        var info = new ObjectInfo(ObjectPath.of("a"), 0, Instant.EPOCH);
        assertThat(new ObjectDetails(info, "x".repeat(128), ObjectMetadata.EMPTY).etag())
                .hasSize(128);
        for (String etag : List.of("", "x".repeat(129), "a b", "a\"", "é", "\n")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ObjectDetails(info, etag, ObjectMetadata.EMPTY));
        }
    }

    private static ObjectMetadata of(String key, String value) {
        var user = new TreeMap<String, String>();
        user.put(key, value);
        return new ObjectMetadata(Optional.empty(), user);
    }
}
